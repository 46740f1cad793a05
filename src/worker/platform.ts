/** What WASI needs of the browser: time, randomness and sleep, as a worker has them. */

import type { Clock } from "../wasi/clock.ts";

const NS_PER_MS = 1_000_000n;

/** The browser's own clocks. Their step depends on the browser and on whether the page is isolated. */
export const browserClock: Clock = {
  realtimeNs: () => BigInt(Date.now()) * NS_PER_MS,
  monotonicNs: () => BigInt(Math.round(performance.now() * 1e6)),
  resolutionNs: NS_PER_MS,
};

/** Fills bytes from the browser's cryptographic source. At most 65,536 bytes a call. */
export function browserRandom(bytes: Uint8Array): void {
  crypto.getRandomValues(bytes as Uint8Array<ArrayBuffer>);
}

/**
 * Makes a function that blocks the worker's thread without using its core.
 *
 * Waiting needs shared memory. Only an isolated page may construct a `SharedArrayBuffer`, but any
 * page may make a shared `WebAssembly.Memory`, and nobody is to be woken here anyway.
 */
export function createSleep(): (durationMs: number) => void {
  const memory = new WebAssembly.Memory({ initial: 1, maximum: 1, shared: true });
  const never = new Int32Array(memory.buffer);
  return (durationMs) => void Atomics.wait(never, 0, 0, durationMs);
}
