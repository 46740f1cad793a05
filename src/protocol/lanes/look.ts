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
