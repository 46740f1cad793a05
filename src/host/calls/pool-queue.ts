/** Gives the calls of several plugins to those that are idle, in the order they were made. */

import type { PendingCall } from "../instance/call-window.ts";
import { closedError } from "../instance/close-reason.ts";
import { inBatches } from "../time/in-batches.ts";
import type { CallTarget } from "./guest-function.ts";

/** Whether a plugin takes calls. */
function isOpen({ calls: { supervisor, queue } }: Member): boolean {
  return supervisor.reason === undefined && !queue.isClosed;
}

/** A plugin of the pool. */
interface Member {
  readonly calls: CallTarget;
  isBusy: boolean;
}

export class PoolQueue {
  readonly #members: readonly Member[];
  readonly #waiting: Set<PendingCall> = new Set();
  /** What each call that waits does when its signal aborts. */
  readonly #onAborts: Map<PendingCall, () => void> = new Map();
  #isClosed = false;
  #onIdle: (() => void)[] = [];

  constructor(targets: readonly CallTarget[]) {
    this.#members = targets.map((calls) => ({ calls, isBusy: false }));
  }

  /** Whether {@link close} was called. Callers check it before they add a call. */
  get isClosed(): boolean {
    return this.#isClosed;
  }

  /** How many calls wait for a plugin. */
  get waiting(): number {
    return this.#waiting.size;
  }

  /** Adds a call, which begins when all earlier ones have begun. Its signal removes it while it waits. */
  add(call: PendingCall): void {
    const { signal } = call;
    if (signal !== undefined) {
      const onAbort = () => {
        this.#remove(call);
        call.reject(signal.reason);
        this.feed();
      };
      signal.addEventListener("abort", onAbort, { once: true });
      this.#onAborts.set(call, onAbort);
    }
    this.#waiting.add(call);
    this.feed();
  }

  /** Marks the queue closed. Resolves when no call runs or waits. */
  close(): Promise<void> {
    this.#isClosed = true;
    return new Promise((resolve) => {
      this.#onIdle.push(resolve);
      this.feed();
    });
  }

  /** Gives calls that wait to plugins that are idle. When no plugin is left, they reject. */
  feed(): void {
    for (const call of this.#waiting) {
      const living = this.#members.filter(isOpen);
      const idle = living.find(({ isBusy }) => !isBusy);
      if (living.length === 0) this.#failWaiting();
      if (idle === undefined) return;
      this.#remove(call);
      this.#give(idle, call);
    }
    if (this.#members.some(({ isBusy }) => isBusy)) return;
    for (const resolve of this.#onIdle.splice(0)) resolve();
  }

  #give(member: Member, call: PendingCall): void {
    member.isBusy = true;
    const settle = () => {
      member.isBusy = false;
      this.feed();
    };
    member.calls.queue.add({
      ...call,
      resolve: (result, isOwned) => {
        call.resolve(result, isOwned);
        settle();
      },
      reject: (reason) => {
        call.reject(reason);
        settle();
      },
    });
  }

  #failWaiting(): void {
    const failed = [...this.#waiting];
    for (const call of failed) this.#remove(call);
    const { supervisor } = (this.#members.at(-1) as Member).calls;
    const error = closedError(supervisor.pluginName, supervisor.reason ?? { kind: "closed" });
    void inBatches(failed, (call) => call.reject(error)).then(() => this.feed());
  }

  #remove(call: PendingCall): void {
    this.#waiting.delete(call);
    const onAbort = this.#onAborts.get(call);
    if (onAbort === undefined) return;
    this.#onAborts.delete(call);
    call.signal?.removeEventListener("abort", onAbort);
  }
}
