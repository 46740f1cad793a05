/**
 * The way that calls of guest functions travel between page and worker. `host` and `worker` use only
 * this; the lanes differ in what carries the frames of `call-frames.ts`.
 */

import type { FileChanges } from "../../files/changes/file-changes.ts";
import type { WireError } from "../wire-error.ts";

/** A call on its way. */
export interface GuestCall {
  /** The function, by its place among `StartModule.functions`. */
  readonly index: number;
  /** Encoded arguments, in a buffer of their own. */
  readonly args: Uint8Array;
  /** Bytes of that buffer, which may be longer than they are. */
  readonly bufferBytes: number;
  /**
   * How long it may run, in milliseconds. The page interrupts it then; a worker that counts its
   * guest's fuel stops it also where the page cannot.
   */
  readonly timeoutMs: number;
}

/** What has become of a call. */
export interface CallReply {
  /** The encoded result, or what the worker raised. */
  readonly end:
    | {
        readonly result: Uint8Array;
        /** Whether the result has its buffer for itself, so that values may be views of it. */
        readonly isOwned: boolean;
      }
    | { readonly thrown: WireError };
  /** The fuel that the guest has used since it started, where that is limited; 0 elsewhere. */
  readonly fuelUsed: number;
}

/** The page's end. Replies come back through the page's guard, in the order of the calls. */
export interface CallLane {
  /** Whether a call can be sent now, while others have no reply. */
  hasRoomFor(call: GuestCall, inFlight: number): boolean;
  /**
   * Sends a call, with all others that are sent in the same task.
   *
   * @param isNext Whether the worker has no other, so that nobody needs the arguments again.
   */
  send(call: GuestCall, isNext: boolean): void;
  /** Sends them now, before another message. */
  flush(): void;
  /** Takes the replies that have come without a message. */
  drain(): void;
  /** Takes replies that have come by message, and passes them on in the order of the calls. */
  settle(replies: readonly CallReply[]): void;
  /** Told before a message is posted to the worker: how many there are now. */
  announce(messages: number): void;
  /** The last run of the guest that is known to have begun; -1 for none. */
  readonly begun: number;
  /** The worker is gone, or about to be. */
  close(): void;
}

/** A call that has arrived. */
export interface ServedCall extends Omit<GuestCall, "bufferBytes"> {
  /** Whether the arguments have their buffer for themselves, so that the result may be written into it. */
  readonly isOwned: boolean;
}

/** The worker's end hands it each call that arrives, one after the other. */
export type CallHandler = (call: ServedCall) => Uint8Array | Promise<Uint8Array>;

/** What the worker's ends of all lanes work with. */
export interface CallService {
  readonly onCall: CallHandler;
  /** Whether nothing can be called any more, after what a call has thrown. */
  readonly isFatal: (thrown: unknown) => boolean;
  /** What has changed in files since the last reply. */
  readonly takeChanges: () => FileChanges | undefined;
  readonly nowMs: () => number;
  /** Resolves in a task of its own, when the messages that have arrived so far are handled. */
  readonly nextTask: () => Promise<void>;
}
