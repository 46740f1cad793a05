/**
 * Language tools from a sandboxed Wasm plugin in the Monaco editor.
 *
 * @module @cloche/monaco
 */

export { type MonacoToolsOptions, registerLanguageTools } from "./language-tools.ts";
export type { MonacoApi } from "./monaco-api.ts";
export { registerSave, type SaveOptions } from "./save.ts";
