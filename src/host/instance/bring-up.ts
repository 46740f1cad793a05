/** What loading a plugin and running a command have in common: a worker that is up with a module in it. */

import { environment } from "#platform/environment";
import { threads } from "#platform/threads";
import { shownList, shownName } from "../../abi/names.ts";
import { PluginError, PluginLinkError } from "../../errors.ts";
import type { FileSnapshot } from "../../files/file-tree.ts";
import { DEFAULT_LIMITS, type Limits } from "../../limits.ts";
import type { CompiledModule, CompileOptions } from "../../protocol/compiled-module.ts";
import type { BlockingWay } from "../../protocol/start-options.ts";
import type { PluginSchema } from "../../schema/plugin-schema.ts";
import { invalid } from "../../wording/invalid-value.ts";
import { type CloseReason, closedError } from "../events/close-reason.ts";
import { chooseBlocking } from "../grants/blocking.ts";
import { fetchModule, settleSource } from "../grants/fetch-module.ts";
import { type CopiedTree, readBlobs } from "../grants/file-tree.ts";
import { HandleTable } from "../grants/handle-table.ts";
import { chooseInterruption } from "../grants/interruption.ts";
import { checkIsolation } from "../grants/isolation.ts";
import { chooseLane } from "../grants/lane.ts";
import { type LentFunctions, lendFunctions } from "../grants/lent-functions.ts";
import { readModuleSchema } from "../grants/module-schema.ts";
import { nameOfSource, type SettledSource } from "../grants/module-source.ts";
import { openStdin, type Stdin } from "../grants/stdin.ts";
import { resolveTerminal } from "../grants/terminal.ts";
import {
  type Blueprint,
  compileIn,
  type Draft,
  type PluginRequest,
  prepare,
  spawnIsolate,
  workerChoiceOf,
} from "./blueprint.ts";
import type { Isolate } from "./isolate.ts";
import {
  type CompilingModule,
  moduleCache,
  moduleKey,
  SharedBytes,
  type TakenModule,
} from "./module-cache.ts";

/**
 * Starts a worker and fetches the module meanwhile, which is compiled there, checked, and instantiated;
 * or found where another plugin has had it compiled.
 *
 * The worker is sent all requests at once, and waits by itself for what comes before each.
 *
 * Whoever gets the blueprint gives its flag place back, and closes its standard input.
 *
 * When anything fails, or the signal aborts, the worker is gone and the error is thrown.
 */
export async function bringUp(
  request: PluginRequest,
): Promise<{ readonly blueprint: Blueprint; readonly isolate: Isolate }> {
  const { options } = request;
  checkWorkerGiven(options);
  const { signal } = options;
  const { limits = DEFAULT_LIMITS } = options;
  const terminal = resolveTerminal(options.terminal, options.stdin);
  const source = await settled(request, limits);
  signal?.throwIfAborted();
  const given = SharedBytes.is(source) ? source.bytes : source;
  const pluginName = options.name ?? nameOfSource(given);
  checkIsolation(given, pluginName, options);
  const isolate = spawnIsolate(request, pluginName, limits);
  const onAbort = () => isolate.terminate({ kind: "terminated", reason: signal?.reason });
  signal?.addEventListener("abort", onAbort, { once: true });
  let stopTimer = () => {};
  let found: FoundModule | undefined;
  let stdin: Stdin | undefined;
  try {
    signal?.throwIfAborted();
    const { moduleBytes, fetchMs } = limits;
    const bounds = { pluginName, moduleBytes, fetchMs, signal: lifeOf(isolate) };
    const binary = SharedBytes.is(source) ? source : await fetchModule(source, bounds);
    const bytes = SharedBytes.is(binary) ? binary.bytes : binary;
    if (bytes instanceof Uint8Array) request.recorder?.loaded(bytes);
    request.loadMeasure?.done("fetch");
    stopTimer = isolate.limitLoading(limits.loadMs);
    const schema = request.role === "plugin" ? schemaOf(binary, pluginName, limits) : undefined;
    const handles = new HandleTable(limits.resources, request.onDrop);
    const lent = lend(request, schema, handles);
    found = await findModule(binary, isolate, request, limits, lent.names);
    const { interruption, flagPlace, recompileOptions } = found;
    const compiled = "module" in found ? found.module : undefined;
    const compiling = "compiling" in found ? found.compiling : Promise.resolve(found.module);
    stdin = await openStdin(options.stdin);
    const waiting = chooseWaiting(request, pluginName, stdin, lent);
    const { files } = options;
    const tree = files === undefined || files === "none" ? {} : await readWithin(isolate, files);
    const { blocking } = waiting;
    // Shared memory has no place for the fuel that a call has used.
    const canTerminate = environment.terminatesAtOnce && limits.fuel === Infinity;
    const canInterrupt = flagPlace !== undefined || canTerminate;
    const canShareCalls = canShareMemory(request) && canInterrupt;
    const lane = chooseLane(request.lane, pluginName, canShareCalls);
    const grounds = {
      request,
      pluginName,
      limits,
      schema,
      lent,
      handles,
      stdin,
      terminal,
      blocking,
      lane,
    };
    request.recorder?.begin({
      role: request.role,
      pluginName,
      limits,
      stdin: stdin.bytes,
      terminal,
      args: options.args ?? [],
      env: options.env ?? {},
      clock: options.clock ?? "browser",
      random: options.random ?? "browser",
      files: files === "none" ? files : tree,
      hostFunctions: lent.names,
      restart: request.canRestart,
    });
    const draft: Draft = { ...grounds, interruption, flagPlace };
    const [module] = await Promise.all([
      compiling.then(
        (compiled) => {
          request.loadMeasure?.done("compile");
          return checked(compiled, isolate, draft, waiting);
        },
        (error) => {
          throw withDifferences(error, draft);
        },
      ),
      prepare(isolate, draft, compiled, { tree }),
      isolate.start(),
    ]);
    request.loadMeasure?.done("start");
    threads.keepSpare(workerChoiceOf(request, pluginName));
    return { blueprint: { ...draft, module, recompileOptions }, isolate };
  } catch (error) {
    if (error instanceof PluginError) isolate.terminate({ kind: "failed", error });
    else isolate.terminate({ kind: "terminated", reason: error });
    found?.flagPlace?.release();
    stdin?.close();
    throw signal?.aborted ? signal.reason : error;
  } finally {
    stopTimer();
    signal?.removeEventListener("abort", onAbort);
  }
}

/** @throws {TypeError} when nothing says where a worker comes from. */
function checkWorkerGiven({ worker, wasi }: PluginRequest["options"]): void {
  if (threads.hasScript || worker !== undefined || wasi !== undefined) return;
  throw invalid(
    "options.worker",
    "is missing, and cloche/slim has no worker of its own (pass the address of cloche/worker)",
  );
}

/** The source, once it is no promise. */
async function settled(
  { source, options }: PluginRequest,
  { fetchMs }: Limits,
): Promise<SettledSource | SharedBytes> {
  if (SharedBytes.is(source)) return source;
  const { name: pluginName = "plugin", signal } = options;
  return settleSource(source, { pluginName, fetchMs, signal });
}

/** What the guest may call: the page's functions, or all that there were in a run that is replayed. */
function lend(
  { hostFunctions, replayed }: PluginRequest,
  schema: PluginSchema | undefined,
  handles: HandleTable,
): LentFunctions {
  if (replayed === undefined) return lendFunctions(hostFunctions, schema, handles);
  return { names: replayed.names, functions: new Map(), differences: new Map() };
}

/** A module that is compiled, or is being compiled in the plugin's worker. */
type FoundModule = (TakenModule | CompilingModule) &
  Pick<Blueprint, "interruption" | "recompileOptions">;

/** Finds a compiled module of the page, or lets the plugin's worker compile it. */
async function findModule(
  given: CompileOptions["source"] | SharedBytes,
  isolate: Isolate,
  request: PluginRequest,
  limits: Limits,
  hostFunctions: readonly string[],
): Promise<FoundModule> {
  const { options, role } = request;
  const { pluginName } = isolate;
  const shared = SharedBytes.is(given) ? given : undefined;
  const source = SharedBytes.is(given) ? given.bytes : given;
  const isStrict = options.isolation === "strict";
  const { interruption, flagAddress } = chooseInterruption(options.interruption ?? "auto", {
    pluginName,
    limits,
    isCompiled: !(source instanceof Uint8Array),
    canShareMemory: canShareMemory(request),
  });
  const target = { pluginName, limits, role, interruption, hostFunctions, isKept: isStrict };
  const key = moduleKey({ ...target, source }, options, shared?.hash);
  const compileOptions = { ...target, source, flagAddress: flagAddress?.address ?? 0 };
  const recompileOptions =
    isStrict && request.canRestart ? structuredClone(compileOptions) : undefined;
  const compile = () => {
    // Bytes are given up.
    const own = shared === undefined ? source : shared.bytes.slice();
    const compiling = compileIn(isolate, { ...compileOptions, source: own });
    // It is waited for, but not at once.
    compiling.catch(() => {});
    return { compiling, flagPlace: flagAddress?.take() };
  };
  let obtained: TakenModule | CompilingModule;
  if (key === undefined) {
    obtained = compile();
    flagAddress?.drop();
  } else {
    const obtaining = moduleCache.obtain(key, flagAddress, compile);
    try {
      obtained = await whileAlive(isolate, obtaining);
    } catch (error) {
      void obtaining.then(({ flagPlace }) => flagPlace?.release());
      throw error;
    }
  }
  return { interruption, recompileOptions, ...obtained };
}

function canShareMemory({ options }: PluginRequest): boolean {
  return environment.canShareMemory && options.isolation !== "strict";
}

/** How the guest waits for the page. */
interface Waiting {
  readonly blocking: BlockingWay | undefined;
  /** Why it cannot wait, in case that it imports what it waits for. */
  readonly error?: unknown;
}

/** @throws {PluginLoadError} when it would have to wait for its input, and cannot. */
function chooseWaiting(
  request: PluginRequest,
  pluginName: string,
  { read }: Stdin,
  lent: LentFunctions,
): Waiting {
  const { options } = request;
  if (read === undefined && lent.names.length === 0) return { blocking: undefined };
  try {
    const choice = options.blocking ?? "auto";
    return { blocking: chooseBlocking(choice, pluginName, canShareMemory(request)) };
  } catch (error) {
    if (read !== undefined) throw error;
    return { blocking: undefined, error };
  }
}

/** A module that was checked against what it was lent, and what it says of itself. */
function checked(
  module: CompiledModule,
  isolate: Isolate,
  { lent, schema, pluginName }: Draft,
  waiting: Waiting,
): CompiledModule {
  const { hostFunctions, guestFunctions } = module.contract;
  if (!hostFunctions.every((name) => lent.names.includes(name))) {
    throw isolate.breach("a contract with host functions that nobody has lent");
  }
  const exported = new Set(guestFunctions);
  const untrue = schema?.functions.filter(({ name }) => !exported.has(name)) ?? [];
  const problems = [
    ...hostFunctions.flatMap((name) => lent.differences.get(name) ?? []),
    ...untrue.map(({ name }) => `its schema has "${shownName(name)}", which it does not export`),
  ];
  if (problems.length > 0) {
    const list = shownList(problems, "; ");
    throw new PluginLinkError(`Cannot link plugin "${pluginName}": ${list}`, { pluginName });
  }
  if (hostFunctions.length > 0 && waiting.error !== undefined) throw waiting.error;
  return module;
}

/** An error of linking, with what else does not fit. */
function withDifferences(error: unknown, { lent, schema, pluginName }: Draft): unknown {
  const wanted = schema?.hostFunctions.flatMap(({ name }) => lent.differences.get(name) ?? []);
  if (!(error instanceof PluginLinkError) || wanted === undefined || wanted.length === 0)
    return error;
  return new PluginLinkError(`${error.message}; ${shownList(wanted, "; ")}`, { pluginName });
}

/** What a module says of itself. */
function schemaOf(
  module: Uint8Array | WebAssembly.Module | SharedBytes,
  pluginName: string,
  limits: Limits,
): PluginSchema | undefined {
  return readModuleSchema(SharedBytes.is(module) ? module.bytes : module, pluginName, limits);
}

/** Reads the files that are blobs, for as long as the worker may load. */
function readWithin(isolate: Isolate, files: CopiedTree): Promise<FileSnapshot> {
  return whileAlive(isolate, readBlobs(files));
}

/** Waits for something of the page's own, for as long as the worker may load. */
function whileAlive<T>(isolate: Isolate, wait: Promise<T>): Promise<T> {
  const lost = isolate.closed.then((reason) => {
    throw errorOfEnd(isolate, reason);
  });
  return Promise.race([wait, lost]);
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
