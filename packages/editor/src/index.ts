/**
 * Language tools for web-based editors, from sandboxed Wasm plugins.
 *
 * @module @cloche/editor
 */

export type {
  Completion,
  Completions,
  Diagnostic,
  Hover,
  Severity,
  TextEdit,
} from "./checked-answers.ts";
export type { ToolKind } from "./editor-interface.ts";
export { InvalidAnswerError } from "./invalid-answer-error.ts";
export {
  type FormatRequest,
  type FormatResult,
  LanguageTools,
  type RequestBounds,
  type ToolsState,
} from "./language-tools.ts";
export { type OffsetUnit, TextOffsets } from "./text-offsets.ts";
export { DEFAULT_BUDGETS_MS, type LanguageToolsOptions } from "./tools-options.ts";
