import type { HandleTable } from "../grants/handle-table.ts";
import type { PendingCall } from "../instance/call-window.ts";

/** A call whose result is decoded. */
export interface DecodedCall extends PendingCall {
  /** @returns whether the result could be decoded. */
  resolve(result: Uint8Array, isOwned: boolean): boolean;
}

/**
 * Makes a call that gives the guest objects of the page, which it keeps if the call resolves.
 *
 * @param create Encodes the arguments, and makes the call with them.
 */
export function givingCall(handles: HandleTable, create: () => DecodedCall): PendingCall {
  const { message: call, given } = handles.giveArguments(create);
  return {
    ...call,
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
