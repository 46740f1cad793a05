/** Calls that wait for a worker, in the order they were made. Each leaves, rejected, when its signal aborts. */

import type { PendingCall } from "../instance/call-window.ts";
import { inBatches } from "../time/in-batches.ts";

export class WaitingCalls {
  readonly #onAborted: () => void;
  #calls: Set<PendingCall> = new Set();
  /** Where {@link first} continues. A new iterator would skip all removed calls each time. */
  #order: SetIterator<PendingCall> | undefined;
  /** The first, which is still among them unless it was removed. */
  #first: PendingCall | undefined;
  /** What each call with a signal does when that aborts. */
  readonly #onAborts: Map<PendingCall, () => void> = new Map();

  /** @param onAborted Called after one has left that way. */
  constructor(onAborted: () => void) {
    this.#onAborted = onAborted;
  }

  get size(): number {
    return this.#calls.size;
  }

  add(call: PendingCall): void {
    this.#watch(call);
    this.#calls.add(call);
  }

  /** Adds calls before all others. */
  putBack(calls: readonly PendingCall[]): void {
    for (const call of calls) this.#watch(call);
    this.#calls = new Set([...calls, ...this.#calls]);
    this.#order = undefined;
    this.#first = undefined;
  }

  /** The one that has waited longest. */
  first(): PendingCall | undefined {
    if (this.#first !== undefined && this.#calls.has(this.#first)) return this.#first;
    this.#order ??= this.#calls.values();
    this.#first = this.#order.next().value;
    // An iterator that has finished yields nothing that is added later.
    if (this.#first === undefined) this.#order = undefined;
    return this.#first;
  }

  remove(call: PendingCall): void {
    this.#calls.delete(call);
    const onAbort = this.#onAborts.get(call);
    if (onAbort === undefined) return;
    this.#onAborts.delete(call);
    call.signal?.removeEventListener("abort", onAbort);
  }

  /**
   * Rejects all, in batches; with its signal's reason where that has aborted, as when the signal of the
   * running call ended the worker. They have left at once.
   */
  async rejectAll(reason: unknown): Promise<void> {
    const calls = [...this.#calls];
    for (const call of calls) this.remove(call);
    await inBatches(calls, (call) =>
      call.reject(call.signal?.aborted === true ? call.signal.reason : reason),
    );
  }

  #watch(call: PendingCall): void {
    const { signal } = call;
    if (signal === undefined) return;
    const onAbort = () => {
      this.remove(call);
      call.reject(signal.reason);
      this.#onAborted();
    };
    signal.addEventListener("abort", onAbort, { once: true });
    this.#onAborts.set(call, onAbort);
  }
}
