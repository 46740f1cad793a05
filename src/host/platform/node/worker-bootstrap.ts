/**
 * The script of a worker of Node: gives the worker's own script the names that it has in a browser,
 * and runs it.
 */

import { runInThisContext } from "node:vm";
import { parentPort, workerData } from "node:worker_threads";
import workerSource from "#worker-source";

interface WorkerData {
  /** The script of another WASI engine. */
  readonly workerSource?: string;
}

const define = (name: string, value: unknown): void => {
  Object.defineProperty(globalThis, name, { value, configurable: true, writable: true });
};
define("postMessage", (message: unknown, transfer: never[]) =>
  parentPort?.postMessage(message, transfer),
);
define("addEventListener", (type: string, listener: (event: { data: unknown }) => void) =>
  parentPort?.on(type, (data: unknown) => listener({ data })),
);
// Without locks: Node tells when a thread ends.
define("navigator", {});

// Node loads its class with the first message, and needs other globals for that.
void new MessageEvent("message");

// Run like this, a script has no `import()`.
const { workerSource: source = workerSource } = (workerData ?? {}) as WorkerData;
runInThisContext(source, { filename: "cloche-worker.js" });
