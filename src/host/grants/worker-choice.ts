/** What decides about the worker that a plugin lives in. */

import type { Isolation } from "./isolation.ts";

/**
 * Where a plugin's worker comes from: by default the script inlined in this library, as a blob. A
 * page whose Content-Security-Policy forbids `worker-src blob:` hosts `cloche/worker` itself and
 * gives its address, or a function that makes the worker.
 */
export type WorkerScript = URL | string | (() => Worker);

/**
 * A WASI implementation that plugins run on instead of Cloche's own, such as `wasmer()` of
 * `cloche/wasmer`. Engines live in the worker, so it is a worker's script that has it in it.
 */
export interface WasiEngineChoice {
  /** The text of that script. For `spawnWorker` only. */
  readonly workerSource: string;
}

/** What decides about the worker. */
export interface WorkerChoice {
  readonly pluginName: string;
  readonly isolation: Isolation;
  readonly worker: WorkerScript | undefined;
  readonly wasi: WasiEngineChoice | undefined;
}
