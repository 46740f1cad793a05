/** Gives the calls of several plugins to those that are idle, in the order they were made. */

import { closedError } from "../events/close-reason.ts";
import type { PendingCall } from "../instance/call-window.ts";
import type { CallTarget } from "./guest-function.ts";
import { WaitingCalls } from "./waiting-calls.ts";

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
  readonly #waiting: WaitingCalls = new WaitingCalls(() => this.feed());
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

  /** Whether calls have to be watched: each may run in any of the plugins. */
  get hearsCalls(): boolean {
    return this.#members.some(({ calls }) => calls.events.hearsCalls);
  }

  /** Adds a call, which begins when all earlier ones have begun. Its signal removes it while it waits. */
  add(call: PendingCall): void {
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
    const waiting = this.#waiting;
    for (let call = waiting.first(); call !== undefined; call = waiting.first()) {
      const living = this.#members.filter(isOpen);
      const idle = living.find(({ isBusy }) => !isBusy);
      if (living.length === 0) this.#failWaiting();
      if (idle === undefined) return;
      waiting.remove(call);
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
    const { supervisor } = (this.#members.at(-1) as Member).calls;
    const error = closedError(supervisor.pluginName, supervisor.reason ?? { kind: "closed" });
    void this.#waiting.rejectAll(error).then(() => this.feed());
  }
}
