/**
 * Imports Wasm plugins for Cloche in Vite.
 *
 * @module
 */

export { type ClocheOptions, cloche } from "./cloche.ts";
