/** Gives the calls of one plugin to its worker, in the order they were made. */

import type { EventHub } from "../events/event-hub.ts";
import type { CallGiver, CallWindow, PendingCall } from "../instance/call-window.ts";
import type { Recorder } from "../recording/recorder.ts";
import { WaitingCalls } from "./waiting-calls.ts";

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
  readonly #events: EventHub;
  readonly #recorder: Recorder | undefined;
  readonly #waiting: WaitingCalls = new WaitingCalls(() => this.#feed());
  /** The window that has calls which are not settled. */
  #window: CallWindow | undefined;
  #isStarting = false;
  /** How many calls of {@link failWaiting} are in progress. */
  #failing = 0;
  #isClosed = false;
  #onIdle: (() => void)[] = [];

  /** @param recorder Records the calls. */
  constructor(source: CallSource, events: EventHub, recorder?: Recorder) {
    this.#source = source;
    this.#events = events;
    this.#recorder = recorder;
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
    call.watch?.queued(this.#events);
    const watched = this.#recorder?.watch(call) ?? call;
    // Most calls need not wait.
    if (this.#waiting.size === 0 && !this.#isStarting && this.#give(watched)) return;
    this.#waiting.add(watched);
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

  /** Rejects every call that waits. Those that a worker has been given continue. */
  async failWaiting(reason: unknown): Promise<void> {
    this.#failing += 1;
    await this.#waiting.rejectAll(reason);
    this.#failing -= 1;
    this.#feed();
  }

  onRoom(): void {
    this.#feed();
  }

  takeBack(calls: readonly PendingCall[]): void {
    this.#waiting.putBack(calls);
    this.#feed();
  }

  /** Gives the worker as many calls as it has room for. */
  #feed(): void {
    if (this.#isStarting) return;
    const waiting = this.#waiting;
    for (let call = waiting.first(); call !== undefined; call = waiting.first()) {
      if (!this.#give(call)) return;
    }
    if (this.#failing > 0 || (this.#window?.size ?? 0) > 0) return;
    for (const resolve of this.#onIdle.splice(0)) resolve();
  }

  /** Gives the worker a call, if there is one that has room for it. Returns whether it has. */
  #give(call: PendingCall): boolean {
    const window = this.#windowNow();
    if (window === undefined || !window.hasRoomFor(call)) return false;
    this.#waiting.remove(call);
    this.#window = window;
    this.#recorder?.sent(call);
    window.add(call, this);
    return true;
  }

  /** The window that takes calls; `undefined` while a worker starts, or when there will be none. */
  #windowNow(): CallWindow | undefined {
    try {
      const window = this.#source.window();
      if (!(window instanceof Promise)) return window;
      void this.#start(window);
    } catch (error) {
      void this.failWaiting(error);
    }
    return undefined;
  }

  async #start(starting: Promise<CallWindow>): Promise<void> {
    this.#isStarting = true;
    try {
      await starting;
    } catch (error) {
      const first = this.#waiting.first();
      if (first !== undefined) {
        this.#waiting.remove(first);
        first.reject(error);
      }
    } finally {
      this.#isStarting = false;
      this.#feed();
    }
  }
}
