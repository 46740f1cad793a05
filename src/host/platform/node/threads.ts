import { Worker } from "node:worker_threads";
import nodeWorkerSource from "#node-worker-source";
import { describeThrown } from "../../../wording/describe-thrown.ts";
import { describeValue } from "../../../wording/describe-value.ts";
import type { PluginThread, ThreadError } from "../plugin-thread.ts";
import type { Threads } from "../threads.ts";
import type { NodeWorker, WorkerChoice } from "../worker-choice.ts";

/** Worker threads of Node. */
export const threads: Threads = {
  hasScript: true,
  start: startWorker,
  keepSpare: () => {},
  watchStart: () => ({ stop: () => {}, explain: (found) => found || "no reason given" }),
};

function startWorker({ pluginName: name, worker, wasi }: WorkerChoice): PluginThread {
  if (typeof worker === "function") return new WorkerThread(checkedWorker(worker()));
  // Neither the environment nor what the process was started with is any business of a guest.
  const options = { name, argv: [], env: {}, execArgv: [], stdin: false };
  if (worker !== undefined) {
    const script = /^file:/i.test(String(worker)) ? new URL(worker) : worker;
    return new WorkerThread(new Worker(script, options));
  }
  const workerData = { workerSource: wasi?.workerSource };
  return new WorkerThread(new Worker(nodeWorkerSource, { ...options, workerData, eval: true }));
}

/** A worker of Node with the interface of a browser's. */
class WorkerThread implements PluginThread {
  readonly #worker: NodeWorker;
  #isTerminated = false;

  constructor(worker: NodeWorker) {
    this.#worker = worker;
  }

  postMessage(message: unknown, transfer: Transferable[]): void {
    this.#worker.postMessage(message, transfer as never[]);
  }

  addEventListener(
    type: "message" | "messageerror" | "error",
    listener: (event: never) => void,
  ): void {
    const tell = listener as (event: unknown) => void;
    if (type !== "error") {
      this.#worker.on(type, (data) => tell({ data }));
      return;
    }
    const preventDefault = () => {};
    const fail = (message: string, error?: unknown) => {
      if (!this.#isTerminated) tell({ message, error, preventDefault } satisfies ThreadError);
    };
    this.#worker.on("error", (error) => fail(describeThrown(error), error));
    this.#worker.on("exit", (code) => fail(`its thread ended with code ${String(code)}`));
  }

  terminate(): void {
    this.#isTerminated = true;
    void this.#worker.terminate();
  }

  /** A thread that nobody waits for lets the process end. */
  setAwaited(isAwaited: boolean): void {
    if (isAwaited) this.#worker.ref();
    else this.#worker.unref();
  }
}

function checkedWorker(worker: unknown): Worker {
  if (worker instanceof Worker) return worker;
  throw new TypeError(
    `its function returned ${describeValue(worker)}, not a Worker of node:worker_threads`,
  );
}
