/** Starts the worker that a plugin lives in. */

import workerSource from "#worker-source";
import { trustedScriptUrl } from "../../../protocol/trusted-types.ts";
import { describeValue } from "../../../wording/describe-value.ts";
import type { PluginThread } from "../plugin-thread.ts";
import type { WorkerChoice } from "../worker-choice.ts";
import { SpareWorker } from "./spare-worker.ts";
import { StrictFrame } from "./strict-frame.ts";

const spare: SpareWorker = new SpareWorker();

/** Its plugin is not known yet, and browsers let nobody rename a worker. */
const SPARE_NAME = "cloche, spare";

/** Starts the worker, or takes the spare one. Throws what the browser throws when it refuses at once. */
export function startWorker(choice: WorkerChoice): PluginThread {
  const { pluginName, isolation, worker, wasi } = choice;
  if (typeof worker === "function") return checkedWorker(worker());
  const source = wasi?.workerSource ?? workerSource;
  if (isolation === "strict") return new StrictFrame(source, pluginName);
  return spare.take(String(worker ?? source)) ?? startScript(worker, source, pluginName);
}

/** Keeps a spare worker for the next plugin of this choice. */
export function keepSpare({ isolation, worker, wasi }: WorkerChoice): void {
  if (typeof worker === "function" || isolation === "strict") return;
  const source = wasi?.workerSource ?? workerSource;
  spare.keep(String(worker ?? source), () => startScript(worker, source, SPARE_NAME));
}

/** @param source The text of the script, for a page that gives no address of one. */
function startScript(address: string | URL | undefined, source: string, name: string): Worker {
  if (address !== undefined) return new Worker(address, { type: "module", name });
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
