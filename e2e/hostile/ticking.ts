/**
 * Measures how long a page is held up. A worker that does nothing else ticks beside the page: what holds up
 * both is the machine, which has other processes to run, and is not counted.
 */

import { startUnwatched } from "../harness/watched-workers.ts";

/** From and to, in milliseconds of the clock that all threads share. */
type Span = readonly [fromMs: number, toMs: number];

/** Time between ticks: the shortest that browsers allow nested timers. */
export const TICK_MS = 4;

/** Ticks come this late on a thread that nothing holds up. */
const USUAL_MS = 12;

/** The times between ticks of a thread that are longer than usual. Its text is the worker's script. */
class Gaps {
  #spans: Span[] = [];
  #lastMs = this.#nowMs();
  readonly #usualMs: number;
  readonly #timer: ReturnType<typeof setInterval>;

  constructor(tickMs: number, usualMs: number) {
    this.#usualMs = usualMs;
    this.#timer = setInterval(() => this.#tick(), tickMs);
  }

  /** Those since this was asked last, the one that has not ended included. */
  take(): Span[] {
    this.#tick();
    const spans = this.#spans;
    this.#spans = [];
    return spans;
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  #tick(): void {
    const nowMs = this.#nowMs();
    if (nowMs - this.#lastMs > this.#usualMs) this.#spans.push([this.#lastMs, nowMs]);
    this.#lastMs = nowMs;
  }

  #nowMs(): number {
    return performance.timeOrigin + performance.now();
  }
}

/** One for all attacks of a page. */
let idleWorker: Worker | undefined;

/** Asks the worker for its gaps since it was asked last. */
async function gapsOfIdleWorker(): Promise<readonly Span[]> {
  const worker = (idleWorker ??= startUnwatched(
    `const gaps = new (${Gaps.toString()})(${TICK_MS}, ${USUAL_MS});
    onmessage = () => postMessage(gaps.take());`,
  ));
  return new Promise((resolve) => {
    const onMessage = ({ data }: MessageEvent<readonly Span[]>) => resolve(data);
    worker.addEventListener("message", onMessage, { once: true });
    worker.postMessage("gaps", []);
  });
}

/** Watches the page from its start on. */
export class Ticking {
  readonly #gaps = new Gaps(TICK_MS, USUAL_MS);

  static async start(): Promise<Ticking> {
    await gapsOfIdleWorker();
    return new Ticking();
  }

  /** The longest time that the page alone was held up, since this was asked last. */
  async takeLongest(): Promise<number> {
    const gaps = this.#gaps.take();
    const others = await gapsOfIdleWorker();
    return Math.max(0, ...gaps.map((gap) => lengthWithout(gap, others)));
  }

  stop(): void {
    this.#gaps.stop();
  }
}

/** How long a span is without what others cover of it. */
function lengthWithout([fromMs, toMs]: Span, others: readonly Span[]): number {
  const covered = others.map(([from, to]) => Math.min(to, toMs) - Math.max(from, fromMs));
  return toMs - fromMs - covered.reduce((sum, ms) => sum + Math.max(0, ms), 0);
}
