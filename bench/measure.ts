/** Races contestants: they run in turns, within one run of the bench. */

/** Something to time. */
export interface Contestant {
  readonly name: string;
  /** The number of operations in one run. A sample is the time of one of them. Default: 1. */
  readonly operations?: number;
  /** Runs the operations. It may return a function that cleans up after the clock has stopped. */
  run(): Cleanup | Promise<Cleanup>;
}

// oxlint-disable-next-line typescript/no-invalid-void-type -- a run may return nothing
type Cleanup = (() => void | Promise<void>) | void;

/** The unit of time of a race. */
export type TimeUnit = "ns" | "µs" | "ms";

/** The unit of a table. */
export type Unit = TimeUnit | "MiB";

const UNITS_PER_MS: Readonly<Record<TimeUnit, number>> = { ns: 1e6, µs: 1e3, ms: 1 };

export interface Race {
  readonly title: string;
  /** The unit of the samples. */
  readonly unit: TimeUnit;
  /** The name of the contestant that ratios refer to. */
  readonly baseline: string;
  /** Contestants whose ratio is repeated at the end of the report, by their label there. */
  readonly headlines?: Readonly<Record<string, string>>;
  readonly contestants: readonly Contestant[];
  /** The label under which the report shows operations per second. Default: not shown. */
  readonly rate?: string;
  /** The number of recorded runs of each contestant. */
  readonly rounds: number;
  /** The number of unrecorded runs before them. */
  readonly warmUps: number;
  /** A pause before each run, for work that a run leaves to the browser. Default: none. */
  readonly restMs?: number;
}

/** Whether a page is cross-origin isolated. */
export type PageKind = "isolated" | "not isolated";

/** The result of a race. Plain data, posted to the process that prints it. */
export interface Table {
  readonly title: string;
  readonly unit: Unit;
  readonly baseline: string;
  readonly headlines: Readonly<Record<string, string>>;
  readonly rate: string | undefined;
  readonly rows: readonly Row[];
  /** Whether its worst samples matter instead of the ratios of its rows. */
  readonly isTail?: boolean;
}

/** A table with where it was measured. */
export interface PlacedTable extends Table {
  readonly group: string;
  readonly page: PageKind;
}

export interface Row {
  readonly name: string;
  /** The time of one operation in each round. Samples with the same index belong to the same round. */
  readonly samples: readonly number[];
  /** Whether the last sample was stopped early. */
  readonly isStopped?: boolean;
}

/** A part of the bench that can run alone. */
export interface Group {
  /** Its name for `--only`. */
  readonly name: string;
  /** The pages it runs on. Default: an isolated one alone. */
  readonly pages?: readonly PageKind[];
  run(): Promise<readonly Table[]>;
}

/**
 * Whether this is the brief run that only checks that the bench works: `npm run bench -- --brief`.
 * The page gets it from its address, Node from its arguments.
 */
export function isBrief(): boolean {
  if (typeof location === "undefined") return process.argv.includes("--brief");
  return new URLSearchParams(location.search).has("brief");
}

/** Whether this page is cross-origin isolated. */
export const isIsolated = (): boolean => globalThis.crossOriginIsolated;

/** The number of rounds to run: one in a brief run. */
export function roundsOf(rounds: number): number {
  return isBrief() ? 1 : rounds;
}

/** The number of unrecorded rounds before: none in a brief run. */
export function warmUpsOf(warmUps: number): number {
  return isBrief() ? 0 : warmUps;
}

/** The size of a workload: a hundredth in a brief run. */
export function scaled(size: number): number {
  return isBrief() ? Math.max(1, Math.floor(size / 100)) : size;
}

/** Runs a race: every round runs each contestant once, starting with another one each time. */
export async function race(options: Race): Promise<Table> {
  const { title, unit, baseline, headlines = {}, rate } = options;
  const { contestants, restMs } = options;
  const [rounds, warmUps] = [roundsOf(options.rounds), warmUpsOf(options.warmUps)];
  const rows = contestants.map(({ name }) => ({ name, samples: [] as number[] }));
  for (let round = -warmUps; round < rounds; round++) {
    for (let turn = 0; turn < contestants.length; turn++) {
      const index = (turn + round + warmUps) % contestants.length;
      if (restMs !== undefined) await sleep(isBrief() ? 0 : restMs);
      const ms = await time(contestants[index] as Contestant);
      if (round >= 0) rows[index]?.samples.push(ms * UNITS_PER_MS[unit]);
    }
  }
  return { title, unit, baseline, headlines, rate, rows };
}

/** The milliseconds that one operation takes. */
async function time(contestant: Contestant): Promise<number> {
  const startMs = performance.now();
  const cleanUp = await contestant.run();
  const ms = performance.now() - startMs;
  await cleanUp?.();
  return ms / (contestant.operations ?? 1);
}

/** Resolves after a time. */
export function sleep(durationMs: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, durationMs);
  });
}

/** Fails the bench if a contestant returns a wrong result. */
export function expectEqual(found: unknown, expected: unknown): void {
  if (found === expected) return;
  throw new Error(`Cannot go on: answer ${String(found)}, expected ${String(expected)}`);
}
