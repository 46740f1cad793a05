/** Calls of guest functions: encode, queue, run within bounds, decode. */

import type { AnyCodec, Codec, ValueOf } from "../../codec/codec.ts";
import { decode, type Encoder } from "../../codec/message.ts";
import { t } from "../../codec/t.ts";
import type { Limits } from "../../limits.ts";
import type { Interruption } from "../../rewrite/form.ts";
import { limitError } from "../../wording/limit-error.ts";
import type { InputsOf } from "../grants/host-function.ts";
import { checkTimeout } from "../instance/bounded-run.ts";
import { closedError } from "../instance/close-reason.ts";
import type { Supervisor } from "../instance/supervisor.ts";
import type { CallQueue } from "./call-queue.ts";

export interface CallOptions {
  /**
   * Ends the wait: the call rejects with the signal's reason. A call that already runs takes the
   * plugin with it; one that still waits in the queue does not.
   */
  readonly signal?: AbortSignal;
  /**
   * How long the call may run, in milliseconds, counted from when the guest gets it. Past that it
   * rejects with a `PluginTimeoutError` and the plugin is terminated. Default: `limits.callMs`.
   */
  readonly timeoutMs?: number;
}

/** A function of a guest, as the page calls it. */
export interface GuestFunction<Args extends readonly unknown[], Result> {
  (...args: Args): Promise<Result>;
  /**
   * The same function, with a signal or a time of its own for the calls made through it.
   *
   * @throws {TypeError} when `timeoutMs` is not a number from 0.
   */
  with(options: CallOptions): (...args: Args) => Promise<Result>;
}

/** What calls need of the plugin that they belong to. */
export interface CallContext {
  readonly supervisor: Supervisor;
  readonly queue: CallQueue;
  readonly encoder: Encoder;
  readonly limits: Limits;
  readonly interruption: Interruption;
  /** What all calls so far have come to; kept up to date. */
  readonly totals: CallTotals;
}

export interface CallTotals {
  /** Whether output of any call was dropped. */
  readonly truncated: { readonly stdout: boolean; readonly stderr: boolean };
  /** Units of fuel. */
  readonly fuelUsed: number;
}

/** Makes a guest function of an export that is known to be there. */
export function createGuestFunction<
  const Params extends readonly AnyCodec[],
  Result extends AnyCodec,
>(
  context: CallContext,
  name: string,
  params: Params,
  result: Result,
): GuestFunction<InputsOf<Params>, ValueOf<Result>> {
  const args: Codec<unknown, never> = t.tuple(...params);
  const withOptions =
    (options: CallOptions) =>
    async (...values: InputsOf<Params>): Promise<ValueOf<Result>> => {
      const { supervisor, queue, encoder, limits } = context;
      options.signal?.throwIfAborted();
      const reason =
        supervisor.reason ?? (queue.isClosed ? { kind: "closed" as const } : undefined);
      if (reason !== undefined) throw closedError(supervisor.pluginName, reason);
      checkQueue(context);
      // Encoded at once: the caller may change its values as soon as it has the promise.
      const bytes = encoder.encode(args, values as never);
      const run = () => runCall(context, name, bytes, options);
      const answer = await queue.run(run, options.signal);
      return decode(result, answer, limits, { owned: true }) as ValueOf<Result>;
    };
  const checkedWith = (options: CallOptions) => {
    checkTimeout(options.timeoutMs);
    return withOptions(options);
  };
  return Object.assign(withOptions({}), { with: checkedWith });
}

function checkQueue({ queue, limits, supervisor: { pluginName } }: CallContext): void {
  const value = queue.waiting + 1;
  const allowed = limits.queuedCalls;
  if (value <= allowed) return;
  throw limitError(pluginName, { limit: "queuedCalls", value, allowed });
}

/** Runs one call on the instance, until it is answered, aborted, out of time, or the instance is gone. */
async function runCall(
  { supervisor, limits }: CallContext,
  name: string,
  args: Uint8Array,
  { signal, timeoutMs = limits.callMs }: CallOptions,
): Promise<Uint8Array> {
  const up = supervisor.isolate();
  const isolate = up instanceof Promise ? await abortable(up, signal) : up;
  return isolate.call({ name, args, timeoutMs }, signal);
}

/** A wait that also ends when a signal aborts. */
async function abortable<T>(wait: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return wait;
  let onAbort = () => {};
  const aborted = new Promise<never>((_, reject) => {
    onAbort = () => reject(signal.reason);
    signal.addEventListener("abort", onAbort, { once: true });
  });
  try {
    return await Promise.race([wait, aborted]);
  } finally {
    signal.removeEventListener("abort", onAbort);
  }
}
