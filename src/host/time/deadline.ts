import { startIdleTimer } from "./timer.ts";

interface Due {
  readonly atMs: number;
  readonly onDue: () => void;
}

/**
 * Bounds tasks that run one after the other, with one timer for all of them.
 *
 * A browser takes longer to set and clear a timer than to do most of what else a small call costs.
 * So a timer stays set when its task is over, and finds out when it fires for whom it is due.
 */
export class Deadline {
  #due: Due | undefined;
  #stopTimer: () => void = () => {};
  /** When the timer fires. */
  #firesAtMs = Infinity;

  /**
   * Calls back after a delay, `Infinity` meaning never. What was set before is forgotten.
   *
   * @returns What cancels it.
   */
  set(delayMs: number, onDue: () => void): () => void {
    const due = { atMs: performance.now() + delayMs, onDue };
    this.#due = due;
    if (due.atMs < this.#firesAtMs) this.#setTimer(delayMs, due.atMs);
    return () => {
      if (this.#due === due) this.#due = undefined;
    };
  }

  /** Forgets what was set, and the timer with it: nobody runs here any more. */
  stop(): void {
    this.#due = undefined;
    this.#firesAtMs = Infinity;
    this.#stopTimer();
  }

  #setTimer(delayMs: number, firesAtMs: number): void {
    this.#stopTimer();
    this.#firesAtMs = firesAtMs;
    this.#stopTimer = startIdleTimer(delayMs, () => this.#onTimer());
  }

  #onTimer(): void {
    this.#firesAtMs = Infinity;
    const due = this.#due;
    if (due === undefined) return;
    const leftMs = due.atMs - performance.now();
    if (leftMs > 0) {
      this.#setTimer(leftMs, due.atMs);
      return;
    }
    this.#due = undefined;
    due.onDue();
  }
}
