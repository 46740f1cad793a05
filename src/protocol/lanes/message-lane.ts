/** The lane of messages: the calls of one task in few messages, and the replies gathered likewise. */

import type { FileChanges } from "../../files/changes/file-changes.ts";
import { changeTransfer } from "../file-changes.ts";
import { toWireError, type WireError } from "../wire-error.ts";
import { type CallBatch, MAX_CALLS_IN_FLIGHT, REPLY, type ReplyBatch } from "./call-batches.ts";
import { FrameWriter, readFrames } from "./call-frames.ts";
import type { CallLane, CallReply, CallService, GuestCall, ServedCall } from "./call-lane.ts";

type Post = (message: object, transfer: Transferable[]) => void;

/** Calls are posted when there are so many, or else at the end of the task. */
const POSTED_CALLS = 128;

/** The page's end. */
export class MessageLane implements CallLane {
  /** Nothing tells of it but a reply. */
  readonly begun = -1;
  readonly #post: Post;
  readonly #onReplies: (replies: readonly CallReply[]) => void;
  readonly #writer: FrameWriter = new FrameWriter();

  constructor(post: Post, onReplies: (replies: readonly CallReply[]) => void) {
    this.#post = post;
    this.#onReplies = onReplies;
  }

  hasRoomFor(): boolean {
    return true;
  }

  send({ index, args, bufferBytes, timeoutMs }: GuestCall, isNext: boolean): void {
    if (this.#writer.count === 0) queueMicrotask(() => this.flush());
    this.#writer.add(index, timeoutMs, args, bufferBytes, !isNext);
    // The worker begins while the page still makes calls.
    if (this.#writer.count >= POSTED_CALLS) this.flush();
  }

  flush(): void {
    if (this.#writer.count === 0) return;
    const { frames: calls, separate, transfer } = this.#writer.take();
    const batch: CallBatch = separate.length === 0 ? { calls } : { calls, separate };
    this.#post(batch, transfer);
  }

  settle(replies: readonly CallReply[]): void {
    this.#onReplies(replies);
  }

  drain(): void {}
  announce(): void {}
  close(): void {}
}

/** Replies are posted when there are so many, */
const GATHERED_REPLIES = 128;

/** or so many bytes of them, */
const GATHERED_BYTES: number = 64 * 1024;

/** or when the first has waited so long: a caller notices no more. */
const GATHER_MS = 1;

/** After this time the worker handles other messages between two calls. */
const YIELD_AFTER_MS = 4;

/** What the worker's end works with. */
export interface ServedLaneOptions extends CallService {
  readonly post: Post;
  /** The fuel that the guest has used, where that is limited. */
  readonly fuelUsed: () => number;
  /**
   * Whether something always comes by while the guest runs, and calls {@link ServedMessageLane.flushWhenDue}.
   * Else each reply is posted at once: the next call may take for ever.
   */
  readonly mayGather: () => boolean;
}

/** The worker's end. */
export class ServedMessageLane {
  readonly #options: ServedLaneOptions;
  readonly #writer: FrameWriter = new FrameWriter();
  #calls: ServedCall[] = [];
  /** The place in {@link #calls} of the next one. */
  #next = 0;
  #isBusy = false;
  #thrown: WireError[] = [];
  #changes: FileChanges | undefined;
  #gatheredSinceMs = 0;

  constructor(options: ServedLaneOptions) {
    this.#options = options;
  }

  /** Takes calls, which are run after all that came before. */
  receive({ calls, separate = [] }: CallBatch): void {
    const frames = readFrames(calls, separate);
    // The page is trusted.
    for (const { head: index, amount: timeoutMs, payload: args, isSeparate } of frames ?? []) {
      this.#calls.push({ index, args, timeoutMs, isOwned: isSeparate });
    }
    if (!this.#isBusy) void this.#runAll();
  }

  /** Posts all replies that are gathered. Comes before all else that the worker posts while it runs calls. */
  flush(): void {
    if (this.#writer.count === 0) return;
    const { frames: replies, separate, transfer } = this.#writer.take();
    const batch: ReplyBatch = {
      replies,
      ...(separate.length > 0 && { separate }),
      ...(this.#thrown.length > 0 && { thrown: this.#thrown }),
      ...(this.#changes !== undefined && { changes: this.#changes }),
    };
    if (this.#changes !== undefined) transfer.push(...changeTransfer(this.#changes));
    this.#thrown = [];
    this.#changes = undefined;
    this.#options.post(batch, transfer);
  }

  /** Posts them if the first has waited long enough. */
  flushWhenDue(): void {
    if (this.#writer.count === 0) return;
    if (this.#options.nowMs() - this.#gatheredSinceMs >= GATHER_MS) this.flush();
  }

  async #runAll(): Promise<void> {
    const { onCall, isFatal, nowMs, nextTask } = this.#options;
    this.#isBusy = true;
    let yieldedMs = nowMs();
    while (this.#next < this.#calls.length) {
      const call = this.#calls[this.#next++] as ServedCall;
      // A busy worker's list would grow for ever.
      if (this.#next > MAX_CALLS_IN_FLIGHT) this.#forgetDone();
      try {
        const called = onCall(call);
        const result = called instanceof Promise ? await called : called;
        this.reply(result, call.isOwned ? result.buffer.byteLength : result.length);
      } catch (thrown) {
        this.replyThrown(thrown);
        // The page ends this worker, and gives what is left to another.
        if (isFatal(thrown)) this.#calls = [];
      }
      if (nowMs() - yieldedMs > YIELD_AFTER_MS) {
        this.flush();
        await nextTask();
        yieldedMs = nowMs();
      }
    }
    this.flush();
    this.#calls = [];
    this.#next = 0;
    this.#isBusy = false;
  }

  /**
   * @param result Given up.
   * @param bufferBytes The size of its buffer, which it has for itself.
   * @param changes What has changed in files since the last reply.
   */
  reply(result: Uint8Array, bufferBytes: number, changes?: FileChanges): void {
    this.#add(REPLY.result, result, bufferBytes, changes);
  }

  replyThrown(thrown: unknown): void {
    this.#thrown.push(toWireError(thrown));
    this.#add(REPLY.thrown, NOTHING, 0);
  }

  #forgetDone(): void {
    this.#calls = this.#calls.slice(this.#next);
    this.#next = 0;
  }

  #add(kind: number, payload: Uint8Array, bufferBytes: number, changes?: FileChanges): void {
    const { fuelUsed, mayGather, nowMs, takeChanges } = this.#options;
    if (this.#writer.count === 0) this.#gatheredSinceMs = nowMs();
    this.#writer.add(kind, fuelUsed(), payload, bufferBytes);
    this.#changes = changes ?? takeChanges();
    const isEnough =
      this.#writer.count >= GATHERED_REPLIES || this.#writer.length >= GATHERED_BYTES;
    // Changes are those after the last of the replies that they go with.
    if (isEnough || this.#changes !== undefined || !mayGather()) this.flush();
    else this.flushWhenDue();
  }
}

const NOTHING = new Uint8Array();
