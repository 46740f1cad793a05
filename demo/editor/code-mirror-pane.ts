import {
  type FormatOutcome,
  formatAndSave,
  formatDocument,
  languageTools,
} from "@cloche/codemirror";
import { json } from "@codemirror/lang-json";
import { markdown } from "@codemirror/lang-markdown";
import { HighlightStyle, syntaxHighlighting } from "@codemirror/language";
import { forEachDiagnostic } from "@codemirror/lint";
import { Compartment, EditorState, type Extension } from "@codemirror/state";
import { tags } from "@lezer/highlight";
import { basicSetup, EditorView } from "codemirror";
import { type EditorPane, findWords, type PaneOptions } from "./editor-pane.ts";

const LANGUAGES: Readonly<Record<string, () => Extension>> = { json, markdown };

/** The colours of the page, which know light from dark. */
const THEME = EditorView.theme({
  "&": { height: "100%", backgroundColor: "transparent", color: "var(--ink)", fontSize: "14px" },
  "&.cm-focused": { outline: "none" },
  ".cm-scroller": { fontFamily: "var(--mono)", lineHeight: "1.6" },
  ".cm-content": { caretColor: "var(--ink)" },
  ".cm-cursor": { borderLeftColor: "var(--ink)" },
  ".cm-gutters": { backgroundColor: "var(--inset)", color: "var(--ink-faint)", border: "none" },
  ".cm-activeLine, .cm-activeLineGutter": {
    backgroundColor: "color-mix(in srgb, var(--accent) 7%, transparent)",
  },
  "&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground":
    {
      backgroundColor: "color-mix(in srgb, var(--accent) 24%, transparent)",
    },
  ".cm-tooltip": {
    maxWidth: "min(480px, 90vw)",
    border: "1px solid var(--line-strong)",
    borderRadius: "8px",
    backgroundColor: "var(--surface)",
    color: "var(--ink)",
  },
  ".cm-tooltip-section:not(:first-child)": { borderTopColor: "var(--line-strong)" },
  ".cm-tooltip-lint": { maxHeight: "180px", overflow: "auto", overflowWrap: "anywhere" },
  ".cm-diagnosticSource": { opacity: 1, color: "var(--ink-faint)" },
  ".cm-tooltip-autocomplete ul li[aria-selected]": {
    backgroundColor: "var(--accent-soft)",
    color: "var(--ink)",
  },
});

const COLOURS = HighlightStyle.define([
  { tag: [tags.keyword, tags.bool, tags.null, tags.heading], color: "var(--code-keyword)" },
  { tag: [tags.string, tags.url], color: "var(--code-string)" },
  { tag: [tags.propertyName, tags.link], color: "var(--code-call)" },
  { tag: [tags.number], color: "var(--code-type)" },
  { tag: [tags.heading], fontWeight: "600" },
]);

const dark = matchMedia("(prefers-color-scheme: dark)");

export function openCodeMirror(options: PaneOptions): EditorPane {
  const { parent, document, text, tools, save } = options;
  const onFormat = (outcome: FormatOutcome) => options.onFormat(failureOf(outcome));
  const scheme = new Compartment();
  const schemeNow = () => EditorView.darkTheme.of(dark.matches);
  const onScheme = () => view.dispatch({ effects: scheme.reconfigure(schemeNow()) });
  dark.addEventListener("change", onScheme);
  const view = new EditorView({
    parent,
    doc: text,
    extensions: [
      basicSetup,
      LANGUAGES[document.id]?.() ?? [],
      languageTools(tools, { save, onFormat, triggerCharacters: document.triggers }),
      // It keeps the line ends that the document has.
      text.includes("\r\n") ? EditorState.lineSeparator.of("\r\n") : [],
      syntaxHighlighting(COLOURS),
      THEME,
      scheme.of(schemeNow()),
      EditorView.lineWrapping,
      EditorView.contentAttributes.of({ "aria-label": `${document.label} in CodeMirror` }),
    ],
  });
  return {
    get text() {
      return view.state.sliceDoc();
    },
    get findings() {
      let count = 0;
      forEachDiagnostic(view.state, () => (count += 1));
      return count;
    },
    format: () => void formatDocument(view, tools).then(onFormat),
    save() {
      view.focus();
      void formatAndSave(view, tools, save, { onFormat });
    },
    append(added) {
      const end = view.state.doc.length;
      view.dispatch({
        changes: { from: end, insert: added },
        selection: { anchor: end + added.length },
        scrollIntoView: true,
        userEvent: "input.type",
      });
      view.focus();
    },
    takeOut: (words) =>
      view.dispatch({
        changes: [...findWords(view.state.doc.toString(), words)],
        userEvent: "delete",
      }),
    dispose() {
      dark.removeEventListener("change", onScheme);
      view.destroy();
    },
  };
}

function failureOf(outcome: FormatOutcome): unknown {
  if (outcome.kind === "refused") return outcome.reason;
  if (outcome.kind === "failed") return outcome.error;
  return outcome.kind === "outdated" ? "The document changed meanwhile" : undefined;
}
