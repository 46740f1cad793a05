/** The trace of a plugin's calls, for the report of a failed test. */

import { inspect } from "node:util";

/** One call, file operation or host call; values are shown as text and shortened. */
export interface TracedCall {
  /** What was called: `shout`, or `files.write`. */
  readonly name: string;
  readonly args: readonly string[];
  /** When it was made, in milliseconds since the plugin began to load. */
  readonly atMs: number;
  /** Until it was answered. A call also waits for those before it. Missing while it is not answered. */
  durationMs?: number;
  result?: string;
  error?: string;
  /** Calls of the host functions that it made. */
  hostCalls?: TracedCall[];
}

/** Bounds the trace of a test that calls a plugin all the time. The last calls stay. */
const MAX_CALLS = 10_000;

export class CallTrace {
  readonly #startMs: number = performance.now();
  #calls: TracedCall[] = [];
  #dropped = 0;
  /** Calls without an answer, in the order in which the plugin runs them. */
  readonly #open: Set<TracedCall> = new Set();

  /** Follows a call of a guest function. */
  async followCall<T>(name: string, args: readonly unknown[], call: () => Promise<T>): Promise<T> {
    const traced = this.#add(name, args);
    this.#open.add(traced);
    return this.#finish(traced, call).finally(() => this.#open.delete(traced));
  }

  /** Follows another request: loading, an operation on files. */
  async follow<T>(name: string, args: readonly unknown[], request: () => Promise<T>): Promise<T> {
    return this.#finish(this.#add(name, args), request);
  }

  /** Follows a host call, which belongs to the call that runs: the first without an answer. */
  async followHostCall<T>(
    name: string,
    args: readonly unknown[],
    call: () => Promise<T>,
  ): Promise<T> {
    const [running] = this.#open;
    if (running === undefined) return this.#finish(this.#add(name, args), call);
    const traced = this.#begin(name, args);
    (running.hostCalls ??= []).push(traced);
    return this.#finish(traced, call);
  }

  /** The trace as JSON. */
  toJson(): string {
    const trace = { ...(this.#dropped > 0 && { dropped: this.#dropped }), calls: this.#calls };
    return JSON.stringify(trace, undefined, 2);
  }

  #add(name: string, args: readonly unknown[]): TracedCall {
    const traced = this.#begin(name, args);
    if (this.#calls.push(traced) > MAX_CALLS) {
      this.#calls.shift();
      this.#dropped++;
    }
    return traced;
  }

  #begin(name: string, args: readonly unknown[]): TracedCall {
    return { name, args: args.map(show), atMs: this.#nowMs() };
  }

  async #finish<T>(traced: TracedCall, call: () => Promise<T>): Promise<T> {
    try {
      const result = await call();
      traced.result = show(result);
      return result;
    } catch (error) {
      traced.error = error instanceof Error ? `${error.name}: ${error.message}` : show(error);
      throw error;
    } finally {
      traced.durationMs = round(this.#nowMs() - traced.atMs);
    }
  }

  #nowMs(): number {
    return round(performance.now() - this.#startMs);
  }
}

/** A value as text, shortened. */
export function show(value: unknown): string {
  return inspect(value, {
    depth: 4,
    maxArrayLength: 20,
    maxStringLength: 200,
    breakLength: Number.POSITIVE_INFINITY,
    compact: true,
  });
}

/** To microseconds. */
function round(ms: number): number {
  return Math.round(ms * 1000) / 1000;
}
