/** Gives the calls of one plugin to its worker, in the order they were made. */

import type { CallGiver, CallWindow, PendingCall } from "../instance/call-window.ts";
import { inBatches } from "../time/in-batches.ts";

/** Where calls are run. */
export interface CallSource {
  /**
   * The window of the worker that takes calls, or the promise of a fresh one's.
   *
   * @throws at once when there will be none. A promise rejects when a fresh one fails to start.
   */
  window(): CallWindow | Promise<CallWindow>;
}

export class CallQueue implements CallGiver {
  readonly #source: CallSource;
  #waiting: Set<PendingCall> = new Set();
  /** Where {@link #feed} continues. A new iterator would skip all removed calls each time. */
  #order: SetIterator<PendingCall> | undefined;
  /** The next to be given, which is still in {@link #waiting} unless it was aborted. */
  #next: PendingCall | undefined;
  /** What each call that waits does when its signal aborts. */
  readonly #onAborts: Map<PendingCall, () => void> = new Map();
  /** The window that has calls which are not settled. */
  #window: CallWindow | undefined;
  #isStarting = false;
  /** How many calls of {@link failWaiting} are in progress. */
  #failing = 0;
  #isClosed = false;
  #onIdle: (() => void)[] = [];

  constructor(source: CallSource) {
    this.#source = source;
  }

  /** Whether {@link close} was called. Callers check it before they add a call. */
  get isClosed(): boolean {
    return this.#isClosed;
  }

  /** How many calls wait, without the one that runs. */
  get waiting(): number {
    return this.#waiting.size + Math.max(0, (this.#window?.size ?? 0) - 1);
  }

  /** Adds a call, which runs once all earlier ones have settled. Its signal removes it while it waits. */
  add(call: PendingCall): void {
    const { signal } = call;
    if (signal !== undefined) {
      const onAbort = () => {
        this.#remove(call);
        call.reject(signal.reason);
        this.#feed();
      };
      signal.addEventListener("abort", onAbort, { once: true });
      this.#onAborts.set(call, onAbort);
    }
    this.#waiting.add(call);
    this.#feed();
  }

  /** Marks the queue closed. Resolves when no call runs or waits. */
  close(): Promise<void> {
    this.#isClosed = true;
    return new Promise((resolve) => {
      this.#onIdle.push(resolve);
      this.#feed();
    });
  }

  /**
   * Rejects every call that waits, in batches; with its signal's reason where that has aborted, as when
   * the signal of the running call ended the worker. Those that a worker has been given continue.
   */
  failWaiting(reason: unknown): void {
    const failed = [...this.#waiting];
    for (const call of failed) this.#remove(call);
    void this.#fail(failed, reason);
  }

  onRoom(): void {
    this.#feed();
  }

  takeBack(calls: readonly PendingCall[]): void {
    this.#waiting = new Set([...calls, ...this.#waiting]);
    this.#order = undefined;
    this.#next = undefined;
    this.#feed();
  }

  #remove(call: PendingCall): void {
    this.#waiting.delete(call);
    const onAbort = this.#onAborts.get(call);
    if (onAbort === undefined) return;
    this.#onAborts.delete(call);
    call.signal?.removeEventListener("abort", onAbort);
  }

  async #fail(calls: readonly PendingCall[], reason: unknown): Promise<void> {
    this.#failing += 1;
    await inBatches(calls, (call) =>
      call.reject(call.signal?.aborted === true ? call.signal.reason : reason),
    );
    this.#failing -= 1;
    this.#feed();
  }

  /** Gives the worker as many calls as it has room for. */
  #feed(): void {
    if (this.#isStarting) return;
    for (let call = this.#first(); call !== undefined; call = this.#first()) {
      const window = this.#windowNow();
      if (window === undefined) return;
      if (!window.hasRoomFor(call)) return;
      this.#next = undefined;
      this.#remove(call);
      this.#window = window;
      window.add(call, this);
    }
    if (this.#failing > 0 || (this.#window?.size ?? 0) > 0) return;
    for (const resolve of this.#onIdle.splice(0)) resolve();
  }

  /** The first call that waits. */
  #first(): PendingCall | undefined {
    if (this.#next !== undefined && this.#waiting.has(this.#next)) return this.#next;
    this.#order ??= this.#waiting.values();
    this.#next = this.#order.next().value;
    // An iterator that has finished yields nothing that is added later.
    if (this.#next === undefined) this.#order = undefined;
    return this.#next;
  }

  /** The window that takes calls; `undefined` while a worker starts, or when there will be none. */
  #windowNow(): CallWindow | undefined {
    try {
      const window = this.#source.window();
      if (!(window instanceof Promise)) return window;
      void this.#start(window);
    } catch (error) {
      this.failWaiting(error);
    }
    return undefined;
  }

  async #start(starting: Promise<CallWindow>): Promise<void> {
    this.#isStarting = true;
    try {
      await starting;
    } catch (error) {
      const first = this.#first();
      if (first !== undefined) {
        this.#remove(first);
        first.reject(error);
      }
    } finally {
      this.#isStarting = false;
      this.#feed();
    }
  }
}
