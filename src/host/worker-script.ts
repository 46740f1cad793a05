/** Starts the worker that a plugin lives in. */

import workerSource from "#worker-source";

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

/** Makes the worker. Throws what the browser throws when it forbids it at once. */
export function spawnWorker(
  script: WorkerScript | undefined,
  wasi: WasiEngineChoice | undefined,
  name: string,
): Worker {
  if (typeof script === "function") return script();
  if (script !== undefined) return new Worker(script, { type: "module", name });
  const source = wasi?.workerSource ?? workerSource;
  const url = URL.createObjectURL(new Blob([source], { type: "text/javascript" }));
  try {
    return new Worker(url, { type: "module", name });
  } finally {
    URL.revokeObjectURL(url);
  }
}
