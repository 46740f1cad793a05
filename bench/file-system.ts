/** The cost of files for a guest: this library's engine compared with others. */

import type { EngineName } from "./file-system-engines.ts";
import type { FileSystemRequest } from "./file-system-worker.ts";
import { WORKLOADS, type WorkloadName } from "./file-system-workloads.ts";
import { type Group, isBrief, type Row, roundsOf, type Table, warmUpsOf } from "./measure.ts";

const ROUNDS = 11;
const WARM_UPS = 5;
/** An engine that takes longer than this runs only once. */
const PATIENCE_MS = 2000;
/** A run is stopped after this time, and its row says so. */
const LIMIT_MS = 20_000;
const BRIEF_LIMIT_MS = 150;

const BASELINE = "Cloche";
const CONTESTANTS: readonly EngineName[] = [
  BASELINE,
  "cloche/wasmer",
  "@wasmer/wasi + @wasmer/wasmfs",
  "@bjorn3/browser_wasi_shim",
  "@runno/wasi",
];

export const fileSystem: Group = {
  name: "file-system",
  run: async () => {
    const tables: Table[] = [];
    for (const workload of Object.keys(WORKLOADS)) {
      tables.push(await raceEngines(workload as WorkloadName));
    }
    return tables;
  },
};

/** Like `race`, for runs that are timed in workers and stopped when they are slow. */
async function raceEngines(workload: WorkloadName): Promise<Table> {
  const engines = CONTESTANTS.map((name) => new TimedEngine(name, workload));
  const [rounds, warmUps] = [roundsOf(ROUNDS), warmUpsOf(WARM_UPS)];
  for (let round = -warmUps; round < rounds; round++) {
    for (let turn = 0; turn < engines.length; turn++) {
      const index = (turn + round + warmUps) % engines.length;
      await engines[index]?.run(round >= 0);
    }
  }
  for (const engine of engines) engine.stop();
  return {
    title: WORKLOADS[workload].title,
    unit: "ms",
    baseline: BASELINE,
    headlines: {},
    rate: undefined,
    rows: engines.map((engine) => engine.row),
  };
}

/** An engine in a worker of its own, for one workload. */
class TimedEngine {
  readonly #request: FileSystemRequest;
  readonly #worker = new Worker(`/file-system-worker.js${isBrief() ? "?brief" : ""}`, {
    type: "module",
  });
  readonly #samples: number[] = [];
  readonly #limitMs = isBrief() ? BRIEF_LIMIT_MS : LIMIT_MS;
  #settle: { resolve(ms: number): void; reject(error: Error): void } | undefined;
  #isSlow = false;
  #isStopped = false;

  constructor(engine: EngineName, workload: WorkloadName) {
    this.#request = { engine, workload };
    this.#worker.addEventListener("message", ({ data }) => this.#settle?.resolve(data));
    this.#worker.addEventListener("error", ({ message }) => {
      this.#settle?.reject(new Error(`Cannot go on: ${engine}: ${message}`));
    });
  }

  get row(): Row {
    return { name: this.#request.engine, samples: this.#samples, isStopped: this.#isStopped };
  }

  /** Runs the workload, unless it was slow before. A slow run is recorded too. */
  async run(isRecorded: boolean): Promise<void> {
    if (this.#isSlow) return;
    const ms = await this.#time();
    this.#isStopped = ms === undefined;
    this.#isSlow = ms === undefined || ms > PATIENCE_MS;
    if (isRecorded || this.#isSlow) this.#samples.push(ms ?? this.#limitMs);
    if (this.#isSlow) this.stop();
  }

  stop(): void {
    this.#worker.terminate();
  }

  /** The duration of the workload in milliseconds, if it finished. */
  async #time(): Promise<number | undefined> {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const answer = new Promise<number | undefined>((resolve, reject) => {
      timer = setTimeout(resolve, this.#limitMs, undefined);
      this.#settle = { resolve, reject };
    });
    this.#worker.postMessage(this.#request, []);
    try {
      return await answer;
    } finally {
      clearTimeout(timer);
    }
  }
}
