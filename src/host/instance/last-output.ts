/** Waits for the last output of a guest that is being stopped. */

import { CHUNK_INTERVAL_MS } from "../../protocol/output-pace.ts";
import { startTimer } from "../time/timer.ts";

/**
 * How long the page waits for the last output of a guest that it can't interrupt, since a worker whose
 * guest writes too fast posts within a frame, and of one that waits for the page: that has posted all.
 */
const LAST_OUTPUT_MS: number = 2 * CHUNK_INTERVAL_MS;

/** The same for a guest that is interrupted: it stops at once, but on a busy machine not within a frame. */
const INTERRUPTED_OUTPUT_MS = 250;

export class LastOutput {
  #resolve: () => void = () => {};
  #stopTimer: () => void = () => {};
  #isShortened = false;

  /** @param isStopping Whether the guest was interrupted, and does not wait for the page. */
  wait(isStopping: boolean): Promise<void> {
    return new Promise((resolve) => {
      this.#resolve = resolve;
      this.#stopTimer = startTimer(isStopping ? INTERRUPTED_OUTPUT_MS : LAST_OUTPUT_MS, resolve);
    });
  }

  /** The guest has stopped, or the worker is gone. */
  onStopped(): void {
    this.#stopTimer();
    this.#resolve();
  }

  /** The guest asks for something that it won't get. Counts once: a hostile worker could go on for ever. */
  onWaiting(): void {
    if (this.#isShortened) return;
    this.#isShortened = true;
    this.#stopTimer();
    this.#stopTimer = startTimer(LAST_OUTPUT_MS, this.#resolve);
  }
}
