/**
 * The requests to one plugin: one runs at a time, and of each kind and document only the newest waits.
 *
 * A running request that nobody wants any more is not interrupted at once: that takes the plugin's instance
 * and all that it keeps in memory. It is when another request has waited for a while, or at its time limit.
 */

/** What a request asks for, the most urgent first. */
const URGENCY = ["complete", "hover", "format", "diagnose"] as const;

type RequestKind = (typeof URGENCY)[number];

export interface RequestOptions<Answer> {
  readonly kind: RequestKind;
  /** Requests of other documents are not replaced. */
  readonly document: object;
  readonly signal: AbortSignal | undefined;
  /** Starts the request; the signal interrupts it. */
  readonly run: (signal: AbortSignal) => Promise<Answer>;
}

interface Request {
  readonly kind: RequestKind;
  readonly document: object;
  /** Starts it, and settles its promise. Resolves to whether it failed by itself. */
  readonly run: (signal: AbortSignal) => Promise<boolean>;
  /** Rejects its promise: nobody wants it any more. */
  readonly cancel: (reason: unknown) => void;
}

interface Running {
  readonly request: Request;
  readonly interrupt: () => void;
  isWanted: boolean;
  /** When it is interrupted; set once it is unwanted and another request waits. */
  untilMs: number | undefined;
}

/** After each failure in a row of one kind: the first may be chance, and later ones should cost little. */
const BACKOFF_MS = [0, 250, 500, 1000, 2000];

/** A timer for longer fires at once. */
const MAX_TIMER_MS = 2 ** 31 - 1;

export class LatestRequests {
  readonly #graceMs: number;
  readonly #onBusy: (isBusy: boolean) => void;
  readonly #waiting: Set<Request> = new Set();
  readonly #failures: Map<RequestKind, { count: number; untilMs: number }> = new Map();
  #running: Running | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #isHeld = true;

  /**
   * Starts on hold.
   *
   * @param graceMs How long an unwanted request may run while another one waits.
   * @param onBusy Called when a request starts with none before it, and when the last one has ended.
   */
  constructor(graceMs: number, onBusy: (isBusy: boolean) => void) {
    this.#graceMs = graceMs;
    this.#onBusy = onBusy;
  }

  /** Resolves to the answer. Rejects with an `AbortError` when a newer request takes its place. */
  ask<Answer>({ kind, document, signal, run }: RequestOptions<Answer>): Promise<Answer> {
    signal?.throwIfAborted();
    const isReplaced = (other: Request) => other.kind === kind && other.document === document;
    for (const request of this.#waiting) if (isReplaced(request)) this.#cancel(request, replaced());
    if (this.#running !== undefined && isReplaced(this.#running.request))
      this.#cancel(this.#running.request, replaced());
    return new Promise<Answer>((resolve, reject) => {
      const onAbort = () => this.#cancel(request, signal?.reason);
      const request: Request = {
        kind,
        document,
        run: async (interruption) => {
          try {
            resolve(await run(interruption));
            return false;
          } catch (error) {
            reject(error);
            return !interruption.aborted;
          } finally {
            signal?.removeEventListener("abort", onAbort);
          }
        },
        cancel: (reason) => {
          signal?.removeEventListener("abort", onAbort);
          reject(reason);
        },
      };
      signal?.addEventListener("abort", onAbort);
      this.#waiting.add(request);
      this.#next();
    });
  }

  /** Starts requests, or holds them. */
  hold(isHeld: boolean): void {
    this.#isHeld = isHeld;
    this.#next();
  }

  /** Rejects all requests. */
  cancelAll(reason: unknown): void {
    for (const request of this.#waiting) this.#cancel(request, reason);
    if (this.#running !== undefined) this.#cancel(this.#running.request, reason);
  }

  #cancel(request: Request, reason: unknown): void {
    this.#waiting.delete(request);
    request.cancel(reason);
    if (this.#running?.request !== request) return;
    this.#running.isWanted = false;
    this.#next();
  }

  /** Does what can be done now, and sets a timer for what can be done later. */
  #next(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const now = performance.now();
    const untilMs = this.#running === undefined ? this.#startNext(now) : this.#giveWay(now);
    if (untilMs === undefined) return;
    this.#timer = setTimeout(() => this.#next(), Math.min(untilMs - now, MAX_TIMER_MS));
  }

  /** Interrupts an unwanted request. Returns when to look again. */
  #giveWay(now: number): number | undefined {
    const running = this.#running;
    if (running === undefined || running.isWanted || this.#waiting.size === 0) return undefined;
    running.untilMs ??= now + this.#graceMs;
    if (now < running.untilMs) return running.untilMs;
    running.interrupt();
    return undefined;
  }

  /** Starts the most urgent request. Returns when to look again, if all have to wait. */
  #startNext(now: number): number | undefined {
    if (this.#isHeld || this.#waiting.size === 0) return undefined;
    const untilMs = (kind: RequestKind) => this.#failures.get(kind)?.untilMs ?? 0;
    const waiting = [...this.#waiting].sort(
      (a, b) => URGENCY.indexOf(a.kind) - URGENCY.indexOf(b.kind),
    );
    const request = waiting.find(({ kind }) => untilMs(kind) <= now);
    if (request === undefined) return Math.min(...waiting.map(({ kind }) => untilMs(kind)));
    this.#waiting.delete(request);
    void this.#run(request);
    return undefined;
  }

  async #run(request: Request): Promise<void> {
    const controller = new AbortController();
    const interrupt = () => controller.abort(replaced());
    this.#running = { request, interrupt, isWanted: true, untilMs: undefined };
    this.#onBusy(true);
    const hasFailed = await request.run(controller.signal);
    this.#note(request.kind, hasFailed, controller.signal.aborted);
    this.#running = undefined;
    this.#onBusy(false);
    this.#next();
  }

  #note(kind: RequestKind, hasFailed: boolean, wasInterrupted: boolean): void {
    if (wasInterrupted) return;
    if (!hasFailed) {
      this.#failures.delete(kind);
      return;
    }
    const count = (this.#failures.get(kind)?.count ?? 0) + 1;
    const backoffMs = BACKOFF_MS[Math.min(count, BACKOFF_MS.length) - 1] ?? 0;
    this.#failures.set(kind, { count, untilMs: performance.now() + backoffMs });
  }
}

function replaced(): DOMException {
  return new DOMException("A newer request took its place", "AbortError");
}
