/** Runs tasks one after the other, in the order they were added. */

import { inBatches } from "../time/in-batches.ts";

interface Entry {
  start(): Promise<void>;
  fail(reason: unknown): void;
}

export class CallQueue {
  readonly #waiting: Set<Entry> = new Set();
  /** Where {@link #next} continues. A new iterator would skip all removed entries each time. */
  #order: SetIterator<Entry> | undefined;
  #isRunning = false;
  /** How many calls of {@link failWaiting} are in progress. */
  #failing = 0;
  #isClosed = false;
  #onIdle: (() => void)[] = [];

  /** Whether {@link close} was called. Callers check it before they add a task. */
  get isClosed(): boolean {
    return this.#isClosed;
  }

  /** How many tasks wait, without the one that runs. */
  get waiting(): number {
    return this.#waiting.size;
  }

  /**
   * Runs a task once all earlier ones have settled.
   *
   * @param signal Removes the task from the queue while it waits, or never adds it if it has already
   *   aborted. A running task listens to it itself.
   */
  run<T>(task: () => Promise<T>, signal: AbortSignal | undefined): Promise<T> {
    if (signal?.aborted === true) return Promise.reject(signal.reason as Error);
    return new Promise<T>((resolve, reject) => {
      const onAbort = () => {
        this.#waiting.delete(entry);
        reject(signal?.reason);
      };
      const entry: Entry = {
        start: () => {
          signal?.removeEventListener("abort", onAbort);
          return task().then(resolve, reject);
        },
        fail: (reason) => {
          signal?.removeEventListener("abort", onAbort);
          reject(reason);
        },
      };
      signal?.addEventListener("abort", onAbort, { once: true });
      this.#waiting.add(entry);
      this.#next();
    });
  }

  /** Marks the queue closed. Resolves when no task runs or waits. */
  close(): Promise<void> {
    this.#isClosed = true;
    return new Promise((resolve) => {
      this.#onIdle.push(resolve);
      this.#next();
    });
  }

  /** Rejects every task that waits, in batches. The one that runs continues. */
  failWaiting(reason: unknown): void {
    const failed = [...this.#waiting];
    this.#waiting.clear();
    void this.#fail(failed, reason);
  }

  async #fail(entries: readonly Entry[], reason: unknown): Promise<void> {
    this.#failing += 1;
    await inBatches(entries, (entry) => entry.fail(reason));
    this.#failing -= 1;
    this.#next();
  }

  #next(): void {
    if (this.#isRunning) return;
    this.#order ??= this.#waiting.values();
    const { value: entry } = this.#order.next();
    if (entry === undefined) {
      // An iterator that has finished yields nothing that is added later.
      this.#order = undefined;
      if (this.#failing > 0) return;
      for (const resolve of this.#onIdle.splice(0)) resolve();
      return;
    }
    this.#waiting.delete(entry);
    this.#isRunning = true;
    void entry.start().then(() => {
      this.#isRunning = false;
      this.#next();
    });
  }
}
