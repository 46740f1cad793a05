/** Gives a guest fuel in small amounts, and checks its limits in between. */

import type { PluginLimitError, PluginTimeoutError } from "../errors.ts";
import { REFILL } from "../rewrite/fuel-form.ts";
import { timeoutError } from "../wording/guest-run.ts";
import { limitError } from "../wording/limit-error.ts";
import type { BrowserApis } from "./lock-down.ts";

/** Units given at a time: a processor needs about half a millisecond for them. */
const REFILL_UNITS = 1_000_000;

/** After this time in imports, which cost no fuel, a guest has to ask for more. */
const LOOK_AFTER_MS = 1;

/** After this time the worker handles its messages: the page may have terminated it. */
const YIELD_AFTER_MS = 5;

/** The time and the fuel of one call, or of the start. */
interface Allowance {
  /** What runs, for errors: see `wording/guest-run.ts`. */
  readonly run: string;
  readonly deadlineMs: number;
  readonly timeoutMs: number;
  /** Units that are neither used nor handed out. */
  left: number;
}

export interface FuelOptions {
  readonly pluginName: string;
  /** Units for each call. */
  readonly fuel: number;
  /** Whether the guest can be suspended, so that the worker can handle its messages. */
  readonly canSuspend: boolean;
  /** Called at each refill. */
  readonly onRefill: () => void;
}

export class FuelMeter {
  readonly #options: FuelOptions;
  readonly #apis: Pick<BrowserApis, "nowMs" | "nextTask">;
  #global: WebAssembly.Global<"i64"> | undefined;
  #allowance: Allowance = { run: "", deadlineMs: Infinity, timeoutMs: Infinity, left: Infinity };
  #used = 0;
  /** How much the guest had when its fuel was last counted. */
  #given = 0;
  #lastYieldMs = 0;
  #lastLookMs = 0;
  #pinned = 0;
  #failure: PluginLimitError | PluginTimeoutError | undefined;

  constructor(options: FuelOptions, apis: Pick<BrowserApis, "nowMs" | "nextTask">) {
    this.#options = options;
    this.#apis = apis;
  }

  /** Whether fuel is limited. */
  get isLimited(): boolean {
    return this.#options.fuel !== Infinity;
  }

  get canSuspend(): boolean {
    return this.#options.canSuspend;
  }

  /** Units used since the start, by all calls together. */
  get used(): number {
    return this.#used;
  }

  /** Why the guest got no more fuel, and trapped. */
  get failure(): PluginLimitError | PluginTimeoutError | undefined {
    return this.#failure;
  }

  attach(global: WebAssembly.Global<"i64">): void {
    this.#global = global;
  }

  /** Gives a call its time and its fuel. */
  begin(run: string, timeoutMs: number): void {
    this.#count();
    const nowMs = this.#apis.nowMs();
    this.#allowance = {
      run,
      deadlineMs: nowMs + timeoutMs,
      timeoutMs,
      left: Math.floor(this.#options.fuel),
    };
    this.#lastYieldMs = nowMs;
    this.#lastLookMs = nowMs;
    this.#give();
  }

  /** Counts what was used of what was handed out. */
  end(): void {
    this.#count();
  }

  /** Runs guest code that is called from JavaScript frames, which cannot be suspended. */
  readonly pinned = <T>(run: () => T): T => {
    this.#pinned += 1;
    try {
      return run();
    } finally {
      this.#pinned -= 1;
    }
  };

  /**
   * Takes the guest's fuel back when it has had it for long, so that it asks again.
   *
   * @throws {PluginTimeoutError} when its time is up.
   */
  readonly look = (): void => {
    const nowMs = this.#apis.nowMs();
    if (this.#global === undefined || nowMs - this.#lastLookMs < LOOK_AFTER_MS) return;
    if (nowMs > this.#allowance.deadlineMs) throw this.#timeIsUp();
    this.#count();
    this.#given = 0;
    this.#global.value = 0n;
  };

  /** The guest calls this when it has no fuel left. Returns one of `REFILL`. */
  readonly refill = (): number => {
    this.#count();
    const { pluginName, fuel, canSuspend, onRefill } = this.#options;
    onRefill();
    const { run, left, deadlineMs } = this.#allowance;
    if (left < 0) {
      const [value, allowed] = [fuel - left, fuel];
      const subject = `${run} of plugin`;
      this.#failure = limitError(pluginName, { limit: "fuel", value, allowed, subject });
      return REFILL.refused;
    }
    const nowMs = this.#apis.nowMs();
    if (nowMs > deadlineMs) {
      this.#timeIsUp();
      return REFILL.refused;
    }
    this.#lastLookMs = nowMs;
    this.#give();
    const mayPause = canSuspend && this.#pinned === 0;
    return mayPause && nowMs - this.#lastYieldMs > YIELD_AFTER_MS ? REFILL.pause : REFILL.given;
  };

  /** The guest calls this for a pause, in which the worker handles its messages: one may terminate it. */
  readonly pause = async (): Promise<number> => {
    await this.#apis.nextTask();
    this.#lastYieldMs = this.#apis.nowMs();
    return REFILL.given;
  };

  #timeIsUp(): PluginTimeoutError {
    const { run, timeoutMs } = this.#allowance;
    const error = timeoutError(run, this.#options.pluginName, timeoutMs);
    this.#failure = error;
    return error;
  }

  #count(): void {
    if (this.#global === undefined) return;
    const used = this.#given - Number(this.#global.value);
    this.#used += used;
    this.#allowance.left -= used;
    this.#given -= used;
  }

  #give(): void {
    if (this.#global === undefined) return;
    this.#given = Math.min(REFILL_UNITS, this.#allowance.left);
    this.#global.value = BigInt(this.#given);
  }
}
