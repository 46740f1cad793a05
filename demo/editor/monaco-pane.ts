/** Monaco, with the features that the page needs; loaded when it is chosen. */

import { registerLanguageTools, registerSave } from "@cloche/monaco";
import * as monaco from "monaco-editor/editor";
import "monaco-editor/features/bracketMatching/register";
import "monaco-editor/features/caretOperations/register";
import "monaco-editor/features/clipboard/register";
import "monaco-editor/features/codicon/register";
import "monaco-editor/features/contextmenu/register";
import "monaco-editor/features/find/register";
import "monaco-editor/features/format/register";
import "monaco-editor/features/gotoError/register";
import "monaco-editor/features/hover/register";
import "monaco-editor/features/linesOperations/register";
// `features/suggest/register` of Monaco 0.57 has only proposals within the line, not the list.
import "monaco-editor/editor/contrib/suggest/browser/suggestController";
import "monaco-editor/features/wordOperations/register";
import "monaco-editor/languages/definitions/markdown/register";
// oxlint-disable-next-line import/default -- Vite gives a worker.
import EditorWorker from "monaco-editor/editor/editor.worker?worker";
import { type EditorPane, findWords, type PaneOptions } from "./editor-pane.ts";
import { pageTheme } from "./monaco-theme.ts";

self.MonacoEnvironment = { getWorker: () => new EditorWorker() };

// Monaco's own JSON comes with a worker that diagnoses and formats, which a plugin does here.
monaco.languages.register({ id: "json" });
monaco.languages.setLanguageConfiguration("json", {
  brackets: [
    ["{", "}"],
    ["[", "]"],
  ],
  autoClosingPairs: [
    { open: "{", close: "}" },
    { open: "[", close: "]" },
    { open: '"', close: '"', notIn: ["string"] },
  ],
});
monaco.languages.setMonarchTokensProvider("json", {
  tokenizer: {
    root: [
      [/"(?:[^"\\]|\\.)*"(?=\s*:)/, "type"],
      [/"(?:[^"\\]|\\.)*"?/, "string"],
      [/-?\d[\d.eE+-]*/, "number"],
      [/\b(?:true|false|null)\b/, "keyword"],
      [/\/\/.*$/, "comment"],
    ],
  },
});
monaco.languages.register({ id: "hazards" });

const dark = matchMedia("(prefers-color-scheme: dark)");

export function openMonaco(options: PaneOptions): EditorPane {
  const { parent, document, text, tools } = options;
  const model = monaco.editor.createModel(text, document.id);
  const onTheme = () => {
    monaco.editor.defineTheme("page", pageTheme(dark.matches));
    monaco.editor.setTheme("page");
  };
  onTheme();
  dark.addEventListener("change", onTheme);
  const editor = monaco.editor.create(parent, {
    model,
    ariaLabel: `${document.label} in Monaco`,
    automaticLayout: true,
    minimap: { enabled: false },
    scrollBeyondLastLine: false,
    wordWrap: "on",
    fontSize: 14,
    lineHeight: 1.6,
    tabSize: 2,
    lineNumbersMinChars: 3,
    // Too pale to read where it is dimmed.
    renderFinalNewline: "on",
    fixedOverflowWidgets: true,
  });
  let hasFailed = false;
  const owned = [
    registerLanguageTools(monaco, document.id, tools, {
      triggerCharacters: document.triggers,
      onFormatFailure(failure) {
        hasFailed = true;
        options.onFormat(failure);
      },
    }),
    registerSave(monaco, editor, (text) => {
      if (!hasFailed) options.onFormat(undefined);
      hasFailed = false;
      options.save(text);
    }),
    editor,
    model,
  ];
  const run = async (action: string) => {
    editor.focus();
    await editor.getAction(action)?.run();
  };
  return {
    get text() {
      return model.getValue();
    },
    get findings() {
      return monaco.editor.getModelMarkers({ resource: model.uri }).length;
    },
    format: () => {
      hasFailed = false;
      void run("editor.action.formatDocument").then(() => {
        if (!hasFailed) options.onFormat(undefined);
      });
    },
    save: () => void run("cloche.save"),
    append(added) {
      const end = model.getFullModelRange().getEndPosition();
      editor.setPosition(end);
      editor.focus();
      editor.trigger("demo", "type", { text: added });
      editor.revealPosition(end);
    },
    takeOut(words) {
      const edits = findWords(model.getValue(), words).map(({ from, to }) => ({
        range: monaco.Range.fromPositions(model.getPositionAt(from), model.getPositionAt(to)),
        text: "",
      }));
      editor.executeEdits("demo", edits);
    },
    dispose() {
      dark.removeEventListener("change", onTheme);
      for (const each of owned) each.dispose();
    },
  };
}
