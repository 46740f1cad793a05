/** What a plugin's worker exposes to the page: the only things that the page can ask of it. */

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

/** What a page can ask a worker for, besides calls: see `lanes/call-lane.ts`. */
export interface WorkerApi extends FileOperations {
  /**
   * Holds a lock for as long as the worker lives: the page learns of its death by getting it.
   *
   * @returns Whether it is held. Locks may be forbidden; limits still end every wait.
   */
  hold(lifeline: string): Promise<boolean>;
  /** Checks a module, rewrites it to be bounded and interruptible, and compiles it. Runs nothing of it. */
  compile(options: CompileOptions): Promise<CompiledModule>;
  /** Takes a part of the image that {@link prepare} will be given. Its bytes are given up. */
  receive(part: readonly ImageChunk[]): void;
  /**
   * Makes the plugin's files, and all that an instance is linked to. Once, before all that follows. Waits
   * for {@link compile}, if that was asked for.
   */
  prepare(options: PrepareOptions): Promise<void>;
  /**
   * Brings the plugin up: instantiates the module and runs `_initialize`. Once, before any call. Waits for
   * {@link prepare}; what was compiled has left the worker before any of the guest runs.
   */
  start(): Promise<void>;
  /** Runs a command's `_start` to its end. Once. */
  run(timeoutMs: number): Promise<CommandEnd>;
}

/** The same methods as the page calls them: each answers with a promise. */
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
  run: isCommandEnd,
};

/** The methods of a Comlink proxy, looked up once: it makes and registers one more proxy at each look. */
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
