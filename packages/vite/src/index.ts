/**
 * Imports Wasm plugins for Cloche in Vite.
 *
 * @module @cloche/vite
 */

export { type ClocheOptions, cloche } from "./cloche.ts";
