/** Starts the worker that a plugin lives in. */

import workerSource from "#worker-source";
import type { Isolation } from "./isolation.ts";
import type { PluginThread } from "./plugin-thread.ts";
import { FRAME_NEEDS, StrictFrame } from "./strict-frame.ts";

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

/** What a page's Content-Security-Policy has to allow for it. */
export function policyNeeds({ isolation, worker }: WorkerChoice): string {
  if (isolation === "strict") return FRAME_NEEDS;
  return `${worker === undefined ? "blob:" : "the worker's address"} in worker-src`;
}

/** Makes the worker. Throws what the browser throws when it forbids it at once. */
export function spawnWorker(choice: WorkerChoice): PluginThread {
  const { pluginName: name, isolation, worker: script, wasi } = choice;
  if (typeof script === "function") return script();
  if (script !== undefined) return new Worker(script, { type: "module", name });
  const source = wasi?.workerSource ?? workerSource;
  if (isolation === "strict") return new StrictFrame(source, name);
  const url = URL.createObjectURL(new Blob([source], { type: "text/javascript" }));
  try {
    return new Worker(url, { type: "module", name });
  } finally {
    URL.revokeObjectURL(url);
  }
}
