/** Starts the worker that a plugin lives in. */

import workerSource from "#worker-source";
import { trustedScriptUrl } from "../../../protocol/trusted-types.ts";
import { describeValue } from "../../../wording/describe-value.ts";
import type { PluginThread } from "../plugin-thread.ts";
import type { WorkerChoice } from "../worker-choice.ts";
import { StrictFrame } from "./strict-frame.ts";

/** Starts the worker. Throws what the browser throws when it refuses at once. */
export function startWorker(choice: WorkerChoice): PluginThread {
  const { pluginName: name, isolation, worker: script, wasi } = choice;
  if (typeof script === "function") return checkedWorker(script());
  if (script !== undefined) return new Worker(script, { type: "module", name });
  const source = wasi?.workerSource ?? workerSource;
  if (isolation === "strict") return new StrictFrame(source, name);
  // A classic script: a page of an opaque origin starts no module worker from a blob.
  return new Worker(trustedScriptUrl(blobUrlOf(source)), { name });
}

/** The addresses of scripts that workers were started from. */
const blobUrls: Map<string, string> = new Map();

/** The address of a script, made once: a page waits for that, as long as for the start of a worker. */
function blobUrlOf(source: string): string {
  const known = blobUrls.get(source);
  if (known !== undefined) return known;
  const url = URL.createObjectURL(new Blob([source], { type: "text/javascript" }));
  blobUrls.set(source, url);
  return url;
}

function checkedWorker(worker: unknown): Worker {
  const methods = ["postMessage", "addEventListener", "terminate"] as const;
  const made = Object(worker) as Partial<Worker>;
  if (methods.every((method) => typeof made[method] === "function")) return worker as Worker;
  throw new TypeError(`its function returned ${describeValue(worker)}, not a Worker`);
}
