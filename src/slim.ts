/**
 * Cloche without the script of its worker, for pages that host `cloche/worker`: everything of `cloche`,
 * and the option `worker` is required. In Node it is `cloche` itself.
 *
 * @module
 */

import type { UnknownFunctions } from "./host/grants/host-function.ts";
import type { ModuleSource } from "./host/grants/module-source.ts";
import type { WasiEngineChoice, WorkerScript } from "./host/platform/worker-choice.ts";
import * as cloche from "./index.ts";

export * from "./index.ts";

/** Where the worker comes from: a script that the page hosts, or the text of one. */
export type HostedWorker = { readonly worker: WorkerScript } | { readonly wasi: WasiEngineChoice };

/** Loads a plugin, as `loadPlugin` of `cloche` does, in the given worker. */
export const loadPlugin: <Functions = UnknownFunctions, Host = UnknownFunctions>(
  source: ModuleSource,
  options: cloche.LoadOptions<Host> & HostedWorker,
) => Promise<cloche.Plugin<Functions>> = cloche.loadPlugin;

/** Loads a plugin ahead, as `prepare` of `cloche` does, in the given worker. */
export const prepare: (
  source: ModuleSource,
  options: cloche.LoadOptions & HostedWorker,
) => Promise<cloche.PreparedPlugin> = cloche.prepare;

/** Loads plugins that share calls, as `createPool` of `cloche` does, in workers of the given script. */
export const createPool: <Functions = UnknownFunctions, Host = UnknownFunctions>(
  source: ModuleSource,
  options: cloche.PoolOptions<Host> & HostedWorker,
) => Promise<cloche.PluginPool<Functions>> = cloche.createPool;

/** Runs a command, as `runCommand` of `cloche` does, in the given worker. */
export const runCommand: (
  source: ModuleSource,
  options: cloche.CommandOptions & HostedWorker,
) => cloche.CommandRun = cloche.runCommand;
