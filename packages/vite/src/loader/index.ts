/**
 * What imports of plugins are made of, in the browser.
 *
 * @module @cloche/vite/loader
 */

export { type HotContext, hotLoader } from "./hot-loader.ts";
export type { PluginLoader } from "./plugin-loader.ts";
