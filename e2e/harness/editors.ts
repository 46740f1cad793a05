/** What tests of the packages for editors use on a page, where it is `window.editors`. */

export { languageTools } from "@cloche/codemirror";
export { LanguageTools } from "@cloche/editor";
export { registerLanguageTools, registerSave } from "@cloche/monaco";
export { EditorState } from "@codemirror/state";
export { EditorView } from "@codemirror/view";
export * as monaco from "monaco-editor/editor";

import "monaco-editor/features/format/register";

/** Resolves when a condition holds. */
export async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await new Promise((resolve) => setTimeout(resolve, 5));
}
