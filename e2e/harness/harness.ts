/** Puts the library where tests can reach it from outside, on a page. */

import wasmerWorkerAddress from "cloche/wasmer-worker?url";
import workerAddress from "cloche/worker?url";
import { withstand } from "../hostile/arena.ts";
import type { Orders } from "../hostile/raw-worker.ts";
// oxlint-disable-next-line import/default -- vite makes it
import RawWorker from "../hostile/raw-worker.ts?worker";
import type { Engine } from "./inside-worker.ts";
import { terminateAll } from "./library.ts";
import { tryOddCalls } from "./odd-calls.ts";
import { watchMessages, watchWorkers, workers } from "./watched-workers.ts";

/** Makes the hostile worker of `raw-worker.ts`, for the option `worker`. */
function rawWorker(orders: Orders): () => Worker {
  return () => new RawWorker({ name: JSON.stringify(orders) });
}

/** The script of an engine's worker. */
async function workerText(engine: Engine): Promise<string> {
  const script = await fetch(engine === "cloche" ? workerAddress : wasmerWorkerAddress);
  return script.text();
}

/** Terminates every plugin, and empties the storage. Returns whether the page is as if just opened. */
async function tidyUp(): Promise<boolean> {
  await terminateAll();
  if (workers.size > 0 || document.querySelector("iframe") !== null) return false;
  // WebKit has no storage in automation.
  const storage = await navigator.storage?.getDirectory();
  if (storage === undefined) return true;
  for await (const name of storage.keys()) await storage.removeEntry(name, { recursive: true });
  return true;
}

const examples = import.meta.glob<{ isRun: boolean }>([
  "../../build/examples/*.ts",
  "!../../build/examples/*.node.ts",
]);

/** Runs an example of the documentation, as a module; gives what it throws as text. */
async function runExample(name: string): Promise<string | undefined> {
  const run = examples[`../../build/examples/${name}.ts`];
  if (run === undefined) return "there is no such module, build the harness again";
  try {
    const { isRun } = await run();
    return isRun ? undefined : "it did not run";
  } catch (error) {
    return String(error);
  }
}

/** Whether a worker of a plugin is left: each holds a lock until it is gone. */
async function hasWorker(): Promise<boolean> {
  const { held = [] } = await navigator.locks.query();
  return held.some(({ name }) => name?.startsWith("cloche:") === true);
}

declare global {
  interface Window {
    /** Where the page itself hosts `cloche/worker`. */
    workerAddress: string;
    /** And `cloche/wasmer-worker`. */
    wasmerWorkerAddress: string;
    watchMessages: typeof watchMessages;
    workerText: typeof workerText;
    tidyUp: typeof tidyUp;
    hasWorker: typeof hasWorker;
    withstand: typeof withstand;
    tryOddCalls: typeof tryOddCalls;
    rawWorker: typeof rawWorker;
    runExample: typeof runExample;
  }
}

Object.assign(window, {
  locate: (address: string) => address,
  workerAddress,
  watchMessages,
  workerText,
  tidyUp,
  hasWorker,
  withstand,
  tryOddCalls,
  rawWorker,
  wasmerWorkerAddress,
  runExample,
});

watchWorkers();
