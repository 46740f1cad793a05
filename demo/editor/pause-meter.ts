/** Measures how long the page did not draw. */

/** A pause that nobody notices is none: two frames of a slow screen. */
const SHORTEST_MS = 34;

/** Shows the longest time between two frames since the last {@link PauseMeter.reset}. */
export class PauseMeter {
  readonly #output: HTMLElement;
  #lastMs: number | undefined;
  #longestMs = 0;
  #request = 0;

  constructor(output: HTMLElement) {
    this.#output = output;
    document.addEventListener("visibilitychange", () => (this.#lastMs = undefined));
  }

  /** Starts to measure, or starts anew. */
  reset(): void {
    this.#lastMs = undefined;
    this.#longestMs = 0;
    this.#output.textContent = `< ${SHORTEST_MS} ms`;
    cancelAnimationFrame(this.#request);
    this.#request = requestAnimationFrame(this.#frame);
  }

  readonly #frame = (nowMs: number): void => {
    const pauseMs = this.#lastMs === undefined ? 0 : nowMs - this.#lastMs;
    this.#lastMs = nowMs;
    if (pauseMs > Math.max(SHORTEST_MS, this.#longestMs)) {
      this.#longestMs = pauseMs;
      this.#output.textContent = `${Math.round(pauseMs)} ms`;
    }
    this.#request = requestAnimationFrame(this.#frame);
  };
}
