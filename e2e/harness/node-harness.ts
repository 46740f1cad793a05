/** Puts the library where tests can reach it from outside, in a process of Node: see `node-page.ts`. */

import { readFile } from "node:fs/promises";
import { syncBuiltinESMExports } from "node:module";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import threads from "node:worker_threads";
import { openFolder } from "cloche/node";
import type { Engine } from "./inside-worker.ts";
import type { Evaluation, FromProcess } from "./node-page.ts";

const { CLOCHE_ADDRESS: address = "", CLOCHE_FILES: files = "" } = process.env;
/** What a page has as a storage is a folder here. */
const { CLOCHE_STORAGE: storage = "" } = process.env;
const serverFetch = globalThis.fetch;
const post = (message: FromProcess): void => void process.send?.(message);

/** The threads that have not ended. */
const workers = new Set<threads.Worker>();

/** A worker as a page makes one, and as this library does. */
class WatchedWorker extends threads.Worker {
  constructor(script: string | URL, options?: threads.WorkerOptions) {
    super(script, options);
    workers.add(this);
    post({ workers: workers.size });
    this.once("exit", () => {
      workers.delete(this);
      post({ workers: workers.size });
    });
  }
}
threads.Worker = WatchedWorker;
syncBuiltinESMExports();

/** A page goes on after these. */
process.on("unhandledRejection", () => {});

/** Tests use it, and Node 20 lacks it. */
if (!("withResolvers" in Promise)) {
  Object.assign(Promise, { withResolvers });
}

function withResolvers<T>(): PromiseWithResolvers<T> {
  const ends: Partial<PromiseWithResolvers<T>> = {};
  const promise = new Promise<T>((resolve, reject) => Object.assign(ends, { resolve, reject }));
  return { promise, ...ends } as PromiseWithResolvers<T>;
}

/** The `error` event of a page is an uncaught exception here. */
function listenForErrors(
  _type: "error",
  listener: (event: Pick<ErrorEvent, "message" | "error" | "preventDefault">) => void,
  { signal }: { signal?: AbortSignal } = {},
): void {
  const onException = (error: Error) =>
    listener({ message: `Uncaught ${String(error)}`, error, preventDefault: () => {} });
  process.on("uncaughtException", onException);
  signal?.addEventListener("abort", () => process.off("uncaughtException", onException));
}

const names = {
  window: globalThis,
  Worker: WatchedWorker,
  workerAddress: new URL(import.meta.resolve("cloche/worker")),
  isolation: "worker",
  crossOriginIsolated: true,
  location: new URL(address),
  navigator: {
    hardwareConcurrency: availableParallelism(),
    storage: { getDirectory: () => openFolder(storage) },
  },
  addEventListener: listenForErrors,
  // Without a server, as in Node.
  locate: (source: string) => (source.startsWith("/") ? join(files, source) : source),
  fetch: (source: string | URL | Request, options?: RequestInit) =>
    serverFetch(typeof source === "string" ? new URL(source, address) : source, options),
  hasWorker: async () => workers.size > 0,
};
for (const [name, value] of Object.entries(names)) {
  Object.defineProperty(globalThis, name, { value, configurable: true, writable: true });
}

const { terminateAll } = await import("./library.ts");

/** The script that `node-worker.cjs` runs. */
function workerText(engine: Engine): Promise<string> {
  const script = engine === "cloche" ? "worker.js" : "wasmer-worker.js";
  return readFile(new URL(script, import.meta.resolve("cloche/worker")), "utf8");
}

/** Terminates every plugin, empties the storage and forgets who listens. Returns whether no thread is left. */
async function tidyUp(): Promise<boolean> {
  await terminateAll();
  process.removeAllListeners("uncaughtException");
  const folder = await openFolder(storage);
  for await (const name of folder.keys()) await folder.removeEntry(name, { recursive: true });
  while (workers.size > 0) await new Promise((resolve) => setTimeout(resolve, 5));
  return true;
}
Object.assign(globalThis, { tidyUp, workerText });

process.on("message", async ({ id, code, argument }: Evaluation) => {
  try {
    // oxlint-disable-next-line no-eval -- as a page does with a test's function
    const run = (0, eval)(`(${code})`) as (argument: unknown) => unknown;
    post({ id, value: await run(argument) });
  } catch (error) {
    post({ id, error: error instanceof Error ? (error.stack ?? error.message) : String(error) });
  }
});
post({ workers: 0 });
