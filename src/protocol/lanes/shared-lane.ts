/**
 * The lane of shared memory: the worker waits at a ring of calls, and the page hears of replies without
 * a message. Small calls and plain results go so; all else goes by message, in its place in the order.
 */

import type { Limits } from "../../limits.ts";
import { Lookout } from "../look.ts";
import type { RingCall } from "./call-batches.ts";
import { isLarge } from "./call-frames.ts";
import type { CallLane, CallReply, GuestCall } from "./call-lane.ts";
import { type CallMemory, FENCE, FENCE_BYTES, pageView, WORD, WORKER } from "./call-memory.ts";
import type { MessageLane } from "./message-lane.ts";
import type { RingReader, RingWriter } from "./shared-ring.ts";

/** What the head of a frame says in the ring of replies. */
export const SHARED_REPLY = { result: 0, byMessage: 1 } as const;

/** The room that a fence takes, which a call may need besides its own: see `call-memory.ts`. */
const MAX_FENCE_BYTES = 16;

/**
 * How often a worker may wake the page for nothing. One of this library does so at most once for each
 * reply that the page has found by itself; a hostile one could keep the page busy.
 */
const MAX_EMPTY_WAKES = 10_000;

/** The worker is shown calls when there are so many of them. */
const PUBLISHED_CALLS = 32;

/** How long the page looks for a reply before it waits: longer than a worker that waits takes to wake. */
const LOOK_MS = 0.1;

export interface SharedLaneOptions {
  readonly memory: CallMemory;
  /** Carries calls that are too large. */
  readonly messages: MessageLane;
  readonly limits: Limits;
  /** Posts a message to the worker. */
  post(message: RingCall): void;
  /** Told how many replies have come by the ring, before {@link onReplies}. */
  onShared(count: number): void;
  /** Takes replies, in the order of the calls. */
  onReplies(replies: readonly CallReply[]): void;
  onBreach(found: string): void;
}

/** The page's end. */
export class SharedLane implements CallLane {
  readonly #options: SharedLaneOptions;
  readonly #words: Int32Array;
  readonly #calls: RingWriter;
  readonly #replies: RingReader;
  readonly #lookout: Lookout = new Lookout(LOOK_MS, () => performance.now());
  /** How many messages were posted to the worker, and how many before the last fence. */
  #messages = 0;
  #fenced = 0;
  /** Calls of this task. */
  #written = 0;
  /** Calls in the ring that have no reply. */
  #pending = 0;
  /** Whether the next reply is under way as a message. */
  #isByMessage = false;
  #isWaiting = false;
  /** How often this was woken for nothing since the last reply. */
  #emptyWakes = 0;
  #isClosed = false;

  constructor(options: SharedLaneOptions) {
    this.#options = options;
    const { words, calls, replies } = pageView(options.memory);
    this.#words = words;
    this.#calls = calls;
    this.#replies = replies;
  }

  hasRoomFor({ args, bufferBytes }: GuestCall, inFlight: number): boolean {
    // One that goes by message has no others beside it.
    if (isLarge(bufferBytes)) return inFlight === 0;
    return this.#pending === inFlight && this.#calls.hasRoomFor(MAX_FENCE_BYTES + args.length);
  }

  send(call: GuestCall, isNext: boolean): void {
    if (isLarge(call.bufferBytes)) {
      this.#options.messages.send(call, isNext);
      return;
    }
    if (this.#written === 0) queueMicrotask(() => this.flush());
    this.#written += 1;
    this.#pending += 1;
    if (this.#fenced !== this.#messages) this.#fence();
    this.#calls.write(call.index, call.args);
    // The worker begins while the page still makes calls.
    if (this.#written % PUBLISHED_CALLS === 0) this.#publish();
  }

  flush(): void {
    this.#options.messages.flush();
    if (this.#written === 0 || this.#isClosed) return;
    this.#written = 0;
    this.#publish();
    if (this.#look()) this.drain();
    this.#wait();
  }

  /** The next call comes after the messages that were posted so far. */
  #fence(): void {
    this.#fenced = this.#messages;
    const count = new Uint8Array(FENCE_BYTES);
    new DataView(count.buffer).setUint32(0, this.#messages, true);
    this.#calls.write(FENCE, count);
  }

  #publish(): void {
    this.#calls.publish();
    const words = this.#words;
    Atomics.add(words, WORD.sent, 1);
    const state = Atomics.compareExchange(words, WORD.worker, WORKER.away, WORKER.called);
    if (state === WORKER.away) this.#options.post({ ring: true });
    else if (state === WORKER.waiting) Atomics.notify(words, WORD.sent);
  }

  /** Looks for the reply for some microseconds: to be woken takes several times as long as a small call. */
  #look(): boolean {
    return !this.#lookout.skips() && this.#lookout.look(() => !this.#replies.isEmpty);
  }

  /**
   * Gets the worker to its event loop for a message that is about to be posted.
   *
   * @param messages How many there are now, since the worker was made.
   */
  announce(messages: number): void {
    const words = this.#words;
    this.#messages = messages;
    Atomics.store(words, WORD.messages, messages);
    Atomics.add(words, WORD.sent, 1);
    Atomics.notify(words, WORD.sent);
  }

  /** Takes the replies that are there. To be called before each message of the worker is looked at. */
  drain(): void {
    if (this.#pending === 0) return;
    const replies: CallReply[] = [];
    const { messageBytes } = this.#options.limits;
    const ring = this.#replies;
    while (!this.#isByMessage && ring.next()) {
      if (replies.length === this.#pending) return this.#breach("a reply to no call");
      if (ring.head === SHARED_REPLY.byMessage) this.#isByMessage = true;
      else if (ring.head !== SHARED_REPLY.result || ring.payload.length > messageBytes) {
        return this.#breach("a malformed reply to a call");
      } else {
        // A view of the ring, which is decoded before its room is given back.
        replies.push({ end: { result: ring.payload, isOwned: false }, fuelUsed: 0 });
      }
      ring.advance();
    }
    if (ring.isBroken) return this.#breach("a malformed reply to a call");
    if (replies.length > 0) {
      this.#emptyWakes = 0;
      this.#options.onShared(replies.length);
      this.#settle(replies);
    }
    ring.release();
  }

  /** Takes replies that have come by message. */
  settle(replies: readonly CallReply[]): void {
    if (this.#isByMessage) {
      if (replies.length !== 1) return this.#breach("replies out of their place");
      this.#isByMessage = false;
      this.#settle(replies);
      this.drain();
      this.#wait();
      return;
    }
    if (this.#pending > 0) return this.#breach("replies out of their place");
    this.#options.onReplies(replies);
  }

  get begun(): number {
    return Atomics.load(this.#words, WORD.begun);
  }

  close(): void {
    this.#isClosed = true;
    // A browser takes seconds to end a worker that waits.
    this.announce(Atomics.load(this.#words, WORD.messages) + 1);
    Atomics.notify(this.#words, WORD.repliesWritten);
  }

  #settle(replies: readonly CallReply[]): void {
    this.#pending -= replies.length;
    this.#options.onReplies(replies);
  }

  /** Waits for the next reply, unless it does already. */
  #wait(): void {
    if (this.#isWaiting || this.#isClosed || this.#pending === 0) return;
    // A message will tell.
    if (this.#isByMessage) return;
    const words = this.#words;
    Atomics.store(words, WORD.isPageWaiting, 1);
    // A worker that has written meanwhile may not have seen that the page waits; then this does not wait.
    const waited = Atomics.waitAsync(words, WORD.repliesWritten, this.#replies.position);
    this.#isWaiting = true;
    if (waited.async) void waited.value.then(() => this.#onReplied());
    else queueMicrotask(() => this.#onReplied());
  }

  #onReplied(): void {
    if (this.#isClosed || !this.#isWaiting) return;
    this.#isWaiting = false;
    this.#emptyWakes += 1;
    if (this.#emptyWakes > MAX_EMPTY_WAKES) return this.#breach("no reply, again and again");
    this.drain();
    this.#wait();
  }

  #breach(found: string): void {
    if (!this.#isClosed) this.#options.onBreach(found);
  }
}
