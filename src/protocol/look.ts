/** Looks between two glances at the clock, which takes as long as several of them. */
const LOOKS = 64;

/** How often it looks at most: a clock may stand still, where a browser resists fingerprinting. */
const MAX_LOOKS = 16_384;

/**
 * Looks again and again for what another thread is about to do, for some microseconds: to be woken takes
 * a thread longer than a small call does.
 *
 * @returns Whether it is so.
 */
export function lookFor(isSo: () => boolean, durationMs: number, nowMs: () => number): boolean {
  const endMs = nowMs() + durationMs;
  for (let looks = 0; looks < MAX_LOOKS; looks += LOOKS) {
    for (let look = 0; look < LOOKS; look++) if (isSo()) return true;
    if (nowMs() >= endMs) return false;
  }
  return false;
}

/** How many looks are left out at most, after those that found nothing. */
const MAX_SKIPPED_LOOKS = 15;

/** Looks for one thing over and over, and less often where that has not helped. */
export class Lookout {
  readonly #durationMs: number;
  readonly #nowMs: () => number;
  /** How many looks to leave out before the next, and how many were. */
  #toSkip = 0;
  #skipped = 0;

  constructor(durationMs: number, nowMs: () => number) {
    this.#durationMs = durationMs;
    this.#nowMs = nowMs;
  }

  /** Whether the next look is left out. */
  skips(): boolean {
    if (this.#skipped >= this.#toSkip) return false;
    this.#skipped += 1;
    return true;
  }

  /** Looks, as {@link lookFor} does. */
  look(isSo: () => boolean): boolean {
    this.#skipped = 0;
    const isFound = lookFor(isSo, this.#durationMs, this.#nowMs);
    this.#toSkip = isFound ? 0 : Math.min(MAX_SKIPPED_LOOKS, 2 * this.#toSkip + 1);
    return isFound;
  }
}
