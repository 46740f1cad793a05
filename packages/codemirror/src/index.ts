/**
 * Language tools from a sandboxed Wasm plugin in CodeMirror 6.
 *
 * @module
 */

export { type FormatOutcome, formatDocument } from "./format-document.ts";
export { type CodeMirrorToolsOptions, languageTools } from "./language-tools.ts";
