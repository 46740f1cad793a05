/** Longer delays overflow a browser's timer and fire at once. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** Calls back after a delay, `Infinity` meaning never. Returns what cancels it. */
export function startTimer(delayMs: number, onTimeout: () => void): () => void {
  if (delayMs > LONGEST_TIMER_MS) return () => {};
  const timer = setTimeout(onTimeout, delayMs);
  return () => clearTimeout(timer);
}

/** The same, for what nobody waits for: in Node it lets the process end. */
export function startIdleTimer(delayMs: number, onTimeout: () => void): () => void {
  if (delayMs > LONGEST_TIMER_MS) return () => {};
  const timer: unknown = setTimeout(onTimeout, delayMs);
  (timer as { unref?(): void }).unref?.();
  return () => clearTimeout(timer as number);
}
