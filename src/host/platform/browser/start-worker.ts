/** Starts the worker that a plugin lives in. */

import workerSource from "#worker-source";
import { trustedScriptUrl } from "../../../protocol/trusted-types.ts";
import { describeValue } from "../../../wording/describe-value.ts";
import type { PluginThread } from "../plugin-thread.ts";
import type { WasiEngineChoice, WorkerChoice } from "../worker-choice.ts";
import { SpareWorker } from "./spare-worker.ts";
import { StrictFrame } from "./strict-frame.ts";

const spare: SpareWorker = new SpareWorker();

/** Its plugin is not known yet, and browsers let nobody rename a worker. */
const SPARE_NAME = "cloche, spare";

/** Starts the worker, or takes the spare one. Throws what the browser throws when it refuses at once. */
export function startWorker(choice: WorkerChoice): PluginThread {
  const { pluginName, isolation, worker, wasi } = choice;
  if (typeof worker === "function") return checkedWorker(worker());
  const script = worker ?? sourceOf(wasi);
  if (isolation === "strict") return new StrictFrame(sourceOf(wasi), pluginName);
  return spare.take(script) ?? startScript(worker, wasi, pluginName);
}

/** Keeps a spare worker for the next plugin of this choice. */
export function keepSpare({ isolation, worker, wasi }: WorkerChoice): void {
  if (typeof worker === "function" || isolation === "strict") return;
  spare.keep(worker ?? sourceOf(wasi), () => startScript(worker, wasi, SPARE_NAME));
}

/** The text of the script, where the page gives no address of one. */
function sourceOf(wasi: WasiEngineChoice | undefined): string {
  return wasi?.workerSource ?? workerSource;
}

function startScript(
  address: string | URL | undefined,
  wasi: WasiEngineChoice | undefined,
  name: string,
): Worker {
  if (address !== undefined) return new Worker(address, { type: "module", name });
  // A classic script: a page of an opaque origin starts no module worker from a blob.
  return new Worker(trustedScriptUrl(blobUrlOf(sourceOf(wasi))), { name });
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
