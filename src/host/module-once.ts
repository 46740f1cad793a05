/** What several plugins are loaded from: a module that is fetched once, and options that are read once. */

import { DEFAULT_LIMITS } from "../limits.ts";
import { fetchModule, settleSource } from "./grants/fetch-module.ts";
import { type ModuleSource, nameOfSource } from "./grants/module-source.ts";
import { SharedBytes } from "./instance/module-cache.ts";
import { type CheckedLoadOptions, loadParts } from "./load-plugin.ts";
import type { PluginParts } from "./plugin.ts";

/** Loads one plugin after the other of one module, each with the same options. */
export class ModuleOnce {
  readonly pluginName: string;
  readonly #module: SharedBytes | WebAssembly.Module;
  readonly #options: CheckedLoadOptions;

  private constructor(
    module: SharedBytes | WebAssembly.Module,
    pluginName: string,
    options: CheckedLoadOptions,
  ) {
    this.#module = module;
    this.pluginName = pluginName;
    this.#options = options;
  }

  /** Fetches the module. @throws what `loadPlugin` throws when it cannot */
  static async fetch(given: ModuleSource, options: CheckedLoadOptions): Promise<ModuleOnce> {
    const { signal, limits: { moduleBytes, fetchMs } = DEFAULT_LIMITS } = options;
    const bounds = { pluginName: options.name ?? "plugin", fetchMs, signal };
    const source = await settleSource(given, bounds);
    signal?.throwIfAborted();
    const pluginName = options.name ?? nameOfSource(source);
    const module = await fetchModule(source, { pluginName, moduleBytes, fetchMs, signal });
    const shared = module instanceof Uint8Array ? new SharedBytes(module) : module;
    return new ModuleOnce(shared, pluginName, options);
  }

  load(): Promise<PluginParts> {
    const { pluginName: name } = this;
    const { files } = this.#options;
    // A copy for each: a plugin's files are moved to its worker.
    const copied = files === undefined || files === "none" ? files : structuredClone(files);
    return loadParts(this.#module, { ...this.#options, name, files: copied });
  }
}
