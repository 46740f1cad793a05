/**
 * The page's side of the hostile corpus: runs one attack, watches the page meanwhile, and checks what
 * the attack leaves behind.
 */

import * as cloche from "cloche";
import { workers } from "../harness/watched-workers.ts";
import { Caller } from "./caller.ts";
import { TICK_MS, Ticking } from "./ticking.ts";

/** An attack's tools. Every plugin that it loads with them is closed after it. */
export interface Arena {
  readonly cloche: typeof cloche;
  readonly t: typeof cloche.t;
  /** Loads a guest from its bytes, or from an address. */
  readonly load: (
    source: readonly number[] | string,
    options?: cloche.LoadOptions,
  ) => Promise<cloche.Plugin>;
  /** Loads the guest of `calling-guest.ts` on an engine. */
  readonly caller: (
    source: readonly number[],
    engine?: "cloche" | "wasmer",
    options?: cloche.LoadOptions,
  ) => Promise<Caller>;
  /** Returns the error that a promise is rejected with; fails when it is fulfilled. */
  readonly rejection: (promise: Promise<unknown>) => Promise<Failure>;
  /** Records how late a promise settles that should settle within `ms`. */
  readonly within: <T>(ms: number, promise: Promise<T>) => Promise<T>;
  /** Resolves after so many milliseconds. */
  readonly rest: (ms: number) => Promise<void>;
  /** Resolves when a condition holds. */
  readonly until: (isSo: () => boolean) => Promise<void>;
}

/** An attack. It runs in the page, so it can use only its arguments. */
export type Attack<Given> = (arena: Arena, given: Given) => Promise<unknown>;

/** An error in plain data. */
export interface Failure {
  readonly name: string;
  readonly message: string;
  /** Its own properties that are strings or numbers. */
  readonly fields: Readonly<Record<string, string | number>>;
  /** The name of its cause, if that is an error. */
  readonly cause?: string;
}

/** The value that an attack was fulfilled with, or the error that it was rejected with. */
export type End = { readonly value: unknown } | { readonly error: Failure };

/** The outcome of attacks. */
export interface Outcome {
  /** One for each attack. */
  readonly ends: readonly End[];
  /** How late the latest promise with a deadline settled; 0 if none was late. */
  readonly lateMs: number;
  /** The longest time that the page was held up, without what held up an idle worker as well. */
  readonly longestGapMs: number;
  /** What was wrong afterwards: plugins that answer wrongly, workers still running, uncaught errors. */
  readonly wrong: readonly string[];
}

/** An attack is given up this long after its deadline. */
const PATIENCE_MS = 10_000;

/** How long a terminated worker may take to end: Chromium needs two seconds for one that spins. */
const DEATH_MS = 5000;

/** How long a page may take to respond freely again: Chromium needs five seconds after a flood. */
const RECOVERY_MS = 15_000;

/** A page is held up while ticks take longer than this, */
const FREE_MS = 50;

/** and free again after this many in a row that do not. */
const FREE_TICKS = 5;

/** Runs an attack once with each of `givens`, one after the other. Each should end within `deadlineMs`. */
export async function withstand<Given>(
  attack: Attack<Given>,
  givens: readonly Given[],
  deadlineMs: number,
): Promise<Outcome> {
  const plugins: cloche.Plugin[] = [];
  const punctuality = new Punctuality();
  const load: Arena["load"] = async (source, options) => {
    const module = typeof source === "string" ? source : new Uint8Array(source);
    const plugin = await cloche.loadPlugin(module, options);
    plugins.push(plugin);
    return plugin;
  };
  const arena: Arena = {
    cloche,
    t: cloche.t,
    load,
    caller: async (source, engine = "cloche", options = {}) =>
      new Caller(await load(source, { ...window.onEngine(engine), ...options })),
    rejection: async (promise) => {
      const end = await endOf(promise);
      if ("error" in end) return end.error;
      throw new Error("the promise was fulfilled, expected a rejection");
    },
    within: (ms, promise) => punctuality.watch(ms, promise),
    rest,
    until,
  };

  const stray = watchStrayErrors();
  const ticking = await Ticking.start();
  const ends: End[] = [];
  const wrong: string[] = [];
  let longestGapMs = 0;
  for (const given of givens) {
    const running = endOf(punctuality.watch(deadlineMs, attack(arena, given)));
    ends.push(await Promise.race([running, givenUp(deadlineMs + PATIENCE_MS)]));
    longestGapMs = Math.max(longestGapMs, await ticking.takeLongest());
    for (const plugin of plugins.splice(0)) wrong.push(...(await lookAfter(plugin)));
  }

  wrong.push(...(await tryFreshPlugin()), ...(await leftOver()));
  if ((await ticking.takeLongest()) > FREE_MS) wrong.push(...(await calm()));
  ticking.stop();
  wrong.push(...stray());
  return { ends, lateMs: punctuality.lateMs, longestGapMs, wrong };
}

/** Measures how late promises settle, compared with timers of the page for the same time. */
class Punctuality {
  lateMs = 0;

  async watch<T>(ms: number, promise: Promise<T>): Promise<T> {
    let dueMs = Infinity;
    const control = setTimeout(() => (dueMs = performance.now()), ms);
    try {
      return await promise;
    } finally {
      clearTimeout(control);
      this.lateMs = Math.max(this.lateMs, performance.now() - dueMs);
    }
  }
}

async function endOf(promise: Promise<unknown>): Promise<End> {
  try {
    return { value: await promise };
  } catch (error) {
    return { error: failureOf(error) };
  }
}

function failureOf(error: unknown): Failure {
  if (!(error instanceof Error)) return { name: typeof error, message: String(error), fields: {} };
  const isPlain = (value: unknown) => typeof value === "string" || typeof value === "number";
  const fields = Object.entries(error).filter(([, value]) => isPlain(value));
  const { cause } = error;
  const classes = new Map<string, unknown>(Object.entries(cloche));
  const known = classes.get(error.name);
  const isOfClass = typeof known !== "function" || error instanceof known;
  return {
    name: isOfClass ? error.name : `${error.name} in name only`,
    message: error.message,
    fields: Object.fromEntries(fields) as Failure["fields"],
    ...(cause instanceof Error && { cause: cause.name }),
  };
}

async function givenUp(ms: number): Promise<End> {
  await rest(ms);
  return { error: { name: "GivenUp", message: `nothing came for ${ms} ms`, fields: {} } };
}

function rest(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await rest(TICK_MS);
}

/** Collects uncaught errors of the page. */
function watchStrayErrors(): () => string[] {
  const found: string[] = [];
  const onError = (event: ErrorEvent) => void found.push(`stray error: ${event.message}`);
  const onRejection = (event: PromiseRejectionEvent) =>
    void found.push(`unhandled rejection: ${String(event.reason)}`);
  addEventListener("error", onError);
  addEventListener("unhandledrejection", onRejection);
  return () => {
    removeEventListener("error", onError);
    removeEventListener("unhandledrejection", onRejection);
    return found;
  };
}

/** Checks that a closed plugin refuses requests at once, and that a running one answers. */
async function lookAfter(plugin: cloche.Plugin): Promise<string[]> {
  const { t } = cloche;
  const closed = await Promise.race([plugin.closed, rest(0)]);
  if (closed === undefined) {
    const wrong: string[] = [];
    if (plugin.functions.includes("echo")) {
      const end = await Promise.race([
        endOf(plugin.function("echo", [t.string], t.string)("still here")),
        givenUp(PATIENCE_MS),
      ]);
      const answer = "value" in end ? end.value : end.error.message;
      if (answer !== "still here") wrong.push(`the plugin that lives on answers ${String(answer)}`);
    }
    plugin.terminate();
    return wrong;
  }
  const end = await Promise.race([endOf(plugin.files.list("/")), givenUp(1000)]);
  const name = "error" in end ? end.error.name : "fulfilled";
  return name === "PluginClosedError" ? [] : [`a request to the plugin that is gone was ${name}`];
}

async function tryFreshPlugin(): Promise<string[]> {
  const { loadPlugin, t } = cloche;
  const tried = async () => {
    const plugin = await loadPlugin("/plugins/double-c.wasm");
    const doubled = await plugin.function("double", [t.vec(t.f64)], t.vec(t.f64))([21]);
    await plugin.close();
    return doubled[0];
  };
  const end = await Promise.race([endOf(tried()), givenUp(PATIENCE_MS)]);
  if ("value" in end && end.value === 42) return [];
  return [`a fresh plugin ended with ${JSON.stringify(end)}`];
}

/** Finds workers that nobody terminated, and locks of workers that are still running. */
async function leftOver(): Promise<string[]> {
  const wrong = workers.size === 0 ? [] : [`${workers.size} workers were not terminated`];
  for (const worker of workers) worker.terminate();
  const endMs = performance.now() + DEATH_MS;
  for (;;) {
    const { held = [], pending = [] } = await navigator.locks.query();
    const lifelines = [...held, ...pending].filter(({ name }) => name?.startsWith("cloche:"));
    if (lifelines.length === 0) return wrong;
    if (performance.now() > endMs) return [...wrong, `${lifelines.length} workers live on`];
    await rest(TICK_MS);
  }
}

/**
 * Waits until the page responds freely. Chromium lets a terminated worker that spins post for two
 * seconds more, and drops its messages one by one on the page's thread: gaps that the next attack
 * would be blamed for.
 */
async function calm(): Promise<string[]> {
  const endMs = performance.now() + RECOVERY_MS;
  for (let ticks = 0; ticks < FREE_TICKS; ) {
    const askedMs = performance.now();
    await rest(TICK_MS);
    const nowMs = performance.now();
    ticks = nowMs - askedMs <= FREE_MS ? ticks + 1 : 0;
    if (nowMs > endMs) return [`the page is still held up after ${RECOVERY_MS} ms`];
  }
  return [];
}
