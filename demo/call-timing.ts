/** Shows how long calls take: the last one, the median, and a small chart of the recent ones. */

import { durationText } from "./duration.ts";
import { pageElement } from "./page-element.ts";

const RECENT_CALLS = 48;
const BAR_WIDTH = 3;
const BAR_GAP = 2;
const CHART_HEIGHT = 32;
const LOWEST_BAR = 2;

export class CallTiming {
  readonly #clockStepMs: number;
  readonly #recentMs: number[] = [];
  readonly #last: HTMLElement = pageElement("call-time", HTMLElement);
  readonly #median: HTMLElement = pageElement("median-time", HTMLElement);
  readonly #count: HTMLElement = pageElement("call-count", HTMLElement);
  readonly #bars: SVGPathElement = pageElement("call-bars", SVGPathElement);
  readonly #lastBar: SVGPathElement = pageElement("call-last-bar", SVGPathElement);
  #calls = 0;

  constructor(clockStepMs: number) {
    this.#clockStepMs = clockStepMs;
  }

  add(durationMs: number): void {
    this.#calls += 1;
    this.#recentMs.push(durationMs);
    if (this.#recentMs.length > RECENT_CALLS) this.#recentMs.shift();
    this.#last.textContent = durationText(durationMs, this.#clockStepMs);
    const medianMs = medianOf(this.#recentMs);
    this.#median.textContent = durationText(medianMs, this.#clockStepMs);
    this.#count.textContent = this.#calls.toLocaleString("en");
    this.#draw(medianMs);
  }

  #draw(medianMs: number): void {
    // The newest bar is at the right. A median call is half as high as the chart; four times the
    // median or more fills it, so that one slow call does not flatten the others.
    const fullMs = 4 * Math.max(medianMs, this.#clockStepMs);
    const first = RECENT_CALLS - this.#recentMs.length;
    const bars = this.#recentMs.map((durationMs, index) => {
      const share = Math.min(1, Math.sqrt(durationMs / fullMs));
      const top = CHART_HEIGHT - Math.max(LOWEST_BAR, share * CHART_HEIGHT);
      const x = (first + index) * (BAR_WIDTH + BAR_GAP);
      return `M${x} ${CHART_HEIGHT}V${top.toFixed(1)}h${BAR_WIDTH}V${CHART_HEIGHT}z`;
    });
    this.#lastBar.setAttribute("d", bars.pop() ?? "");
    this.#bars.setAttribute("d", bars.join(""));
  }
}

/** The middle value, or the mean of the two middle values. */
function medianOf(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length / 2;
  const below = sorted[Math.ceil(middle) - 1] ?? 0;
  const above = sorted[Math.floor(middle)] ?? 0;
  return (below + above) / 2;
}
