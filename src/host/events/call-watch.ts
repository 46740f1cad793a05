/** Watches one call for those who listen to a plugin's events. Made only where somebody listens. */

import type { EventHub } from "./event-hub.ts";
import type { Outcome } from "./plugin-event.ts";

/** A call of a guest function. */
export class CallWatch {
  readonly #functionName: string;
  readonly #args: readonly unknown[];
  #hub: EventHub | undefined;
  #id = 0;
  #queuedAtMs = 0;
  #begunAtMs: number | undefined;

  constructor(functionName: string, args: readonly unknown[]) {
    this.#functionName = functionName;
    this.#args = args;
  }

  /** The call is in the queue of a plugin. Of a pool's calls the plugin is known only now. */
  queued(hub: EventHub): void {
    this.#hub = hub;
    this.#id = hub.nextId();
    this.#queuedAtMs = performance.now();
    const { functionName, args } = { functionName: this.#functionName, args: this.#args };
    hub.emit({ type: "callStart", id: this.#id, functionName, args });
  }

  /** The call's turn has come. */
  begun(): void {
    this.#begunAtMs = performance.now();
  }

  /** Returns what settles the call with its result, and tells of that first. */
  resolving<T>(resolve: (value: T) => void): (value: T) => void {
    return (value) => {
      this.#ended({ ok: true, value });
      resolve(value);
    };
  }

  /** The same for what it is rejected with. */
  rejecting(reject: (error: unknown) => void): (error: unknown) => void {
    return (error) => {
      this.#ended({ ok: false, error });
      reject(error);
    };
  }

  /** A call that never was in a queue has no events. */
  #ended(outcome: Outcome): void {
    const nowMs = performance.now();
    const begunAtMs = this.#begunAtMs ?? nowMs;
    if (!outcome.ok) this.#hub?.emitLimitOf(outcome.error);
    this.#hub?.emit({
      type: "callEnd",
      id: this.#id,
      functionName: this.#functionName,
      outcome,
      queuedMs: begunAtMs - this.#queuedAtMs,
      durationMs: nowMs - begunAtMs,
    });
  }
}

/** A call of a host function. */
export class HostCallWatch {
  readonly #hub: EventHub;
  readonly #functionName: string;
  readonly #id: number;
  readonly #begunAtMs: number = performance.now();

  constructor(hub: EventHub, functionName: string, args: readonly unknown[]) {
    this.#hub = hub;
    this.#functionName = functionName;
    this.#id = hub.nextId();
    hub.emit({ type: "hostCallStart", id: this.#id, functionName, args });
  }

  ended(outcome: Outcome): void {
    this.#hub.emit({
      type: "hostCallEnd",
      id: this.#id,
      functionName: this.#functionName,
      outcome,
      durationMs: performance.now() - this.#begunAtMs,
    });
  }
}

/** Watches a call of a host function, where somebody listens. */
export function watchHostCall(
  hub: EventHub,
  functionName: string,
  args: readonly unknown[],
): HostCallWatch | undefined {
  if (!hub.hears("hostCallStart") && !hub.hears("hostCallEnd")) return undefined;
  return new HostCallWatch(hub, functionName, args);
}
