/** Measures the time between the frames of the page, and draws it. */

/** One bar for each frame; about four seconds. */
const SHOWN_FRAMES = 240;
/** A bar of this height fills the chart. */
const FULL_MS = 100;
/** A frame that took longer was visibly late: more than two of a screen with 60 in a second. */
const LATE_MS = 34;

export interface FrameReading {
  /** The time since the frame before. */
  readonly gapMs: number;
  /** The longest one since the meter was told to begin anew. */
  readonly longestMs: number;
}

export class FrameMeter {
  readonly #canvas: HTMLCanvasElement;
  readonly #listener: (reading: FrameReading) => void;
  readonly #gaps: number[] = [];
  #lastMs: number | undefined;
  #longestMs = 0;
  #frame: number;

  constructor(canvas: HTMLCanvasElement, listener: (reading: FrameReading) => void) {
    this.#canvas = canvas;
    this.#listener = listener;
    this.#frame = requestAnimationFrame(this.#next);
  }

  /** Forgets the longest gap. */
  begin(): void {
    this.#longestMs = 0;
  }

  stop(): void {
    cancelAnimationFrame(this.#frame);
  }

  readonly #next = (nowMs: number): void => {
    this.#frame = requestAnimationFrame(this.#next);
    const gapMs = this.#lastMs === undefined ? 0 : nowMs - this.#lastMs;
    this.#lastMs = nowMs;
    // A tab in the background has no frames; that is nobody's attack.
    if (document.hidden || gapMs === 0) return;
    this.#gaps.push(gapMs);
    if (this.#gaps.length > SHOWN_FRAMES) this.#gaps.shift();
    this.#longestMs = Math.max(this.#longestMs, gapMs);
    this.#listener({ gapMs, longestMs: this.#longestMs });
    this.#draw();
  };

  #draw(): void {
    const canvas = this.#canvas;
    const context = canvas.getContext("2d");
    if (context === null) return;
    const scale = devicePixelRatio;
    const [width, height] = [canvas.clientWidth * scale, canvas.clientHeight * scale];
    if (canvas.width !== width || canvas.height !== height) {
      canvas.width = width;
      canvas.height = height;
    }
    const style = getComputedStyle(canvas);
    const colours = {
      early: style.getPropertyValue("--accent"),
      late: style.getPropertyValue("--notice"),
    };
    context.clearRect(0, 0, width, height);
    const step = width / SHOWN_FRAMES;
    const first = SHOWN_FRAMES - this.#gaps.length;
    for (const [index, gapMs] of this.#gaps.entries()) {
      const bar = Math.min(1, gapMs / FULL_MS) * height;
      context.fillStyle = gapMs > LATE_MS ? colours.late : colours.early;
      context.fillRect((first + index) * step, height - bar, Math.max(1, step * 0.7), bar);
    }
  }
}
