/** The options that choose the worker of a plugin. */

/**
 * How a plugin is isolated from the page.
 *
 * `"worker"`: it runs in a worker of the page. `"strict"`: it runs in a worker of a sandboxed frame,
 * which has an opaque origin, a policy that lets it load nothing, and in Chromium another process, so
 * that a crash of the browser's engine does not reach the page. It starts and answers more slowly. Node
 * has only `"worker"`.
 */
export type Isolation = "worker" | "strict";

/** What Cloche uses of a `Worker` of `node:worker_threads`. */
export interface NodeWorker {
  postMessage(message: unknown, transfer?: readonly never[]): void;
  on(event: string, listener: (value: unknown) => void): unknown;
  terminate(): Promise<number>;
  ref(): void;
  unref(): void;
}

/**
 * Where a plugin's worker comes from: the address of a script that the page hosts (`cloche/worker`),
 * or a function that creates the worker. By default the script is inlined in this library and started
 * as a blob, which a Content-Security-Policy may forbid (`worker-src blob:`).
 */
export type WorkerScript = URL | string | (() => Worker | NodeWorker);

/**
 * A WASI implementation that plugins run on instead of Cloche's own, such as `wasmer()` of
 * `cloche/wasmer`. It runs in the worker, so it is given as a worker script that contains it.
 */
export interface WasiEngineChoice {
  /** The text of that script, a classic one. Only what starts the worker uses it. */
  readonly workerSource: string;
}

/** All that starting a worker needs. */
export interface WorkerChoice {
  readonly pluginName: string;
  readonly isolation: Isolation;
  readonly worker: WorkerScript | undefined;
  readonly wasi: WasiEngineChoice | undefined;
}
