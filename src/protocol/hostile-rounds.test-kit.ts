/** How many hostile messages the fuzz tests send and to what limits, and the counters that show that they were hostile enough. */

import { expect } from "vitest";
import { DEFAULT_LIMITS, type Limits } from "../limits.ts";

/** Low enough for random messages to exceed. */
export const LIMITS: Limits = {
  ...DEFAULT_LIMITS,
  fileBytes: 1 << 20,
  messageBytes: 64,
  outputBytes: 4096,
};

/** `CLOCHE_FUZZ=10` sends ten times as many messages. */
export const TIMES: number = Number(process.env["CLOCHE_FUZZ"] ?? 1);
/** `CLOCHE_FUZZ_SEED` sends others. */
export const SEED: number = Number(process.env["CLOCHE_FUZZ_SEED"] ?? 1);

/** The limit of one test, in milliseconds. A quiet machine needs 10 seconds for all messages. */
export const TIMEOUT_MS: number = 600_000 * TIMES;

/** Counts down from a number. */
export class Countdown {
  #left: number;

  constructor(from: number) {
    this.#left = from;
  }

  areLeft(): boolean {
    return this.#left > 0;
  }

  take(): boolean {
    return this.#left-- > 0;
  }
}

/** Expects each thing that can happen to have happened often. */
export function expectOften(counts: Readonly<Record<string, number>>): void {
  for (const [what, count] of Object.entries(counts)) {
    expect(count, what).toBeGreaterThan(100 * TIMES);
  }
}
