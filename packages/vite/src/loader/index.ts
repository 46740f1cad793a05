/**
 * What imports of plugins are made of, in the browser.
 *
 * @module
 */

export { type HotContext, hotLoader } from "./hot-loader.ts";
export type { PluginLoader } from "./plugin-loader.ts";
