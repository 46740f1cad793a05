import type { LoadOptions, Plugin, UnknownFunctions } from "cloche";

/**
 * Loads the plugin that was imported, as `loadPlugin` does. `Functions` and `Host` come from its schema.
 *
 * @example
 * import double from "./double.wasm?plugin";
 *
 * const plugin = await double();
 * await plugin.api.double([1, 2, 3]); // [2, 4, 6]
 */
export type PluginLoader<Functions = UnknownFunctions, Host = UnknownFunctions> = (
  options?: LoadOptions<Host>,
) => Promise<Plugin<Functions>>;
