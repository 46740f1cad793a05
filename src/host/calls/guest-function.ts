/** Calls of guest functions: encodes arguments, queues and runs the call, decodes the result. */

import { checkCodec, checkCodecs } from "../../codec/check-codec.ts";
import type { AnyCodec, Codec, ValueOf } from "../../codec/codec.ts";
import { t } from "../../codec/t.ts";
import { CodecError } from "../../errors.ts";
import { holdsResources } from "../../schema/holds-resources.ts";
import { printType } from "../../schema/print-type.ts";
import { callOf } from "../../wording/guest-run.ts";
import { limitError } from "../../wording/limit-error.ts";
import { CallWatch } from "../events/call-watch.ts";
import { closedError } from "../events/close-reason.ts";
import type { EventHub } from "../events/event-hub.ts";
import type { InputsOf } from "../grants/host-function.ts";
import type { Supervisor } from "../instance/supervisor.ts";
import { type EncodedArguments, encodeArguments, type MessageMeans } from "./call-arguments.ts";
import { type CallOptions, type CheckedCallOptions, checkCallOptions } from "./call-options.ts";
import type { CallQueue } from "./call-queue.ts";
import { type DecodedCall, givingCall } from "./giving-call.ts";

/** A function of a guest, as the page calls it. */
export interface GuestFunction<Args extends readonly unknown[], Result> {
  (...args: Args): Promise<Result>;
  /**
   * Returns the same function with options for the calls made through it. It can be given further
   * options in turn; a later option replaces an earlier one.
   *
   * @throws {TypeError} for invalid options.
   */
  with(options: CallOptions<Result>): GuestFunction<Args, Result>;
}

/** What calls need of the plugin that they belong to. */
export interface CallTarget extends MessageMeans {
  readonly supervisor: Pick<Supervisor, "pluginName" | "reason">;
  readonly queue: Pick<CallQueue, "add" | "isClosed" | "waiting">;
  readonly events: Pick<EventHub, "hearsCalls">;
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
  const parameters = { codec: args, only: params.length === 1 ? params[0] : undefined };
  const encode = (values: readonly unknown[], { transfer, out }: CheckedCallOptions) => {
    if (values.length !== params.length) {
      throw argumentsError(target.supervisor.pluginName, name, values.length, params);
    }
    try {
      return encodeArguments(target, parameters, values, { transfer, out });
    } catch (error) {
      throw inCall(error, name, target.supervisor.pluginName);
    }
  };
  // At the first call, as t.lazy makes its codec then.
  let isGiving: boolean | undefined;
  const callable = (options: CheckedCallOptions): Callable => {
    const call = (...values: InputsOf<Params>): Promise<ValueOf<Result>> =>
      new Promise((resolveCall, rejectCall) => {
        const { supervisor, queue, decoder, limits, staging: pool, handles, events } = target;
        const { signal, timeoutMs = limits.callMs, out } = options;
        signal?.throwIfAborted();
        const reason =
          supervisor.reason ?? (queue.isClosed ? { kind: "closed" as const } : undefined);
        if (reason !== undefined) throw closedError(supervisor.pluginName, reason);
        checkQueue(target);
        const watch = events.hearsCalls ? new CallWatch(name, values) : undefined;
        const resolve = watch === undefined ? resolveCall : watch.resolving(resolveCall);
        const reject = watch === undefined ? rejectCall : watch.rejecting(rejectCall);
        const resolveWith = (bytes: Uint8Array, isOwned: boolean) => {
          try {
            const decoded = decoder.decode(result, bytes, { owned: isOwned, out, pool });
            resolve(decoded as ValueOf<Result>);
            return true;
          } catch (error) {
            reject(inCall(error, name, supervisor.pluginName));
            return false;
          }
        };
        // In one literal: V8 gives an object that others are spread into a new shape for each call.
        const pendingCall = ({ args, bufferBytes }: EncodedArguments): DecodedCall => ({
          name,
          index,
          args,
          bufferBytes,
          timeoutMs,
          signal,
          watch,
          resolve: resolveWith,
          reject,
        });
        isGiving ??= holdsResources(args.type);
        // Encoded at once: the caller may change its values as soon as it has the promise.
        queue.add(
          isGiving && handles !== undefined
            ? givingCall(handles, () => pendingCall(encode(values, options)))
            : pendingCall(encode(values, options)),
        );
      });
    return Object.assign(call, {
      with: (further: CallOptions<ValueOf<Result>>) =>
        callable({ ...options, ...checkCallOptions(further, result) }),
    });
  };
  return callable({});
}

/** An error of a codec with the call that it comes from; any other error as it is. */
function inCall(error: unknown, name: string, pluginName: string): unknown {
  if (!(error instanceof CodecError)) return error;
  const message = `${callOf(name)} of plugin "${pluginName}": ${error.message}`;
  const { path, byteOffset } = error;
  const cause = "cause" in error ? { cause: error.cause } : {};
  return new CodecError(message, { path, byteOffset, ...cause });
}

function argumentsError(
  pluginName: string,
  name: string,
  count: number,
  params: readonly AnyCodec[],
): CodecError {
  const types = params.map(({ type }) => printType(type)).join(", ");
  const allowed = params.length === 0 ? "0" : `${params.length}: ${types}`;
  const given = `${count} ${count === 1 ? "argument" : "arguments"} given`;
  const message = `${callOf(name)} of plugin "${pluginName}": ${given} (must be ${allowed})`;
  return new CodecError(message, { path: "$", byteOffset: 0 });
}

function checkQueue({ queue, limits, supervisor: { pluginName } }: CallTarget): void {
  const value = queue.waiting + 1;
  const allowed = limits.queuedCalls;
  if (value <= allowed) return;
  throw limitError(pluginName, { limit: "queuedCalls", value, allowed });
}
