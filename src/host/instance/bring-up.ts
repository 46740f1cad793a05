/** What loading a plugin and running a command have in common: a worker that is up with a module in it. */

import type { ModuleRole } from "../../abi/contract.ts";
import { PluginError } from "../../errors.ts";
import type { FileChanges } from "../../files/changes/file-changes.ts";
import { splitImage } from "../../files/changes/image-parts.ts";
import { type Limits, resolveLimits } from "../../limits.ts";
import { serveHostCalls } from "../../protocol/host-calls.ts";
import { createSharedAnswers, leaveAnswer, NO_ANSWER } from "../../protocol/shared-answers.ts";
import type {
  BlockingWay,
  CompiledModule,
  CompileOptions,
  StartOptions,
} from "../../protocol/worker-api.ts";
import type { Terminals } from "../../wasi/streams.ts";
import { chooseBlocking } from "../grants/blocking.ts";
import { checkGrants } from "../grants/check-options.ts";
import { fetchModule, settleSource } from "../grants/fetch-module.ts";
import { type HostFunction, HostFunctionTable } from "../grants/host-function.ts";
import { type ChosenInterruption, chooseInterruption } from "../grants/interruption.ts";
import { checkIsolation } from "../grants/isolation.ts";
import {
  checkSource,
  isPromise,
  type ModuleSource,
  nameOfSource,
} from "../grants/module-source.ts";
import type { PluginOptions } from "../grants/plugin-options.ts";
import { openStdin, type Stdin } from "../grants/stdin.ts";
import { resolveTerminal } from "../grants/terminal.ts";
import { closedError } from "./close-reason.ts";
import { Instance } from "./instance.ts";
import { Isolate } from "./isolate.ts";

/** Bytes of files that are posted at once: a page stands still while they are copied, some 10 ms. */
const IMAGE_PART_BYTES = 8 * 1024 * 1024;

/** What to bring up. */
export interface BringUp {
  readonly source: ModuleSource;
  readonly role: ModuleRole;
  readonly grants: PluginOptions;
  readonly hostFunctions: Readonly<Record<string, HostFunction>>;
  /** Whether fresh instances may follow the first, with the files that it tells of. */
  readonly canRestart: boolean;
  /** Whether the worker posts the output: where somebody listens. */
  readonly isHeard: { readonly stdout: boolean; readonly stderr: boolean };
  /** Opens what takes the output of one worker, in chunks as they come. */
  openOutput(): (fd: 1 | 2, bytes: Uint8Array) => void;
  /** Told that output was dropped. */
  onTruncated(fd: 1 | 2): void;
  /** Takes what has changed in the files. @throws WasiError when it can't be true */
  onChanges(changes: FileChanges): void;
  /** Told how much more fuel was used, where it is limited. */
  onFuel(units: number): void;
}

/** What every instance of one plugin is started from: all that is fetched, compiled and chosen once. */
export interface Blueprint extends ChosenInterruption {
  readonly wanted: BringUp;
  readonly pluginName: string;
  readonly limits: Limits;
  readonly module: CompiledModule;
  /** What each further worker compiles for itself, where a module cannot leave the first one. */
  readonly again: CompileOptions | undefined;
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
  wanted: BringUp,
): Promise<{ readonly blueprint: Blueprint; readonly instance: Instance }> {
  const { role, grants } = wanted;
  const { signal } = grants;
  const limits = resolveLimits(grants.limits);
  checkGrants(grants);
  const terminal = resolveTerminal(grants.terminal, grants.stdin);
  checkSource(wanted.source);
  const { moduleBytes, fetchMs } = limits;
  const source = isPromise(wanted.source)
    ? await settleSource(wanted.source, { pluginName: grants.name ?? "plugin", fetchMs, signal })
    : wanted.source;
  signal?.throwIfAborted();
  const pluginName = grants.name ?? nameOfSource(source);
  checkIsolation(source, pluginName, grants);
  const isStrict = grants.isolation === "strict";
  const canShareMemory = globalThis.crossOriginIsolated && !isStrict;
  const isolate = spawnIsolate(wanted, pluginName, limits);
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
      ...{ pluginName, limits, source: binary, role, interruption: chosen.interruption },
      hostFunctions: Object.keys(wanted.hostFunctions),
      flagAddress: chosen.flagPlace?.address ?? 0,
      isKept: isStrict,
    };
    const again = isStrict && wanted.canRestart ? structuredClone(compile) : undefined;
    const module = await isolate.compile(compile);
    const { hostFunctions } = module.contract;
    if (!hostFunctions.every((name) => Object.hasOwn(wanted.hostFunctions, name))) {
      throw isolate.breach("a contract with host functions that nobody has lent");
    }
    stdin = openStdin(grants.stdin);
    const asksPage = hostFunctions.length > 0 || stdin.read !== undefined;
    const blocking = asksPage
      ? chooseBlocking(grants.blocking ?? "auto", pluginName, canShareMemory)
      : undefined;
    const blueprint = {
      ...{ wanted, pluginName, limits, module, again, stdin, terminal, blocking },
      ...chosen,
    };
    const instance = prepareInstance(isolate, blueprint, undefined);
    await instance.start();
    return { blueprint, instance };
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

/** A signal that aborts when a worker is gone, with what that came of. */
function lifeOf(isolate: Isolate): AbortSignal {
  const life = new AbortController();
  void isolate.closed.then((reason) => {
    life.abort(reason.kind === "failed" ? reason.error : closedError(isolate.pluginName, reason));
  });
  return life.signal;
}

/** Starts a worker, with nothing of a guest in it. @throws {PluginLoadError} */
export function spawnIsolate(wanted: BringUp, pluginName: string, limits: Limits): Isolate {
  const { grants } = wanted;
  return new Isolate({
    pluginName,
    isolation: grants.isolation ?? "worker",
    worker: grants.worker,
    wasi: grants.wasi,
    limits,
    onOutput: wanted.openOutput(),
    onTruncated: (fd) => wanted.onTruncated(fd),
    onChanges: (changes) => wanted.onChanges(changes),
    onFuel: (units) => wanted.onFuel(units),
  });
}

/**
 * Makes all that an instance needs in a worker that has none.
 *
 * @param image The files that it has. Default: the preopens.
 */
export function prepareInstance(
  isolate: Isolate,
  blueprint: Blueprint,
  image: FileChanges | undefined,
): Instance {
  const { wanted, pluginName, limits, module, again, stdin, terminal, blocking, flagPlace } =
    blueprint;
  const { contract } = module;
  const { grants, isHeard } = wanted;
  if (flagPlace !== undefined) isolate.interruptWith(flagPlace);
  const isClosed = () => isolate.reason !== undefined;
  const { read } = stdin;
  const hostFunctions = new HostFunctionTable(
    contract.hostFunctions,
    wanted.hostFunctions,
    read && (() => read(isClosed)),
    pluginName,
    limits,
  );
  const sharedAnswers =
    blocking === "shared-memory" ? createSharedAnswers(limits.messageBytes) : undefined;
  const { port1: pagePort, port2: hostPort } = new MessageChannel();
  void isolate.closed.then(() => {
    pagePort.close();
    // A browser takes seconds to end a worker that waits.
    if (sharedAnswers !== undefined) leaveAnswer(sharedAnswers, NO_ANSWER);
  });
  serveHostCalls(pagePort, {
    functions: contract.hostFunctions.length,
    hasStdin: read !== undefined,
    isClosed,
    isGuestRunning: () => isolate.isGuestRunning,
    answer: (call) => {
      isolate.countHostCall();
      return hostFunctions.answer(call);
    },
    onBreach: (found) => void isolate.breach(found),
    sharedAnswers,
  });

  const compiled = image && again && isolate.compile(structuredClone(again));
  const options: StartOptions = {
    pluginName,
    module: module.module,
    hooks: module.hooks,
    flag: flagPlace?.flag(),
    isReactor: contract.isReactor,
    limits,
    hostFunctions: contract.hostFunctions,
    hostPort,
    blocking,
    sharedAnswers,
    args: grants.args ?? [],
    env: grants.env ?? {},
    files: {
      // What came of them is in the image.
      preopens: image === undefined ? (grants.preopens ?? {}) : {},
      image: undefined,
      hasDirectory: true,
      isJournaled: wanted.canRestart,
    },
    stdin: stdin.bytes,
    stdout: isHeard.stdout,
    stderr: isHeard.stderr,
    terminal,
    clock: grants.clock ?? "browser",
    random: grants.random ?? "browser",
  };
  const prepared =
    image === undefined ? isolate.prepare(options) : prepareFrom(image, isolate, options);
  return new Instance(isolate, hostFunctions, Promise.all([compiled, prepared]));
}

/** Sends the files of an earlier instance, with tasks of others in between, and prepares with them. */
async function prepareFrom(
  whole: FileChanges,
  isolate: Isolate,
  options: StartOptions,
): Promise<void> {
  const { image, parts } = splitImage(whole, IMAGE_PART_BYTES);
  for (const part of parts) await isolate.request((remote) => remote.receive(part));
  await isolate.prepare({ ...options, files: { ...options.files, image } });
}
