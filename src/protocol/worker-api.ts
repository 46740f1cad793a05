/** The interface of a plugin's worker: all that the page can request from it. */

import type { ImageChunk } from "../files/changes/image-parts.ts";
import type { FileSnapshot } from "../files/file-tree.ts";
import type { Limits } from "../limits.ts";
import { type CompiledModule, type CompileOptions, isCompiledModule } from "./compiled-module.ts";
import { FILE_REPLIES, type FileOperations } from "./file-operations.ts";
import { isFileTree } from "./file-shapes.ts";
import type { ReplyChecks } from "./reply-checks.ts";
import { isBoolean, isRecord, isU32, isUndefined } from "./shapes.ts";
import type { PrepareOptions } from "./start-options.ts";

/** How a command ended. */
export interface CommandEnd {
  readonly exitCode: number;
  readonly files: FileSnapshot;
}

/** The requests of a page to a worker, except calls: see `lanes/call-lane.ts`. */
export interface WorkerApi extends FileOperations {
  /**
   * Holds a lock while the worker lives. The page detects its death by acquiring the lock.
   *
   * @returns Whether it is held. If locks are forbidden, limits still end every wait.
   */
  hold(lifeline: string): Promise<boolean>;
  /** Checks a module, rewrites it to be bounded and interruptible, and compiles it. Runs none of its code. */
  compile(options: CompileOptions): Promise<CompiledModule>;
  /** Takes a part of the image for {@link prepare}. The caller gives its bytes up. */
  receive(part: readonly ImageChunk[]): void;
  /**
   * Creates the plugin's files and the imports of its instance. Called once, before the methods below.
   * Waits for {@link compile}, if that was requested.
   */
  prepare(options: PrepareOptions): Promise<void>;
  /**
   * Starts the plugin: instantiates the module and runs `_initialize`. Called once, before any call. Waits
   * for {@link prepare}. The compiled module has left the worker before any guest code runs.
   */
  start(): Promise<void>;
  /** Posts what the guest writes from now on. Waits for {@link prepare}. */
  hearOutput(): Promise<void>;
  /** Runs a command's `_start` to its end. Called once. */
  run(timeoutMs: number): Promise<CommandEnd>;
}

/** The same methods as the page calls them: each returns a promise. */
export type RemoteWorker = {
  readonly [Method in keyof WorkerApi]: (
    ...args: Parameters<WorkerApi[Method]>
  ) => Promise<Awaited<ReturnType<WorkerApi[Method]>>>;
};

/** The shape of each method's reply. */
const REPLIES: ReplyChecks<WorkerApi> = {
  ...FILE_REPLIES,
  compile: isCompiledModule,
  hold: isBoolean,
  receive: isUndefined,
  prepare: isUndefined,
  start: isUndefined,
  hearOutput: isUndefined,
  run: isCommandEnd,
};

/** The methods of a Comlink proxy, read once: each read creates and registers another proxy. */
export function remoteWorker(proxy: RemoteWorker): RemoteWorker {
  const methods = Object.keys(REPLIES) as (keyof WorkerApi)[];
  return Object.fromEntries(methods.map((method) => [method, proxy[method]])) as RemoteWorker;
}

/** Methods that let the guest run: while one has no reply, there may be output and host calls. */
const RUNS: ReadonlySet<keyof WorkerApi> = new Set(["start", "run"]);

/** Whether `name` is a method of {@link WorkerApi}: the only names that a message may call. */
export function isWorkerMethod(name: unknown): name is keyof WorkerApi {
  return typeof name === "string" && Object.hasOwn(REPLIES, name);
}

/** Whether a method lets the guest run. */
export function runsGuest(method: keyof WorkerApi): boolean {
  return RUNS.has(method);
}

/** Whether `data` is a reply that a method can have. */
export function isReplyTo(method: keyof WorkerApi, data: unknown, limits: Limits): boolean {
  return REPLIES[method](data, limits);
}

function isCommandEnd(data: unknown, limits: Limits): data is CommandEnd {
  if (!isRecord(data) || !isU32(data["exitCode"])) return false;
  return isFileTree(data["files"], limits);
}
