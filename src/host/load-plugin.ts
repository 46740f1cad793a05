/** Loads a plugin: module in, contract checked, worker up, `_initialize` run. */

import { checkContract } from "../abi/contract.ts";
import { Encoder } from "../codec/message.ts";
import { PluginError } from "../errors.ts";
import { type Limits, resolveLimits } from "../limits.ts";
import { serveHostCalls } from "../protocol/host-calls.ts";
import { createSharedAnswers, type SharedAnswers } from "../protocol/shared-answers.ts";
import type { FileTree } from "../wasi/file-tree.ts";
import { PREVIEW1_SIGNATURES } from "../wasi/preview1-signatures.ts";
import { type Blocking, chooseBlocking } from "./blocking.ts";
import { CallQueue } from "./call-queue.ts";
import { type HostFunction, HostFunctionTable } from "./host-function.ts";
import { Isolate } from "./isolate.ts";
import { loadModule, type ModuleSource, nameOfSource } from "./module-source.ts";
import { Plugin } from "./plugin.ts";
import { decodingSink, type TextSink } from "./text-sink.ts";
import type { WorkerScript } from "./worker-script.ts";

/** What a plugin is lent. Plain data; what is left out is not granted. */
export interface LoadOptions {
  /** What errors and the worker call it. Default: the source's file name without `.wasm`, or `"plugin"`. */
  readonly name?: string;
  /** The functions of the page that the guest may call, by name without the ABI's underscores. */
  readonly hostFunctions?: Readonly<Record<string, HostFunction>>;
  /** Copied into the plugin's file system, by absolute path. Default: an empty `/`. */
  readonly preopens?: Readonly<Record<string, FileTree>>;
  /** The guest's command line. Default: none. */
  readonly args?: readonly string[];
  /** The guest's environment. Default: empty. */
  readonly env?: Readonly<Record<string, string>>;
  /** What the guest reads from its standard input. Default: nothing, an end of file at once. */
  readonly stdin?: string | Uint8Array;
  /** Takes what the guest writes to its standard output, as text. Default: it is dropped. */
  readonly stdout?: TextSink;
  /** The same for its standard error. */
  readonly stderr?: TextSink;
  /** Limits that differ from the defaults, see {@link Limits}. */
  readonly limits?: Partial<Limits>;
  /** How the guest waits for host functions. Default: `"auto"`. */
  readonly blocking?: Blocking;
  /** Where the worker's script comes from. Default: inlined in this library. */
  readonly worker?: WorkerScript;
  /** Aborts the loading; loading then rejects with the signal's reason. */
  readonly signal?: AbortSignal;
}

/**
 * Loads a plugin into a worker of its own.
 *
 * @param source The module: an address, a response, its bytes, or a compiled module. Of a compiled
 *   module the types of exports and imports cannot be seen, so they are not checked before a call.
 * @throws {PluginLoadError} when the module cannot be fetched or compiled, or the worker not started.
 * @throws {PluginLinkError} when the module's exports or imports are not the ABI's, or it imports a
 *   host function that `options` does not have.
 * @throws {PluginLimitError} when the module is too large, or takes longer than `limits.loadMs`.
 * @throws {PluginTrapError} when the module traps while it starts.
 * @example
 * await using plugin = await loadPlugin("/plugins/double.wasm");
 * const double = plugin.function("double", [t.vec(t.f64)], t.vec(t.f64));
 * await double([1, 2, 3]); // [2, 4, 6]
 */
export async function loadPlugin(source: ModuleSource, options: LoadOptions = {}): Promise<Plugin> {
  const { signal, hostFunctions = {} } = options;
  const limits = resolveLimits(options.limits);
  const pluginName = options.name ?? nameOfSource(source);
  signal?.throwIfAborted();

  // The worker starts while the module is fetched and compiled.
  const isolate = new Isolate({
    pluginName,
    worker: options.worker,
    onOutput: outputSink(options),
  });
  const onAbort = () => isolate.terminate({ kind: "terminated", reason: signal?.reason });
  signal?.addEventListener("abort", onAbort, { once: true });
  try {
    const { moduleBytes } = limits;
    const { module, moduleInterface } = await loadModule(source, {
      pluginName,
      moduleBytes,
      signal,
    });
    const contract = checkContract(moduleInterface, {
      pluginName,
      hostFunctions: new Set(Object.keys(hostFunctions)),
      wasi: PREVIEW1_SIGNATURES,
    });
    const blocking =
      contract.hostFunctions.length === 0
        ? undefined
        : chooseBlocking(options.blocking ?? "auto", pluginName);
    const sharedAnswers =
      blocking === "shared-memory" ? createSharedAnswers(limits.messageBytes) : undefined;
    const table = new HostFunctionTable(contract.hostFunctions, hostFunctions, pluginName, limits);
    const hostPort = serveTable(table, isolate, sharedAnswers);

    await isolate.start(
      {
        pluginName,
        lifeline: isolate.lifeline,
        module,
        isReactor: contract.isReactor,
        limits,
        hostFunctions: contract.hostFunctions,
        hostPort,
        blocking,
        sharedAnswers,
        args: options.args ?? [],
        env: options.env ?? {},
        preopens: options.preopens ?? {},
        stdin: options.stdin ?? "",
        stdout: options.stdout !== undefined,
        stderr: options.stderr !== undefined,
      },
      limits.loadMs,
    );
    const queue = new CallQueue();
    const encoder = new Encoder(limits);
    const context = { isolate, queue, hostFunctions: table, encoder, limits };
    return new Plugin(context, contract.guestFunctions);
  } catch (error) {
    if (error instanceof PluginError) isolate.terminate({ kind: "failed", error });
    else isolate.terminate({ kind: "terminated", reason: error });
    throw signal?.aborted ? signal.reason : error;
  } finally {
    signal?.removeEventListener("abort", onAbort);
  }
}

function outputSink({ stdout, stderr }: LoadOptions): (fd: 1 | 2, bytes: Uint8Array) => void {
  const sinks = [stdout, stderr].map((sink) =>
    sink === undefined ? undefined : decodingSink(sink),
  );
  return (fd, bytes) => sinks[fd - 1]?.(bytes);
}

/** Opens the port that host calls come through. Returns the worker's end. */
function serveTable(
  table: HostFunctionTable,
  isolate: Isolate,
  sharedAnswers: SharedAnswers | undefined,
): MessagePort {
  const { port1, port2 } = new MessageChannel();
  serveHostCalls(port1, {
    size: table.size,
    answer: (call) => table.answer(call),
    onBreach: (found) => void isolate.breach(found),
    sharedAnswers,
  });
  void isolate.closed.then(() => port1.close());
  return port2;
}
