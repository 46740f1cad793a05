/** Calls of guest functions: encodes arguments, queues and runs the call, decodes the result. */

import { checkCodec, checkCodecs } from "../../codec/check-codec.ts";
import type { AnyCodec, Codec, ValueOf } from "../../codec/codec.ts";
import type { Decoder, Encoder } from "../../codec/message.ts";
import { t } from "../../codec/t.ts";
import type { Limits } from "../../limits.ts";
import { limitError } from "../../wording/limit-error.ts";
import { checkAmount, checkSignal } from "../grants/checks.ts";
import type { InputsOf } from "../grants/host-function.ts";
import { type Checked, readOptions } from "../grants/read-options.ts";
import { closedError } from "../instance/close-reason.ts";
import type { Supervisor } from "../instance/supervisor.ts";
import type { CallQueue } from "./call-queue.ts";

export interface CallOptions {
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
}

const CALL_OPTION_CHECKS = { signal: checkSignal, timeoutMs: checkAmount };

type CheckedOptions = Partial<Checked<typeof CALL_OPTION_CHECKS>>;

/** A function of a guest, as the page calls it. */
export interface GuestFunction<Args extends readonly unknown[], Result> {
  (...args: Args): Promise<Result>;
  /**
   * Returns the same function with a signal or a time limit for the calls made through it. It can be
   * given further options in turn; a later option replaces an earlier one.
   *
   * @throws {TypeError} for invalid options.
   */
  with(options: CallOptions): GuestFunction<Args, Result>;
}

/** What calls need of the plugin that they belong to. */
export interface CallTarget {
  readonly supervisor: Pick<Supervisor, "pluginName" | "reason">;
  readonly queue: Pick<CallQueue, "add" | "isClosed" | "waiting">;
  readonly encoder: Encoder;
  readonly decoder: Decoder;
  readonly limits: Limits;
}

/** Creates the guest function of an existing export, which is number `index` of them. */
export function createGuestFunction<
  const Params extends readonly AnyCodec[],
  Result extends AnyCodec,
>(
  target: CallTarget,
  name: string,
  index: number,
  params: Params,
  result: Result,
): GuestFunction<InputsOf<Params>, ValueOf<Result>> {
  type Callable = GuestFunction<InputsOf<Params>, ValueOf<Result>>;
  const args: Codec<unknown, never> = t.tuple(...checkCodecs(params, "params"));
  checkCodec(result, "result");
  const callable = (options: CheckedOptions): Callable => {
    const call = (...values: InputsOf<Params>): Promise<ValueOf<Result>> =>
      new Promise((resolve, reject) => {
        const { supervisor, queue, encoder, decoder, limits } = target;
        const { signal, timeoutMs = limits.callMs } = options;
        signal?.throwIfAborted();
        const reason =
          supervisor.reason ?? (queue.isClosed ? { kind: "closed" as const } : undefined);
        if (reason !== undefined) throw closedError(supervisor.pluginName, reason);
        checkQueue(target);
        queue.add({
          name,
          index,
          // Encoded at once: the caller may change its values as soon as it has the promise.
          args: encoder.encode(args, values as never),
          timeoutMs,
          signal,
          resolve: (bytes, isOwned) => {
            try {
              resolve(decoder.decode(result, bytes, { owned: isOwned }) as ValueOf<Result>);
            } catch (error) {
              reject(error);
            }
          },
          reject,
        });
      });
    return Object.assign(call, {
      with: (further: CallOptions) => {
        const checked = readOptions(further, CALL_OPTION_CHECKS);
        return callable({ ...options, ...checked });
      },
    });
  };
  return callable({});
}

function checkQueue({ queue, limits, supervisor: { pluginName } }: CallTarget): void {
  const value = queue.waiting + 1;
  const allowed = limits.queuedCalls;
  if (value <= allowed) return;
  throw limitError(pluginName, { limit: "queuedCalls", value, allowed });
}
