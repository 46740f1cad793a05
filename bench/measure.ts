/** Races contestants against each other: what is compared runs in turns, within one run of the bench. */

/** Something to time. */
export interface Contestant {
  readonly name: string;
  /** How many operations one run does; a sample is the time of one of them. Default: 1. */
  readonly operations?: number;
  /** Does the operations. What it returns is called once the clock has stopped, to clean up. */
  run(): Cleanup | Promise<Cleanup>;
}

// oxlint-disable-next-line typescript/no-invalid-void-type -- a run may return nothing
type Cleanup = (() => void) | void;

/** A unit of time, as a table shows it. */
export type Unit = "ns" | "µs" | "ms";

const UNITS_PER_MS: Readonly<Record<Unit, number>> = { ns: 1e6, µs: 1e3, ms: 1 };

export interface Race {
  readonly title: string;
  /** What samples are given in. */
  readonly unit: Unit;
  /** The name of the contestant that ratios are taken to. */
  readonly baseline: string;
  /** Contestants whose ratio is told again at the end of the report, by what the report calls it. */
  readonly headlines?: Readonly<Record<string, string>>;
  readonly contestants: readonly Contestant[];
  /** Has the report show how many operations a second make up, under this name. Default: it does not. */
  readonly rate?: string;
  /** How often each contestant runs for the record. */
  readonly rounds: number;
  /** How often each runs before that, unrecorded. */
  readonly warmUps: number;
  /** A rest before each run, where one leaves work behind for the browser. Default: none. */
  readonly restMs?: number;
}

/** What a race came to. Plain data, posted to the process that prints it. */
export interface Table {
  readonly title: string;
  readonly unit: Unit;
  readonly baseline: string;
  readonly headlines: Readonly<Record<string, string>>;
  readonly rate: string | undefined;
  readonly rows: readonly Row[];
  /** Whether its worst samples matter, and not how its rows compare. */
  readonly isTail?: boolean;
}

export interface Row {
  readonly name: string;
  /** The time of one operation in each round; samples of one index belong to one round. */
  readonly samples: readonly number[];
  /** Whether the last sample was stopped before its end, and would have been larger. */
  readonly isStopped?: boolean;
}

/** A part of the bench that can be run by itself. */
export interface Group {
  /** What `--only` calls it. */
  readonly name: string;
  run(): Promise<readonly Table[]>;
}

/**
 * Whether this is the brief run that only checks that the bench works: `npm run bench -- --brief`.
 * The page learns it from its address, Node from its arguments.
 */
export function isBrief(): boolean {
  if (typeof location === "undefined") return process.argv.includes("--brief");
  return new URLSearchParams(location.search).has("brief");
}

/** The number of rounds to run: one in a brief run. */
export function roundsOf(rounds: number): number {
  return isBrief() ? 1 : rounds;
}

/** The number of unrecorded rounds to run before: none in a brief run. */
export function warmUpsOf(warmUps: number): number {
  return isBrief() ? 0 : warmUps;
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
      if (restMs !== undefined) await sleep(restMs);
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
  cleanUp?.();
  return ms / (contestant.operations ?? 1);
}

function sleep(durationMs: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, durationMs);
  });
}

/** Fails the bench when a contestant answers wrongly: its time would mean nothing. */
export function expectEqual(found: unknown, expected: unknown): void {
  if (found === expected) return;
  throw new Error(`Cannot go on: answer ${String(found)}, expected ${String(expected)}`);
}
