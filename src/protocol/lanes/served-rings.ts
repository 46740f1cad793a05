/** The worker's end of the lane of shared memory: see `shared-lane.ts`. */

import { lookFor } from "../look.ts";
import { isLarge } from "./call-frames.ts";
import type { CallService } from "./call-lane.ts";
import { type CallMemory, FENCE, WORD, WORKER, workerView } from "./call-memory.ts";
import type { ServedMessageLane } from "./message-lane.ts";
import { SHARED_REPLY } from "./shared-lane.ts";
import type { RingReader, RingWriter } from "./shared-ring.ts";

/** How long the worker looks for the next call before it waits: as long as a page takes to make one. */
const LOOK_MS = 0.02;

/** How long it waits for the next call before it goes back to its event loop. */
const LINGER_MS = 100;

export interface ServedRingsOptions extends CallService {
  readonly memory: CallMemory;
  /** Carries the replies that are more than a small result. */
  readonly messages: ServedMessageLane;
  /** The number of the run that begins with the next call. */
  readonly nextRun: () => number;
  /** Whether the call that has ended has posted messages, which its reply must come after. */
  readonly hasPosted: () => boolean;
  /** How many messages have arrived since this worker was made. */
  readonly messagesReceived: () => number;
}

export class ServedRings {
  readonly #options: ServedRingsOptions;
  readonly #words: Int32Array;
  readonly #calls: RingReader;
  readonly #replies: RingWriter;
  #isDead = false;

  constructor(options: ServedRingsOptions) {
    this.#options = options;
    const { words, calls, replies } = workerView(options.memory);
    this.#words = words;
    this.#calls = calls;
    this.#replies = replies;
  }

  /** Runs calls until a message has to be handled, or none has come for a while. */
  run(): void {
    if (this.#isDead) return;
    const words = this.#words;
    Atomics.store(words, WORD.worker, WORKER.busy);
    do {
      const suspended = this.#serveAll();
      if (this.#isDead) return;
      if (suspended === undefined) continue;
      // It comes back by itself.
      Atomics.store(words, WORD.worker, WORKER.called);
      void suspended.then(() => {
        if (this.#hasMessages) this.#leave();
        else this.run();
      });
      return;
    } while (!this.#hasMessages && this.#waitForCall());
    this.#leave();
  }

  /** Lets the event loop handle messages, and comes back if there are calls. */
  #leave(): void {
    const words = this.#words;
    Atomics.store(words, WORD.worker, WORKER.away);
    // The page may have written before it saw that.
    if (this.#calls.isEmpty) return;
    const state = Atomics.compareExchange(words, WORD.worker, WORKER.away, WORKER.called);
    if (state === WORKER.away) void this.#options.nextTask().then(() => this.run());
  }

  /**
   * Runs the calls that are there. Messages are handled in their place: those before a call when it is
   * at a fence, those after it when it has run.
   *
   * @returns A promise where the guest may be suspended in the last one.
   */
  #serveAll(): Promise<void> | undefined {
    while (this.#calls.next()) {
      if (this.#calls.head === FENCE) {
        if (!this.#isPassable(this.#calls.payload)) return undefined;
        this.#calls.advance();
        this.#calls.release();
        continue;
      }
      const suspended = this.#serve();
      if (suspended !== undefined || this.#isDead || this.#hasMessages) return suspended;
    }
    return undefined;
  }

  /** Whether the messages before a fence have arrived. */
  #isPassable({ buffer, byteOffset }: Uint8Array): boolean {
    const count = new DataView(buffer, byteOffset).getUint32(0, true);
    return this.#options.messagesReceived() >= count;
  }

  get #hasMessages(): boolean {
    return Atomics.load(this.#words, WORD.messages) !== this.#options.messagesReceived();
  }

  /** Returns whether something has come. */
  #waitForCall(): boolean {
    const words = this.#words;
    const sent = Atomics.load(words, WORD.sent);
    if (!this.#calls.isEmpty || this.#hasMessages) return true;
    const isSent = () => Atomics.load(words, WORD.sent) !== sent;
    if (lookFor(isSent, LOOK_MS, this.#options.nowMs)) return true;
    Atomics.store(words, WORD.worker, WORKER.waiting);
    const woken = Atomics.wait(words, WORD.sent, sent, LINGER_MS);
    Atomics.store(words, WORD.worker, WORKER.busy);
    return woken !== "timed-out";
  }

  /** Runs the call that was read. Returns a promise where the guest may be suspended. */
  #serve(): Promise<void> | undefined {
    const { onCall, nextRun } = this.#options;
    const { head: index, payload: args } = this.#calls;
    this.#calls.advance();
    Atomics.store(this.#words, WORD.begun, nextRun());
    try {
      const result = onCall({ index, args, timeoutMs: Infinity, isOwned: false });
      if (!(result instanceof Promise)) {
        this.#end(result);
        return undefined;
      }
      return result.then(
        (bytes) => this.#end(bytes),
        (thrown: unknown) => this.#fail(thrown),
      );
    } catch (thrown) {
      this.#fail(thrown);
      return undefined;
    }
  }

  #end(result: Uint8Array): void {
    const { hasPosted, takeChanges, messages } = this.#options;
    this.#calls.release();
    const changes = takeChanges();
    if (!isLarge(result.length) && changes === undefined && !hasPosted()) {
      this.#reply(SHARED_REPLY.result, result);
      return;
    }
    this.#reply(SHARED_REPLY.byMessage, NOTHING);
    messages.reply(result, result.length, changes);
    messages.flush();
  }

  #fail(thrown: unknown): void {
    const { isFatal, messages } = this.#options;
    this.#calls.release();
    this.#reply(SHARED_REPLY.byMessage, NOTHING);
    messages.replyThrown(thrown);
    messages.flush();
    this.#isDead = isFatal(thrown);
  }

  #reply(head: number, result: Uint8Array): void {
    const words = this.#words;
    this.#replies.waitForRoom(result.length);
    this.#replies.write(head, result);
    this.#replies.publish();
    if (Atomics.load(words, WORD.isPageWaiting) === 0) return;
    Atomics.store(words, WORD.isPageWaiting, 0);
    Atomics.notify(words, WORD.repliesWritten);
  }
}

const NOTHING = new Uint8Array();
