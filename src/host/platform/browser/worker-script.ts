/** Starts the worker that a plugin lives in. */

import workerSource from "#worker-source";
import type { WorkerChoice } from "../../grants/worker-choice.ts";
import type { PluginThread } from "../plugin-thread.ts";
import { FRAME_NEEDS, StrictFrame } from "./strict-frame.ts";

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
    // A classic script: a page of an opaque origin starts no module worker from a blob.
    return new Worker(url, { name });
  } finally {
    URL.revokeObjectURL(url);
  }
}
