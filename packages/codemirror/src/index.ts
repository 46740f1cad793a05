/**
 * Language tools from a sandboxed Wasm plugin in CodeMirror 6.
 *
 * @module @cloche/codemirror
 */

export {
  type FormatOptions,
  type FormatOutcome,
  formatAndSave,
  formatDocument,
  type SaveOptions,
} from "./format-document.ts";
export { type CodeMirrorToolsOptions, languageTools } from "./language-tools.ts";
