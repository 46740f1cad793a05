/** The library as tests use it, on a page and in Node, with the guests that most of them use. */

import { WasmFs } from "@wasmer/wasmfs";
import * as library from "cloche";
import * as wasmer from "cloche/wasmer";
import { checkConformance } from "./conformance.ts";
import { withoutSchema } from "./without-schema.ts";

/** The plugins that are not closed, held weakly, so that a test can watch one being collected. */
const plugins = new Set<WeakRef<Pick<library.Plugin, "terminate">>>();
/** What holds plugins ready. */
const prepared = new Set<WeakRef<library.PreparedPlugin>>();

function watch(plugin: Pick<library.Plugin, "closed" | "terminate">): void {
  const reference = new WeakRef(plugin);
  plugins.add(reference);
  void plugin.closed.then(() => plugins.delete(reference));
}

/** The library, with the isolation that the tests of this run want where they do not say. */
const cloche: typeof library = {
  ...library,
  loadPlugin: async <Functions, Host>(
    source: library.ModuleSource,
    options?: library.LoadOptions<Host>,
  ) => {
    const all = { isolation: window.isolation, ...options };
    const plugin = await library.loadPlugin<Functions, Host>(located(source), all);
    watch(plugin);
    return plugin;
  },
  runCommand: (source, options) =>
    library.runCommand(located(source), { isolation: window.isolation, ...options }),
  prepare: async (source, options) => {
    const made = await library.prepare(located(source), options);
    prepared.add(new WeakRef(made));
    const load = made.load.bind(made);
    made.load = async () => {
      const plugin = await load();
      watch(plugin);
      return plugin;
    };
    return made;
  },
  createPool: async <Functions, Host>(
    source: library.ModuleSource,
    options?: library.PoolOptions<Host>,
  ) => {
    const pool = await library.createPool<Functions, Host>(located(source), options);
    for (const plugin of pool.plugins) watch(plugin);
    return pool;
  },
};

/** An address of the server, as what stands for it here. */
function located(source: library.ModuleSource): library.ModuleSource {
  return typeof source === "string" ? window.locate(source) : source;
}

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
): library.CommandRun {
  return cloche.runCommand("/plugins/tool.wasm", { ...options, args: ["tool", ...args] });
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

/** Terminates every plugin, and those that wait for being taken. */
export async function terminateAll(): Promise<void> {
  for (const plugin of plugins) plugin.deref()?.terminate();
  for (const each of prepared) await each.deref()?.close();
  prepared.clear();
}

declare global {
  interface Window {
    /** Set by the test before the page's own scripts run. */
    isolation: library.Isolation;
    /** Tells where an address of the server is to be fetched from. */
    locate(address: string): string;
    cloche: typeof library;
    wasmer: typeof wasmer;
    WasmFs: typeof WasmFs;
    onEngine: typeof onEngine;
    loadEverything: typeof loadEverything;
    runTool: typeof runTool;
    rejection: typeof rejection;
    checkConformance: typeof checkConformance;
    withoutSchema: typeof withoutSchema;
  }
}

Object.assign(window, {
  cloche,
  wasmer,
  WasmFs,
  onEngine,
  loadEverything,
  runTool,
  rejection,
  checkConformance,
  withoutSchema,
});
