/** What every instance of a plugin is started from, and how one is started in a worker. */

import { transfer } from "comlink";
import type { ModuleRole } from "../../abi/contract.ts";
import type { FileChanges } from "../../files/changes/file-changes.ts";
import { splitImage } from "../../files/changes/image-parts.ts";
import type { FileSnapshot } from "../../files/file-tree.ts";
import type { Limits } from "../../limits.ts";
import { treeTransfer } from "../../protocol/bytes-transfer.ts";
import type { CompiledModule, CompileOptions } from "../../protocol/compiled-module.ts";
import { createHostCallMemory, leaveNoAnswers } from "../../protocol/host-call-memory.ts";
import { createCallMemory } from "../../protocol/lanes/call-memory.ts";
import type { BlockingWay, PrepareOptions, StartWasi } from "../../protocol/start-options.ts";
import type { Interruption } from "../../rewrite/form.ts";
import type { PluginSchema } from "../../schema/plugin-schema.ts";
import type { Terminals } from "../../wasi/streams.ts";
import type { EventHub } from "../events/event-hub.ts";
import type { LoadMeasure } from "../events/measures.ts";
import type { FlagPlace } from "../grants/flag-memory.ts";
import type { DropListener, HandleTable } from "../grants/handle-table.ts";
import type { GivenFunction } from "../grants/host-function.ts";
import { HostFunctionTable } from "../grants/host-function-table.ts";
import type { Lane, LaneKind } from "../grants/lane.ts";
import type { LentFunctions } from "../grants/lent-functions.ts";
import type { ModuleSource } from "../grants/module-source.ts";
import type { CheckedOptions } from "../grants/plugin-option-checks.ts";
import type { Stdin } from "../grants/stdin.ts";
import type { WorkerChoice } from "../platform/worker-choice.ts";
import type { HostAnswers } from "../recording/host-answers.ts";
import type { Recorder } from "../recording/recorder.ts";
import { Isolate, type IsolateListener } from "./isolate.ts";
import type { SharedBytes } from "./module-cache.ts";

/** Bytes of files that are posted at once: a page stands still while they are copied, some 10 ms. */
const IMAGE_PART_BYTES = 8 * 1024 * 1024;

/** What stands for the page's host functions and input. */
export interface ReplayedHost {
  readonly names: readonly string[];
  readonly answers: HostAnswers;
}

/** Which plugin to bring up, and what it is lent. */
export interface PluginRequest {
  readonly source: ModuleSource | SharedBytes;
  readonly role: ModuleRole;
  readonly options: CheckedOptions;
  readonly lane: Lane;
  readonly hostFunctions: Readonly<Record<string, GivenFunction>>;
  readonly onDrop?: DropListener | undefined;
  /** Whether fresh instances may follow the first, with the files that it tells of. */
  readonly canRestart: boolean;
  readonly events: EventHub;
  /** Measures the load. */
  readonly loadMeasure?: LoadMeasure | undefined;
  /** Records the run. */
  readonly recorder?: Recorder | undefined;
  /** What answers host calls in a replay, and the names of the functions. */
  readonly replayed?: ReplayedHost | undefined;
  /** Whether the worker posts the output: where somebody listens now. */
  hasListener(): StartWasi["hasListener"];
  /** Makes the listener of one isolate. */
  listen(): IsolateListener;
}

/** What every instance of one plugin is started from: all that is fetched, compiled and chosen once. */
export interface Blueprint extends Draft {
  readonly module: CompiledModule;
  /** What each further worker compiles for itself, where a module cannot leave the first one. */
  readonly recompileOptions: CompileOptions | undefined;
}

/** A blueprint whose module may not be compiled yet. */
export interface Draft {
  readonly request: PluginRequest;
  readonly pluginName: string;
  readonly limits: Limits;
  /** What the module says of itself. */
  readonly schema: PluginSchema | undefined;
  readonly lent: LentFunctions;
  /** The objects of the page that the guest holds. */
  readonly handles: HandleTable;
  readonly interruption: Interruption;
  /** For `"epoch"`. */
  readonly flagPlace: FlagPlace | undefined;
  readonly stdin: Stdin;
  readonly terminal: Terminals;
  /** How the guest waits for the page, if it does. */
  readonly blocking: BlockingWay | undefined;
  /** How calls travel. */
  readonly lane: LaneKind;
}

/** Where the worker of a plugin comes from. */
export function workerChoiceOf({ options }: PluginRequest, pluginName: string): WorkerChoice {
  const { isolation = "worker", worker, wasi } = options;
  return { pluginName, isolation, worker, wasi };
}

/** Starts a worker, with nothing of a guest in it. @throws {PluginLoadError} */
export function spawnIsolate(request: PluginRequest, pluginName: string, limits: Limits): Isolate {
  const { options } = request;
  return new Isolate({
    ...workerChoiceOf(request, pluginName),
    limits,
    sourceMap: options.sourceMap,
    listener: request.listen(),
    hasOutput: () => {
      const { stdout, stderr } = request.hasListener();
      return stdout || stderr;
    },
  });
}

/** Compiles a module in a worker. Its bytes are given up. */
export async function compileIn(
  isolate: Isolate,
  options: CompileOptions,
): Promise<CompiledModule> {
  const { source } = options;
  const moved = source instanceof Uint8Array ? [source.buffer] : [];
  const compiled = await isolate.send("compile", transfer(options, moved));
  isolate.setLines(compiled.lines);
  return compiled;
}

/** Prepares the next instance of a plugin, with all the files that an earlier one had: see {@link prepare}. */
export async function prepareNext(
  isolate: Isolate,
  blueprint: Blueprint,
  image: FileChanges,
): Promise<void> {
  const { module, recompileOptions, handles } = blueprint;
  handles.startInstance();
  const compiling = recompileOptions && compileIn(isolate, structuredClone(recompileOptions));
  const compiled = compiling === undefined ? module : undefined;
  await Promise.all([compiling, prepare(isolate, blueprint, compiled, { image })]);
}

/**
 * Prepares a plugin in a worker that has none, up to its start: its files answer, and nothing of the
 * guest has run.
 *
 * @param compiled Its module; `undefined` for the one that the worker was asked to compile.
 * @param files What is in its file system: the option's tree, or all that an earlier instance had.
 */
export async function prepare(
  isolate: Isolate,
  draft: Draft,
  compiled: CompiledModule | undefined,
  files: { readonly tree: FileSnapshot } | { readonly image: FileChanges },
): Promise<void> {
  const { request, pluginName, limits, lent, handles, stdin, terminal, blocking, lane, flagPlace } =
    draft;
  const { options, events, recorder, replayed } = request;
  if (flagPlace !== undefined) isolate.interruptWith(flagPlace);
  const isClosed = () => isolate.isEnding;
  if (compiled !== undefined) isolate.setLines(compiled.lines);
  const { read } = stdin;
  const hostFunctions = new HostFunctionTable(
    lent,
    read && (() => read(isClosed)),
    pluginName,
    limits,
    events,
    handles,
  );
  const live = replayed?.answers ?? hostFunctions;
  const answers = recorder?.answersOf(live, lent.names, isClosed) ?? live;
  const memory =
    blocking === "shared-memory" ? createHostCallMemory(limits.messageBytes) : undefined;
  if (memory !== undefined) {
    // A browser takes seconds to end a worker that waits.
    void isolate.closed.then(() => leaveNoAnswers(memory));
  }
  const hasStdin = read !== undefined;
  isolate.serveHostCalls(answers, { functions: lent.names.length, hasStdin, memory });

  const calls = lane === "shared-memory" ? createCallMemory() : undefined;
  if (calls !== undefined) isolate.shareCalls(calls);
  const prepareOptions: PrepareOptions = {
    pluginName,
    limits,
    module: {
      compiled: compiled && { ...compiled, lines: undefined },
      flag: flagPlace?.flag(),
    },
    calls,
    hostCalls: { functions: lent.names, blocking, memory },
    wasi: {
      args: options.args ?? [],
      env: options.env ?? {},
      stdin: stdin.bytes,
      hasListener: request.hasListener(),
      terminal,
      clock: options.clock ?? "browser",
      random: options.random ?? "browser",
    },
    files: {
      tree: "tree" in files ? files.tree : {},
      image: undefined,
      hasDirectory: options.files !== "none",
      isJournaled: request.canRestart,
    },
  };
  if ("image" in files) await prepareFrom(files.image, isolate, prepareOptions);
  else await sendPrepare(isolate, prepareOptions);
}

/** Sends the files of an earlier instance, with tasks of others in between, and prepares with them. */
async function prepareFrom(
  whole: FileChanges,
  isolate: Isolate,
  options: PrepareOptions,
): Promise<void> {
  const { image, parts } = splitImage(whole, IMAGE_PART_BYTES);
  for (const part of parts) await isolate.send("receive", part);
  await sendPrepare(isolate, { ...options, files: { ...options.files, image } });
}

function sendPrepare(isolate: Isolate, options: PrepareOptions): Promise<void> {
  const moved = treeTransfer(options.files.tree);
  return isolate.send("prepare", transfer(options, moved));
}
