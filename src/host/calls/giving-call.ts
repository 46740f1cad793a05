import type { HandleTable } from "../grants/handle-table.ts";
import type { PendingCall } from "../instance/call-window.ts";

/** A call before its arguments are encoded. */
interface Unencoded extends Omit<PendingCall, "args" | "resolve"> {
  /** @returns whether the result could be decoded. */
  resolve(result: Uint8Array, isOwned: boolean): boolean;
}

/** Makes a call that gives the guest objects of the page, which it keeps if the call resolves. */
export function givingCall(
  handles: HandleTable,
  call: Unencoded,
  encode: () => Uint8Array,
): PendingCall {
  const { message, given } = handles.giveArguments(encode);
  return {
    ...call,
    args: message,
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
