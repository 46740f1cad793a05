/** Durations as text, and the resolution of the clock. */

/** Such as `185 µs`, `1.24 ms` or `2.05 s`; below the resolution of the clock `< 100 µs`. */
export function durationText(durationMs: number, clockStepMs: number): string {
  if (durationMs < clockStepMs / 2) return `< ${durationText(clockStepMs, 0)}`;
  if (durationMs < 0.9995) return `${Math.round(durationMs * 1000)} µs`;
  if (durationMs < 999.5)
    return `${durationMs.toFixed(durationMs < 9.995 ? 2 : durationMs < 99.95 ? 1 : 0)} ms`;
  return `${(durationMs / 1000).toFixed(2)} s`;
}

/** The smallest step of `performance.now()` that was observed; browsers coarsen it. */
export function measureClockStepMs(): number {
  let smallestMs = Infinity;
  for (let tries = 0; tries < 4; tries += 1) {
    const startMs = performance.now();
    let nowMs = startMs;
    while (nowMs === startMs) nowMs = performance.now();
    smallestMs = Math.min(smallestMs, nowMs - startMs);
  }
  // In whole microseconds: the difference of two floats is not exactly the step.
  return Math.max(1, Math.round(smallestMs * 1000)) / 1000;
}
