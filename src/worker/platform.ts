/** Time, randomness and sleep for WASI: the browser's, or repeatable ones from a seed. */

import type { Clock } from "../files/clock.ts";
import type { ClockOption, Flag, RandomOption } from "../protocol/start-options.ts";
import type { Sleep } from "../wasi/calls/polling.ts";
import type { BrowserApis } from "./lock-down.ts";

const NS_PER_MS = 1_000_000n;

/** The guest's clocks and its sleep. */
export interface Time {
  readonly clock: Clock;
  /** Blocks the thread, or with `mayPromise` returns a promise. Ends early when the guest is interrupted. */
  readonly sleep: Sleep;
}

/**
 * Creates the time that the option `clock` asks for.
 *
 * @param block What blocks the thread: see {@link createBlockingSleep}.
 */
export function createTime(
  option: ClockOption,
  mayPromise: boolean,
  apis: Pick<BrowserApis, "nowMs" | "delay">,
  block: (durationMs: number) => boolean,
): Time {
  if (option !== "browser") return madeUpTime(option.startMs, option.stepNs);
  return {
    clock: browserClock(apis),
    sleep: mayPromise ? apis.delay : (durationMs, wait = block) => void wait(durationMs),
  };
}

/** The browser's clocks. Their resolution depends on the browser and on whether the page is isolated. */
function browserClock({ nowMs }: Pick<BrowserApis, "nowMs">): Clock {
  return {
    realtimeNs: () => BigInt(Date.now()) * NS_PER_MS,
    monotonicNs: () => BigInt(Math.round(nowMs() * 1e6)),
    resolutionNs: NS_PER_MS,
  };
}

/**
 * Creates a function that blocks the worker's thread without using its core, and returns whether it
 * slept to the end.
 *
 * Waiting needs shared memory. If the page passed a flag, the guest waits on it, so that an interrupt
 * wakes it; otherwise nothing can wake it. Only an isolated page may construct a `SharedArrayBuffer`,
 * but any page may create a shared `WebAssembly.Memory`. It is created by the first sleep: a browser
 * has room for a few hundred memories, and most guests never sleep.
 */
export function createBlockingSleep(flag: Flag | undefined): (durationMs: number) => boolean {
  let place = flag;
  return (durationMs) => {
    place ??= {
      memory: new WebAssembly.Memory({ initial: 1, maximum: 1, shared: true }),
      address: 0,
      generation: 0,
    };
    const numbers = new Int32Array(place.memory.buffer);
    const index = place.address / numbers.BYTES_PER_ELEMENT;
    return Atomics.wait(numbers, index, place.generation, durationMs) === "timed-out";
  };
}

/** A clock that advances by a step each time it is read, and by the whole duration of each sleep. */
function madeUpTime(startMs: number, stepNs: number): Time {
  const startNs = BigInt(Math.round(startMs * 1e6));
  let elapsedNs = 0n;
  const look = () => (elapsedNs += BigInt(stepNs));
  return {
    clock: {
      realtimeNs: () => startNs + look(),
      monotonicNs: look,
      resolutionNs: BigInt(Math.max(1, stepNs)),
    },
    sleep: (durationMs) => {
      elapsedNs += BigInt(Math.round(durationMs * 1e6));
    },
  };
}

/** Creates a function that fills at most 65,536 bytes with randomness. */
export function createRandom(
  option: RandomOption,
  apis: Pick<BrowserApis, "fillRandom">,
): BrowserApis["fillRandom"] {
  if (option === "browser") return apis.fillRandom;
  const next = splitMix32(option.seed);
  return (bytes) => {
    for (let index = 0; index < bytes.length; index++) bytes[index] = next();
  };
}

/**
 * Creates a generator of 32-bit numbers for repeatable runs. Not for secrets.
 *
 * Source: Steele, Lea, Flood, "Fast splittable pseudorandom number generators" (2014), with the
 * 32-bit constants of MurmurHash3's finalizer.
 */
function splitMix32(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x9e3779b9) | 0;
    let mixed = state ^ (state >>> 16);
    mixed = Math.imul(mixed, 0x85ebca6b);
    mixed ^= mixed >>> 13;
    mixed = Math.imul(mixed, 0xc2b2ae35);
    return (mixed ^ (mixed >>> 16)) >>> 0;
  };
}
