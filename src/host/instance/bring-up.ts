/** What loading a plugin and running a command have in common: a worker that is up with a module in it. */

import { transfer } from "comlink";
import type { ModuleRole } from "../../abi/contract.ts";
import { PluginError } from "../../errors.ts";
import type { FileChanges } from "../../files/changes/file-changes.ts";
import { splitImage } from "../../files/changes/image-parts.ts";
import type { FileSnapshot } from "../../files/file-tree.ts";
import { DEFAULT_LIMITS, type Limits } from "../../limits.ts";
import { treeTransfer } from "../../protocol/bytes-transfer.ts";
import type { CompiledModule, CompileOptions } from "../../protocol/compiled-module.ts";
import { serveHostCalls } from "../../protocol/host-calls.ts";
import { createAnswersByKind, leaveNoAnswers } from "../../protocol/shared-answers.ts";
import type { BlockingWay, StartOptions } from "../../protocol/start-options.ts";
import type { Terminals } from "../../wasi/streams.ts";
import { chooseBlocking } from "../grants/blocking.ts";
import { fetchModule, settleSource } from "../grants/fetch-module.ts";
import { type CopiedTree, readBlobs } from "../grants/file-tree.ts";
import { type HostFunction, HostFunctionTable } from "../grants/host-function.ts";
import { type ChosenInterruption, chooseInterruption } from "../grants/interruption.ts";
import { checkIsolation } from "../grants/isolation.ts";
import {
  checkSource,
  isPromise,
  type ModuleSource,
  nameOfSource,
} from "../grants/module-source.ts";
import type { CheckedOptions } from "../grants/plugin-option-checks.ts";
import { openStdin, type Stdin } from "../grants/stdin.ts";
import { resolveTerminal } from "../grants/terminal.ts";
import { type CloseReason, closedError } from "./close-reason.ts";
import { Isolate, type IsolateListener } from "./isolate.ts";

/** Bytes of files that are posted at once: a page stands still while they are copied, some 10 ms. */
const IMAGE_PART_BYTES = 8 * 1024 * 1024;

/** Which plugin to bring up, and what it is lent. */
export interface PluginRequest {
  readonly source: ModuleSource;
  readonly role: ModuleRole;
  readonly grants: CheckedOptions;
  readonly hostFunctions: Readonly<Record<string, HostFunction>>;
  /** Whether fresh instances may follow the first, with the files that it tells of. */
  readonly canRestart: boolean;
  /** Whether the worker posts the output: where somebody listens. */
  readonly hasListener: { readonly stdout: boolean; readonly stderr: boolean };
  /** Makes the listener of one isolate. */
  listen(): IsolateListener;
}

/** What every instance of one plugin is started from: all that is fetched, compiled and chosen once. */
export interface Blueprint extends ChosenInterruption {
  readonly request: PluginRequest;
  readonly pluginName: string;
  readonly limits: Limits;
  readonly module: CompiledModule;
  /** What each further worker compiles for itself, where a module cannot leave the first one. */
  readonly recompileOptions: CompileOptions | undefined;
  readonly stdin: Stdin;
  readonly terminal: Terminals;
  readonly blocking: BlockingWay | undefined;
}

/**
 * Starts a worker and fetches the module meanwhile, which is compiled there, checked, and instantiated.
 *
 * Whoever gets the blueprint gives its flag place back, and closes its standard input.
 *
 * When anything fails, or the signal aborts, the worker is gone and the error is thrown.
 */
export async function bringUp(
  request: PluginRequest,
): Promise<{ readonly blueprint: Blueprint; readonly isolate: Isolate }> {
  const { role, grants } = request;
  const { signal } = grants;
  const { limits = DEFAULT_LIMITS } = grants;
  const terminal = resolveTerminal(grants.terminal, grants.stdin);
  checkSource(request.source);
  const { moduleBytes, fetchMs } = limits;
  const source = isPromise(request.source)
    ? await settleSource(request.source, { pluginName: grants.name ?? "plugin", fetchMs, signal })
    : request.source;
  signal?.throwIfAborted();
  const pluginName = grants.name ?? nameOfSource(source);
  checkIsolation(source, pluginName, grants);
  const isStrict = grants.isolation === "strict";
  const canShareMemory = globalThis.crossOriginIsolated && !isStrict;
  const isolate = spawnIsolate(request, pluginName, limits);
  const onAbort = () => isolate.terminate({ kind: "terminated", reason: signal?.reason });
  signal?.addEventListener("abort", onAbort, { once: true });
  let stopTimer = () => {};
  let chosen: ChosenInterruption | undefined;
  let stdin: Stdin | undefined;
  try {
    signal?.throwIfAborted();
    const bounds = { pluginName, moduleBytes, fetchMs, signal: lifeOf(isolate) };
    const binary = await fetchModule(source, bounds);
    stopTimer = isolate.limitLoading(limits.loadMs);
    chosen = chooseInterruption(grants.interruption ?? "auto", {
      pluginName,
      limits,
      isCompiled: !(binary instanceof Uint8Array),
      canShareMemory,
    });
    const compile = {
      pluginName,
      limits,
      source: binary,
      role,
      interruption: chosen.interruption,
      hostFunctions: Object.keys(request.hostFunctions),
      flagAddress: chosen.flagPlace?.address ?? 0,
      isKept: isStrict,
    };
    const recompileOptions = isStrict && request.canRestart ? structuredClone(compile) : undefined;
    const module = await compileIn(isolate, compile);
    const { hostFunctions } = module.contract;
    if (!hostFunctions.every((name) => Object.hasOwn(request.hostFunctions, name))) {
      throw isolate.breach("a contract with host functions that nobody has lent");
    }
    stdin = await openStdin(grants.stdin);
    const asksPage = hostFunctions.length > 0 || stdin.read !== undefined;
    const blocking = asksPage
      ? chooseBlocking(grants.blocking ?? "auto", pluginName, canShareMemory)
      : undefined;
    const blueprint = {
      request,
      pluginName,
      limits,
      module,
      recompileOptions,
      stdin,
      terminal,
      blocking,
      ...chosen,
    };
    const { files = "none" } = grants;
    const tree = files === "none" ? {} : await readWithin(isolate, files);
    // Both are posted at once.
    await Promise.all([prepare(isolate, blueprint, { tree }), isolate.start()]);
    return { blueprint, isolate };
  } catch (error) {
    if (error instanceof PluginError) isolate.terminate({ kind: "failed", error });
    else isolate.terminate({ kind: "terminated", reason: error });
    chosen?.flagPlace?.release();
    stdin?.close();
    throw signal?.aborted ? signal.reason : error;
  } finally {
    stopTimer();
    signal?.removeEventListener("abort", onAbort);
  }
}

/** Reads the files that are blobs, for as long as the worker may load. */
function readWithin(isolate: Isolate, files: CopiedTree): Promise<FileSnapshot> {
  const lost = isolate.closed.then((reason) => {
    throw errorOfEnd(isolate, reason);
  });
  return Promise.race([readBlobs(files), lost]);
}

/** The error of loading in a worker that is gone. */
function errorOfEnd({ pluginName }: Isolate, reason: CloseReason): PluginError {
  return reason.kind === "failed" ? reason.error : closedError(pluginName, reason);
}

/** A signal that aborts when a worker is gone, with what that came of. */
function lifeOf(isolate: Isolate): AbortSignal {
  const life = new AbortController();
  void isolate.closed.then((reason) => {
    life.abort(errorOfEnd(isolate, reason));
  });
  return life.signal;
}

/** Starts a worker, with nothing of a guest in it. @throws {PluginLoadError} */
export function spawnIsolate(request: PluginRequest, pluginName: string, limits: Limits): Isolate {
  const { grants } = request;
  return new Isolate({
    pluginName,
    isolation: grants.isolation ?? "worker",
    worker: grants.worker,
    wasi: grants.wasi,
    limits,
    listener: request.listen(),
    hasOutput: request.hasListener.stdout || request.hasListener.stderr,
  });
}

/** Compiles a module in a worker. Its bytes are given up. */
function compileIn(isolate: Isolate, options: CompileOptions): Promise<CompiledModule> {
  const { source } = options;
  const moved = source instanceof Uint8Array ? [source.buffer] : [];
  return isolate.send("compile", transfer(options, moved));
}

/**
 * Prepares a plugin in a worker that has none, up to its start: its files answer, and nothing of the
 * guest has run.
 *
 * @param files What is in its file system: the option's tree, or all that an earlier instance had.
 */
export async function prepare(
  isolate: Isolate,
  blueprint: Blueprint,
  files: { readonly tree: FileSnapshot } | { readonly image: FileChanges },
): Promise<void> {
  const {
    request,
    pluginName,
    limits,
    module,
    recompileOptions,
    stdin,
    terminal,
    blocking,
    flagPlace,
  } = blueprint;
  const { contract } = module;
  const { grants, hasListener } = request;
  if (flagPlace !== undefined) isolate.interruptWith(flagPlace);
  const isClosed = () => isolate.isEnding;
  const { read } = stdin;
  const hostFunctions = new HostFunctionTable(
    contract.hostFunctions,
    request.hostFunctions,
    read && (() => read(isClosed)),
    pluginName,
    limits,
  );
  const sharedAnswers =
    blocking === "shared-memory" ? createAnswersByKind(limits.messageBytes) : undefined;
  const { port1: pagePort, port2: hostPort } = new MessageChannel();
  void isolate.closed.then(() => {
    pagePort.close();
    // A browser takes seconds to end a worker that waits.
    if (sharedAnswers !== undefined) leaveNoAnswers(sharedAnswers);
  });
  serveHostCalls(pagePort, {
    functions: contract.hostFunctions.length,
    hasStdin: read !== undefined,
    isClosed,
    onIgnored: () => isolate.ignoreHostCall(),
    isRunning: (run) => isolate.isRunning(run),
    answer: isolate.answerWith(hostFunctions),
    onBreach: (found) => void isolate.breach(found),
    sharedAnswers,
  });

  const image = "image" in files ? files.image : undefined;
  const compiled =
    image && recompileOptions && compileIn(isolate, structuredClone(recompileOptions));
  const options: StartOptions = {
    pluginName,
    limits,
    module: {
      compiled: module.module,
      hooks: module.hooks,
      flag: flagPlace?.flag(),
      functions: contract.guestFunctions,
      isReactor: contract.isReactor,
    },
    hostCalls: { functions: contract.hostFunctions, port: hostPort, blocking, sharedAnswers },
    wasi: {
      args: grants.args ?? [],
      env: grants.env ?? {},
      stdin: stdin.bytes,
      hasListener,
      terminal,
      clock: grants.clock ?? "browser",
      random: grants.random ?? "browser",
    },
    files: {
      tree: "tree" in files ? files.tree : {},
      image: undefined,
      hasDirectory: grants.files !== "none",
      isJournaled: request.canRestart,
    },
  };
  const prepared =
    image === undefined ? sendPrepare(isolate, options) : prepareFrom(image, isolate, options);
  await Promise.all([compiled, prepared]);
}

/** Sends the files of an earlier instance, with tasks of others in between, and prepares with them. */
async function prepareFrom(
  whole: FileChanges,
  isolate: Isolate,
  options: StartOptions,
): Promise<void> {
  const { image, parts } = splitImage(whole, IMAGE_PART_BYTES);
  for (const part of parts) await isolate.send("receive", part);
  await sendPrepare(isolate, { ...options, files: { ...options.files, image } });
}

function sendPrepare(isolate: Isolate, options: StartOptions): Promise<void> {
  const moved = [options.hostCalls.port, ...treeTransfer(options.files.tree)];
  return isolate.send("prepare", transfer(options, moved));
}
