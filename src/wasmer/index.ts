/**
 * Cloche on the wasmer packages: a second WASI engine, and `WasmFs` volumes for plugins on either.
 *
 * @module
 */

export { loadWasmFs, treeOfWasmFs, type WasmFsLike } from "./wasm-fs-tree.ts";
export { wasmer } from "./wasmer.ts";
