/** What loading a plugin and running a command have in common: a worker that is up with a module in it. */

import type { Contract, HostOffer } from "../abi/contract.ts";
import type { ModuleInterface } from "../abi/module-interface.ts";
import { PluginError, PluginHostFunctionError } from "../errors.ts";
import { type Limits, resolveLimits } from "../limits.ts";
import { serveHostCalls } from "../protocol/host-calls.ts";
import { createSharedAnswers, leaveAnswer, NO_ANSWER } from "../protocol/shared-answers.ts";
import type { Interruption } from "../rewrite/form.ts";
import type { FileChanges } from "../wasi/file-changes.ts";
import { PREVIEW1_SIGNATURES } from "../wasi/preview1-signatures.ts";
import { chooseBlocking } from "./blocking.ts";
import type { Grants } from "./grants.ts";
import { type HostFunction, HostFunctionTable } from "./host-function.ts";
import { chooseInterruption } from "./interruption.ts";
import { Isolate } from "./isolate.ts";
import { checkIsolation } from "./isolation.ts";
import { fetchModule, type ModuleSource, nameOfSource } from "./module-source.ts";
import { openStdin } from "./stdin.ts";

/** What to bring up. */
export interface BringUp {
  readonly source: ModuleSource;
  readonly grants: Grants;
  readonly hostFunctions: Readonly<Record<string, HostFunction>>;
  /** Whether the worker posts the output: where somebody listens. */
  readonly isHeard: { readonly stdout: boolean; readonly stderr: boolean };
  /** Takes the output, in chunks as they come. */
  onOutput(fd: 1 | 2, bytes: Uint8Array): void;
  /** Told that output was dropped. */
  onTruncated(fd: 1 | 2): void;
  /** Takes what has changed in the files. @throws WasiError when it can't be true */
  onChanges(changes: FileChanges): void;
  /** Told how much fuel was used so far, where it is limited. */
  onFuel(used: number): void;
  /** Checks the module. @throws {PluginLinkError} */
  check(module: ModuleInterface, offer: HostOffer): Contract;
}

/** What is up. */
export interface BroughtUp {
  readonly isolate: Isolate;
  readonly contract: Contract;
  readonly hostFunctions: HostFunctionTable;
  readonly limits: Limits;
  readonly interruption: Interruption;
}

/**
 * Starts a worker and fetches the module meanwhile, which is compiled there, checked, and instantiated.
 *
 * When anything fails, or the signal aborts, the worker is gone and the error is thrown.
 */
export async function bringUp(wanted: BringUp): Promise<BroughtUp> {
  const { source, grants, hostFunctions } = wanted;
  const { signal } = grants;
  const limits = resolveLimits(grants.limits);
  const pluginName = grants.name ?? nameOfSource(source);
  signal?.throwIfAborted();

  checkIsolation(source, pluginName, grants);
  const isolation = grants.isolation ?? "worker";
  const canShareMemory = globalThis.crossOriginIsolated && isolation === "worker";
  const isolate = new Isolate({
    pluginName,
    isolation,
    worker: grants.worker,
    wasi: grants.wasi,
    limits,
    onOutput: (fd, bytes) => wanted.onOutput(fd, bytes),
    onTruncated: (fd) => wanted.onTruncated(fd),
    onChanges: (changes) => wanted.onChanges(changes),
    onFuel: (used) => wanted.onFuel(used),
  });
  const onAbort = () => isolate.terminate({ kind: "terminated", reason: signal?.reason });
  signal?.addEventListener("abort", onAbort, { once: true });
  let stopTimer = () => {};
  try {
    const { moduleBytes } = limits;
    const binary = await fetchModule(source, { pluginName, moduleBytes, signal });
    const { interruption, flagPlace } = chooseInterruption(grants.interruption ?? "auto", {
      pluginName,
      limits,
      isCompiled: binary instanceof WebAssembly.Module,
      canShareMemory,
    });
    if (flagPlace !== undefined) isolate.interruptWith(flagPlace);
    stopTimer = isolate.limitLoading(limits.loadMs);
    const { module, moduleInterface, hooks } = await isolate.compile({
      ...{ pluginName, source: binary, limits, interruption },
      flagAddress: flagPlace?.address ?? 0,
      isKept: isolation === "strict",
    });
    const contract = wanted.check(moduleInterface, {
      pluginName,
      hostFunctions: new Set(Object.keys(hostFunctions)),
      wasi: PREVIEW1_SIGNATURES,
    });

    const stdin = openStdin(grants.stdin);
    const table = new HostFunctionTable(
      contract.hostFunctions,
      hostFunctions,
      stdin.read,
      pluginName,
      limits,
    );
    const blocking =
      table.size === 0
        ? undefined
        : chooseBlocking(grants.blocking ?? "auto", pluginName, canShareMemory);
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
      hasStdin: stdin.read !== undefined,
      isClosed: () => isolate.reason !== undefined,
      isGuestRunning: () => isolate.isGuestRunning,
      answer: (call) => {
        isolate.countHostCall();
        return table.answer(call);
      },
      onBreach: (found) => void isolate.breach(found),
      sharedAnswers,
    });

    const start = {
      pluginName,
      lifeline: isolate.lifeline,
      module,
      hooks,
      flag: flagPlace?.flag(),
      isReactor: contract.isReactor,
      limits,
      hostFunctions: contract.hostFunctions,
      hostPort,
      blocking,
      sharedAnswers,
      args: grants.args ?? [],
      env: grants.env ?? {},
      preopens: grants.preopens ?? {},
      stdin: stdin.bytes,
      stdout: wanted.isHeard.stdout,
      stderr: wanted.isHeard.stderr,
      clock: grants.clock ?? "browser",
      random: grants.random ?? "browser",
    };
    await isolate.start(start).catch((error: unknown) => {
      // The page knows what a host function failed of; the worker does not.
      throw error instanceof PluginHostFunctionError ? (table.takeFailure() ?? error) : error;
    });
    return { isolate, contract, hostFunctions: table, limits, interruption };
  } catch (error) {
    if (error instanceof PluginError) isolate.terminate({ kind: "failed", error });
    else isolate.terminate({ kind: "terminated", reason: error });
    throw signal?.aborted ? signal.reason : error;
  } finally {
    stopTimer();
    signal?.removeEventListener("abort", onAbort);
  }
}
