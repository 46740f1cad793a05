/** The options of calls, and what they are checked for. */

import type { AnyCodec } from "../../codec/codec.ts";
import type { TypedArray } from "../../codec/typed-array.ts";
import { isTypedArray } from "../../codec/types/typed-arrays.ts";
import { invalid, invalidValue } from "../../wording/invalid-value.ts";
import { checkAmount, checkFlag, checkSignal } from "../grants/checks.ts";
import { type Check, type Checked, readOptions } from "../grants/read-options.ts";

/** Options of the calls of a function whose result is a `Result`. */
export interface CallOptions<Result = unknown> {
  /**
   * Aborts the call, which rejects with the signal's reason. Aborting a call that runs terminates the
   * plugin; aborting one that waits in the queue does not.
   */
  readonly signal?: AbortSignal;
  /**
   * How long the call may run, in milliseconds from when the guest gets it. After that it rejects with
   * a `PluginTimeoutError` and the plugin is terminated. Default: `limits.callMs`.
   */
  readonly timeoutMs?: number;
  /**
   * A typed array that the result is written into, for functions whose result is a typed array of this
   * type. The call resolves with this array, or with a view of its beginning where the result is shorter.
   * It rejects with a `RangeError` when the result is longer, after the guest has run.
   * Default: each result is a new array.
   */
  readonly out?: Result extends ArrayBufferView ? Result : never;
  /**
   * Whether arguments that are typed arrays are given up: their buffers are detached, and the result may
   * come back in one of them. Default: `false`, the caller keeps its arrays.
   */
  readonly transfer?: boolean;
}

/** Options that have been checked. */
export interface CheckedCallOptions {
  readonly signal?: AbortSignal | undefined;
  readonly timeoutMs?: number | undefined;
  readonly out?: TypedArray | undefined;
  readonly transfer?: boolean | undefined;
}

/** @throws {TypeError} for invalid options of a function with this result. */
export function checkCallOptions(options: unknown, result: AnyCodec): CheckedCallOptions {
  const checks = {
    signal: checkSignal,
    timeoutMs: checkAmount,
    out: outCheck(result),
    transfer: checkFlag,
  };
  const checked: Checked<typeof checks> = readOptions(options, checks);
  return checked;
}

function outCheck({ array: kind }: AnyCodec): Check<TypedArray> {
  return (value, place) => {
    if (kind === undefined) throw invalid(place, "the function's result is no typed array");
    if (isTypedArray(value, kind)) return value;
    throw invalidValue(place, value, `a ${kind.name}, as the result is`);
  };
}
