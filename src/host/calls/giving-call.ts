import type { HandleTable } from "../grants/handle-table.ts";
import type { PendingCall } from "../instance/call-window.ts";
import type { EncodedArguments } from "./call-arguments.ts";

/** A call before its arguments are encoded. */
interface Unencoded extends Omit<PendingCall, keyof EncodedArguments | "resolve"> {
  /** @returns whether the result could be decoded. */
  resolve(result: Uint8Array, isOwned: boolean): boolean;
}

/** Makes a call that gives the guest objects of the page, which it keeps if the call resolves. */
export function givingCall(
  handles: HandleTable,
  call: Unencoded,
  encode: () => EncodedArguments,
): PendingCall {
  const { message: encoded, given } = handles.giveArguments(encode);
  return {
    ...call,
    ...encoded,
    resolve: (result, isOwned) => {
      const isResolved = call.resolve(result, isOwned);
      handles.settle(given, isResolved);
    },
    reject: (reason) => {
      handles.settle(given, false);
      call.reject(reason);
    },
  };
}
