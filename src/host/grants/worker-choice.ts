/** The options that choose the worker of a plugin. */

import type { Isolation } from "./isolation.ts";

/**
 * Where a plugin's worker comes from: the address of a script that the page hosts (`cloche/worker`),
 * or a function that creates the worker. By default the script is inlined in this library and started
 * as a blob, which a Content-Security-Policy may forbid (`worker-src blob:`).
 */
export type WorkerScript = URL | string | (() => Worker);

/**
 * A WASI implementation that plugins run on instead of Cloche's own, such as `wasmer()` of
 * `cloche/wasmer`. It runs in the worker, so it is given as a worker script that contains it.
 */
export interface WasiEngineChoice {
  /** The text of that script, a classic one. Only `spawnWorker` uses it. */
  readonly workerSource: string;
}

/** All that `spawnWorker` needs. */
export interface WorkerChoice {
  readonly pluginName: string;
  readonly isolation: Isolation;
  readonly worker: WorkerScript | undefined;
  readonly wasi: WasiEngineChoice | undefined;
}
