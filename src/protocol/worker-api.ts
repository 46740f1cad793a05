/** What a plugin's worker exposes to the page: the only things that the page can ask of it. */

import type { Contract, ModuleRole } from "../abi/contract.ts";
import type { FileChanges } from "../files/changes/file-changes.ts";
import type { ImageChunk } from "../files/changes/image-parts.ts";
import type { DirectoryEntry, FileStat } from "../files/file-system.ts";
import type { FileTree } from "../files/file-tree.ts";
import type { Limits } from "../limits.ts";
import type { Interruption } from "../rewrite/form.ts";
import type { ModuleHooks } from "../rewrite/rewrite-module.ts";
import type { Terminals } from "../wasi/streams.ts";
import { isDirectoryList, isFileStat, isFileTree } from "./file-shapes.ts";
import { isBoolean, isBytes, isListOf, isRecord, isString, isU32, isUndefined } from "./shapes.ts";
import type { SharedAnswers } from "./shared-answers.ts";

/** How the guest waits for the page while a host function runs. */
export type BlockingWay = "jspi" | "shared-memory";

/** A module to be compiled in the worker. */
export interface CompileOptions {
  readonly pluginName: string;
  /** Its binary, which is given up; or the module itself, which is only looked at. */
  readonly source: Uint8Array<ArrayBuffer> | WebAssembly.Module;
  readonly role: ModuleRole;
  /** Names of the host functions that the page lends, without the ABI's underscores. */
  readonly hostFunctions: readonly string[];
  readonly limits: Limits;
  readonly interruption: Interruption;
  /** Where the plugin's number is in the flag memory, for `"epoch"`. */
  readonly flagAddress: number;
  /** Whether the module stays in the worker: no module goes from one process to another. */
  readonly isKept: boolean;
}

/** A compiled module. It was made before any guest's code ran, so the page trusts that it is the one it gave. */
export interface CompiledModule {
  /** Or `undefined` when the worker keeps it. */
  readonly module: WebAssembly.Module | undefined;
  /** What the module offers and wants, which has been checked. */
  readonly contract: Contract;
  /** How to instantiate it, or `undefined` when its bytes were not at hand to be rewritten. */
  readonly hooks: ModuleHooks | undefined;
}

/** A plugin's number in memory that the page shares with all its workers. See `host/flag-memory.ts`. */
export interface Flag {
  readonly memory: WebAssembly.Memory;
  readonly address: number;
  /** The instance may run while the number is this. */
  readonly generation: number;
}

/** Everything a worker needs to bring a plugin up. Plain data, but for the module and the port. */
export interface StartOptions {
  readonly pluginName: string;
  /** Or `undefined` for the one that this worker has compiled and kept. */
  readonly module: WebAssembly.Module | undefined;
  readonly hooks: ModuleHooks | undefined;
  /** For a module that was rewritten for `"epoch"`. */
  readonly flag: Flag | undefined;
  readonly isReactor: boolean;
  readonly limits: Limits;
  /** Names of the host functions the module imports; a host call names one by its index here. */
  readonly hostFunctions: readonly string[];
  /** Carries host calls. */
  readonly hostPort: MessagePort;
  /** How host calls block, or `undefined` where nothing is ever asked of the page. */
  readonly blocking: BlockingWay | undefined;
  /** Where the page puts answers, for the way `"shared-memory"`. */
  readonly sharedAnswers: SharedAnswers | undefined;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly files: StartFiles;
  /** All of the standard input, or `"page"` when the page is to be asked for it. */
  readonly stdin: Uint8Array | "page";
  /** Which output the page listens to; the rest is not sent. */
  readonly stdout: boolean;
  readonly stderr: boolean;
  /** Which streams are terminals to the guest. */
  readonly terminal: Terminals;
  readonly clock: ClockOption;
  readonly random: RandomOption;
}

/** The files that a plugin starts with. */
export interface StartFiles {
  /** Trees by the absolute path they are found at. */
  readonly preopens: Readonly<Record<string, FileTree>>;
  /** All that an earlier instance had, but for parts that went ahead; instead of {@link preopens}, which were in it. */
  readonly image: FileChanges | undefined;
  /** Whether the guest gets `/` as descriptor 3. Without it, the guest reaches no files. */
  readonly hasDirectory: boolean;
  /** Whether the page is to be told of all that changes. */
  readonly isJournaled: boolean;
}

/**
 * The time that a guest sees: the browser's, or one that starts at `startMs` (milliseconds since
 * 1970) and goes on by `stepNs` with every look at it and by its whole length with every sleep, which
 * then takes no time.
 */
export type ClockOption = "browser" | { readonly startMs: number; readonly stepNs: number };

/** The randomness that a guest gets: the browser's, or always the same from an integer seed. */
export type RandomOption = "browser" | { readonly seed: number };

/** How a command ended. */
export interface CommandEnd {
  readonly exitCode: number;
  readonly files: FileTree;
  /** Which output was longer than `limits.outputBytes`, and is cut off there. */
  readonly truncated: { readonly stdout: boolean; readonly stderr: boolean };
}

/** What a worker can be asked for. */
export interface WorkerApi {
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
  /** Makes the plugin's files, and all that an instance is linked to. Once, before all that follows. */
  prepare(options: StartOptions): void;
  /** Brings the plugin up: instantiates the module and runs `_initialize`. Once, before any call. */
  start(): Promise<void>;
  /**
   * Runs one guest function: its encoded arguments in, its encoded result out. One at a time.
   *
   * @param timeoutMs How long it may run. The page bounds it too; a guest that counts its fuel can be
   *   stopped from here where the page cannot reach it. Default: for ever.
   */
  call(name: string, args: Uint8Array, timeoutMs?: number): Uint8Array | Promise<Uint8Array>;
  /** Runs a command's `_start` to its end. Once. */
  run(timeoutMs: number): Promise<CommandEnd>;

  // The plugin's files, by absolute path. Bytes are given up by whoever passes them.
  readFile(path: string): Uint8Array;
  writeFile(path: string, bytes: Uint8Array): void;
  appendFile(path: string, bytes: Uint8Array): void;
  list(path: string): DirectoryEntry[];
  stat(path: string): FileStat;
  exists(path: string): boolean;
  mkdir(path: string): void;
  rename(from: string, to: string): void;
  remove(path: string): void;
  snapshot(path: string): FileTree;
  /** Copies a tree into a directory. */
  load(path: string, tree: FileTree): void;
  /** Lets a tree stand at a path. */
  mount(path: string, tree: FileTree, options: MountRequest): void;
  unmount(volume: number): void;
}

/** How a tree is mounted. */
export interface MountRequest {
  /** The number that it is known by from then on. Never one that was used before. */
  readonly volume: number;
  readonly readOnly: boolean;
  /** Whether the page is to be told of what changes in it. */
  readonly isJournaled: boolean;
}

/** The same methods as the page calls them: each answers with a promise. */
export type RemoteWorker = {
  readonly [Method in keyof WorkerApi]: (
    ...args: Parameters<WorkerApi[Method]>
  ) => Promise<Awaited<ReturnType<WorkerApi[Method]>>>;
};

/** What is said of an answer: plain, since `void` is not the type of any value. */
type Answer<Method extends keyof WorkerApi> =
  Awaited<ReturnType<WorkerApi[Method]>> extends infer Value
    ? [Value] extends [void]
      ? undefined
      : Value
    : never;

/**
 * The shape of each method's answer. The page holds every answer against it: a worker that gives
 * another one is hostile.
 */
const ANSWERS: {
  readonly [Method in keyof WorkerApi]: (data: unknown, limits: Limits) => data is Answer<Method>;
} = {
  compile: isCompiledModule,
  hold: isBoolean,
  receive: isUndefined,
  prepare: isUndefined,
  start: isUndefined,
  call: (data, limits): data is Uint8Array => isBytes(data) && data.length <= limits.messageBytes,
  run: isCommandEnd,
  readFile: (data, limits): data is Uint8Array => isBytes(data) && data.length <= limits.fileBytes,
  writeFile: isUndefined,
  appendFile: isUndefined,
  list: isDirectoryList,
  stat: isFileStat,
  exists: isBoolean,
  mkdir: isUndefined,
  rename: isUndefined,
  remove: isUndefined,
  snapshot: isFileTree,
  load: isUndefined,
  mount: isUndefined,
  unmount: isUndefined,
};

/** The methods of a Comlink proxy, looked up once: it makes and registers one more proxy at each look. */
export function remoteWorker(proxy: RemoteWorker): RemoteWorker {
  const methods = Object.keys(ANSWERS) as (keyof WorkerApi)[];
  return Object.fromEntries(methods.map((method) => [method, proxy[method]])) as RemoteWorker;
}

/** Methods that let the guest run: while one has no answer, there may be output and host calls. */
const RUNS: ReadonlySet<keyof WorkerApi> = new Set(["start", "call", "run"]);

/** Whether `name` is a method of {@link WorkerApi}: the only names that a message may call. */
export function isWorkerMethod(name: unknown): name is keyof WorkerApi {
  return typeof name === "string" && Object.hasOwn(ANSWERS, name);
}

/** Whether a method lets the guest run. */
export function runsGuest(method: keyof WorkerApi): boolean {
  return RUNS.has(method);
}

/** Whether `data` is an answer that a method can have. */
export function isAnswer(method: keyof WorkerApi, data: unknown, limits: Limits): boolean {
  return ANSWERS[method](data, limits);
}

/** The hooks are looked at by the worker alone. */
function isCompiledModule(data: unknown): data is CompiledModule {
  if (!isRecord(data) || !isContract(data["contract"])) return false;
  const { module } = data;
  return module === undefined || module instanceof WebAssembly.Module;
}

/** No engine takes a module with more than 1,000,000 imports or exports. */
const MAX_FUNCTIONS = 1_048_576;

function isContract(data: unknown): data is Contract {
  if (!isRecord(data) || !isBoolean(data["isReactor"])) return false;
  return isFunctionList(data["guestFunctions"]) && isFunctionList(data["hostFunctions"]);
}

function isFunctionList(data: unknown): data is readonly string[] {
  return isListOf(data, isString, MAX_FUNCTIONS);
}

function isCommandEnd(data: unknown, limits: Limits): data is CommandEnd {
  if (!isRecord(data) || !isU32(data["exitCode"])) return false;
  const { files, truncated } = data;
  if (!isRecord(truncated) || !isFileTree(files, limits)) return false;
  return isBoolean(truncated["stdout"]) && isBoolean(truncated["stderr"]);
}
