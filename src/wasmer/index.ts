/**
 * A second WASI engine, made of the wasmer packages, and conversions between `WasmFs` and trees of files.
 *
 * @module cloche/wasmer
 */

export { loadWasmFs, treeOfWasmFs, type WasmFsLike } from "./wasm-fs-tree.ts";
export { wasmer } from "./wasmer.ts";
