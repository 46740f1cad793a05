/** Puts the library where tests can reach it from outside, with one guest that they all use. */

import { WasmFs } from "@wasmer/wasmfs";
import * as library from "cloche";
import * as wasmer from "cloche/wasmer";
import wasmerWorkerAddress from "cloche/wasmer-worker?url";
import workerAddress from "cloche/worker?url";
import { withstand } from "../hostile/arena.ts";
import type { Orders } from "../hostile/raw-worker.ts";
// oxlint-disable-next-line import/default -- vite makes it
import RawWorker from "../hostile/raw-worker.ts?worker";
import { checkConformance } from "./conformance.ts";
import { tryOddCalls } from "./odd-calls.ts";
import { watchMessages, watchWorkers, workers } from "./watched-workers.ts";

/** The plugins that are not closed, held weakly, so that a test can watch one being collected. */
const plugins = new Set<WeakRef<Pick<library.Plugin, "terminate">>>();

/** The library, with the isolation that the tests of this run want where they do not say. */
const cloche: typeof library = {
  ...library,
  loadPlugin: async <Functions, Host>(
    source: library.ModuleSource,
    options?: library.LoadOptions<Host>,
  ) => {
    const all = { isolation: window.isolation, ...options };
    const plugin = await library.loadPlugin<Functions, Host>(source, all);
    const reference = new WeakRef(plugin);
    plugins.add(reference);
    void plugin.closed.then(() => plugins.delete(reference));
    return plugin;
  },
  runCommand: (source, options) =>
    library.runCommand(source, { isolation: window.isolation, ...options }),
};

const { hostFunction, t } = cloche;

/** Loads the guest that covers every type; its host functions do the least unless a test gives others. */
function loadEverything(options: library.LoadOptions = {}): Promise<library.Plugin> {
  return cloche.loadPlugin("/plugins/everything.wasm", {
    ...options,
    hostFunctions: {
      run: hostFunction([t.string], t.bytes, () => new Uint8Array()),
      add: hostFunction([t.i32, t.i32], t.i32, (a, b) => a + b),
      note: hostFunction([], t.unit, () => {}),
      ...options.hostFunctions,
    },
  });
}

/** The option for the WASI engine of a name. */
function onEngine(engine: "cloche" | "wasmer"): Pick<library.PluginOptions, "wasi"> {
  return engine === "cloche" ? {} : { wasi: wasmer.wasmer() };
}

/** Runs the command of many small ones: its name and arguments, then what it is lent. */
function runTool(
  args: readonly string[],
  options: library.CommandOptions = {},
): Promise<library.CommandResult> {
  return cloche.runCommand("/plugins/tool.wasm", { ...options, args: ["tool", ...args] });
}

/** Makes the hostile worker of `raw-worker.ts`, for the option `worker`. */
function rawWorker(orders: Orders): () => Worker {
  return () => new RawWorker({ name: JSON.stringify(orders) });
}

/** Terminates every plugin, and empties the storage. Returns whether the page is as if just opened. */
async function tidyUp(): Promise<boolean> {
  for (const plugin of plugins) plugin.deref()?.terminate();
  if (workers.size > 0 || document.querySelector("iframe") !== null) return false;
  const storage = await navigator.storage.getDirectory();
  for await (const name of storage.keys()) await storage.removeEntry(name, { recursive: true });
  return true;
}

/** The error that a promise is rejected with, in plain data; fails when the promise is fulfilled. */
async function rejection(
  promise: Promise<unknown>,
): Promise<{ name: string; message: string; error: Error }> {
  try {
    await promise;
  } catch (error) {
    if (error instanceof Error) return { name: error.name, message: error.message, error };
    return { name: typeof error, message: String(error), error: new Error(String(error)) };
  }
  throw new Error("the promise was fulfilled, expected a rejection");
}

const examples = import.meta.glob<{ isRun: boolean }>("../../build/examples/*.ts");

/** Runs an example of the documentation, as a module; gives what it throws as text. */
async function runExample(name: string): Promise<string | undefined> {
  const run = examples[`../../build/examples/${name}.ts`];
  if (run === undefined) return "there is no such module, build the harness again";
  try {
    const { isRun } = await run();
    return isRun ? undefined : "it did not run";
  } catch (error) {
    return String(error);
  }
}

declare global {
  interface Window {
    /** Set by the test before the page's own scripts run. */
    isolation: library.Isolation;
    cloche: typeof library;
    wasmer: typeof wasmer;
    WasmFs: typeof WasmFs;
    /** Where the page itself hosts `cloche/worker`. */
    workerAddress: string;
    /** And `cloche/wasmer-worker`. */
    wasmerWorkerAddress: string;
    onEngine: typeof onEngine;
    loadEverything: typeof loadEverything;
    runTool: typeof runTool;
    rejection: typeof rejection;
    watchMessages: typeof watchMessages;
    tidyUp: typeof tidyUp;
    withstand: typeof withstand;
    tryOddCalls: typeof tryOddCalls;
    rawWorker: typeof rawWorker;
    runExample: typeof runExample;
    checkConformance: typeof checkConformance;
  }
}

Object.assign(window, {
  cloche,
  workerAddress,
  loadEverything,
  runTool,
  rejection,
  watchMessages,
  tidyUp,
  withstand,
  tryOddCalls,
  rawWorker,
  wasmer,
  WasmFs,
  wasmerWorkerAddress,
  onEngine,
  runExample,
  checkConformance,
});

watchWorkers();
