/** Everything that a plugin has for an editor, as one extension. */

import type { Diagnostic as Finding, LanguageTools } from "@cloche/editor";
import {
  type Completion,
  type CompletionContext,
  type CompletionResult,
  insertCompletionText,
  pickedCompletion,
} from "@codemirror/autocomplete";
import { type Diagnostic, forEachDiagnostic, linter } from "@codemirror/lint";
import {
  EditorState,
  type Extension,
  findClusterBreak,
  StateEffect,
  type Text,
} from "@codemirror/state";
import {
  type EditorView,
  hoverTooltip,
  keymap,
  type Tooltip,
  ViewPlugin,
  type ViewUpdate,
} from "@codemirror/view";
import { type FormatOutcome, formatDocument } from "./format-document.ts";

/** The options of {@link languageTools}. */
export interface CodeMirrorToolsOptions {
  /** How long the document rests before it is diagnosed, in milliseconds. Default: 300. */
  readonly lintDelayMs?: number | undefined;
  /** The key that formats. Default: `"Shift-Alt-f"`, as in other editors. */
  readonly formatKey?: string | undefined;
  /** One level of indentation, for formats. Default: two spaces. */
  readonly indent?: string | undefined;
  /** How long formatted lines may become. Default: 80. */
  readonly lineWidth?: number | undefined;
  /** Saves a document. With it, Ctrl-S (Cmd-S) formats the document and then saves it. */
  readonly save?: ((text: string, view: EditorView) => void) | undefined;
  /**
   * How long a save waits for the format, in milliseconds; then it saves the document as it is. Default:
   * 1500, which covers a format and the rest of a request before it.
   */
  readonly saveBudgetMs?: number | undefined;
  /** Called with how each format ended, to tell the user why nothing happened. */
  readonly onFormat?: ((outcome: FormatOutcome, view: EditorView) => void) | undefined;
}

/**
 * Diagnostics, completion, hover, a format command and format on save from a plugin. One `LanguageTools` may
 * serve several views.
 *
 * Completion needs `autocompletion()` in the state, which `basicSetup` has.
 *
 * @example
 * new EditorView({ extensions: [basicSetup, languageTools(new LanguageTools("/json-tools.wasm"))] });
 */
export function languageTools(
  tools: LanguageTools,
  options: CodeMirrorToolsOptions = {},
): Extension {
  const { lintDelayMs = 300, formatKey = "Shift-Alt-f", save, saveBudgetMs = 1500 } = options;
  const format = async (view: EditorView, signal?: AbortSignal) => {
    const { indent, lineWidth, onFormat } = options;
    const outcome = await formatDocument(view, tools, { indent, lineWidth, signal });
    onFormat?.(outcome, view);
  };
  const formatAndSave = async (
    view: EditorView,
    save: (text: string, view: EditorView) => void,
  ) => {
    await format(view, AbortSignal.timeout(saveBudgetMs));
    save(view.state.doc.toString(), view);
  };
  // CodeMirror knows a source by its identity, and forgets what it is doing when another one comes.
  const completion = { autocomplete: (context: CompletionContext) => complete(context, tools) };
  return [
    linter((view) => diagnose(view, tools), {
      delay: lintDelayMs,
      needsRefresh: (update) =>
        update.transactions.some(({ effects }) =>
          effects.some((effect) => effect.is(diagnoseAgain)),
        ),
    }),
    retryAfterFailure(tools),
    EditorState.languageData.of(() => [completion]),
    hoverTooltip((view, offset) => hover(view, offset, tools)),
    keymap.of([
      { key: formatKey, run: (view) => (void format(view), true) },
      ...(save === undefined
        ? []
        : [
            {
              key: "Mod-s",
              preventDefault: true,
              run: (view: EditorView) => (void formatAndSave(view, save), true),
            },
          ]),
    ]),
  ];
}

/** Diagnoses the document once more. */
const diagnoseAgain = StateEffect.define();

/** Views whose last diagnosis failed with their document. */
const failed: WeakMap<EditorView, { doc: unknown; isRetried: boolean }> = new WeakMap();

async function diagnose(view: EditorView, tools: LanguageTools): Promise<readonly Diagnostic[]> {
  const { doc } = view.state;
  try {
    const found = await tools.diagnose(doc.toString(), { document: view });
    failed.delete(view);
    return found.map((finding) => toDiagnostic(finding, doc));
  } catch {
    const isRetried = failed.get(view)?.doc === doc;
    failed.set(view, { doc, isRetried });
    // An empty list would say that all is well.
    const current: Diagnostic[] = [];
    forEachDiagnostic(view.state, (diagnostic, from, to) =>
      current.push({ ...diagnostic, from, to }),
    );
    return current;
  }
}

/** Diagnoses a document for a second time when the plugin is back: it may have failed for another reason. */
function retryAfterFailure(tools: LanguageTools): Extension {
  return ViewPlugin.define((view) => {
    const unsubscribe = tools.subscribe(({ phase }) => {
      const failure = failed.get(view);
      if (phase !== "ready" || failure === undefined || failure.isRetried) return;
      if (failure.doc !== view.state.doc) return;
      failure.isRetried = true;
      // Not within an update of the view.
      setTimeout(() => view.dispatch({ effects: diagnoseAgain.of(null) }));
    });
    return { update: (_update: ViewUpdate) => {}, destroy: unsubscribe };
  });
}

function toDiagnostic({ from, to, severity, message, code }: Finding, doc: Text): Diagnostic {
  // CodeMirror leaves out an empty one at the end of the text, where another one ends.
  const start = from === doc.length ? startOfLast(doc) : from;
  return { from: start, to, severity, message, ...(code !== "" && { source: code }) };
}

/** Where the last character of a document starts. */
function startOfLast(doc: Text): number {
  const { from, text } = doc.lineAt(doc.length);
  return text === "" ? Math.max(0, from - 1) : from + findClusterBreak(text, text.length, false);
}

async function complete(
  context: CompletionContext,
  tools: LanguageTools,
): Promise<CompletionResult | null> {
  const controller = new AbortController();
  context.addEventListener("abort", () => controller.abort());
  const text = context.state.doc.toString();
  const request = { signal: controller.signal, document: context.view };
  const found = await tools.complete(text, context.pos, request).catch(() => null);
  // Without being asked, only while a word is typed.
  if (found === null || (!context.explicit && found.from === context.pos)) return null;
  // What is behind the cursor is replaced too, and is no part of what the labels are compared with.
  const behind = Math.max(0, found.to - context.pos);
  const options = found.items.map(
    ({ label, kind, detail, insert }): Completion => ({
      label,
      type: kind,
      ...(detail !== "" && { detail }),
      apply: (view, completion, from, to) => {
        const end = Math.min(to + behind, view.state.doc.length);
        view.dispatch({
          ...insertCompletionText(view.state, insert, from, end),
          annotations: pickedCompletion.of(completion),
        });
      },
    }),
  );
  return { from: found.from, options, validFor: /^[\p{L}\p{N}_"-]*$/u };
}

async function hover(
  view: EditorView,
  offset: number,
  tools: LanguageTools,
): Promise<Tooltip | null> {
  const found = await tools
    .hover(view.state.doc.toString(), offset, { document: view })
    .catch(() => null);
  if (found === null) return null;
  const create = () => {
    const dom = document.createElement("div");
    dom.className = "cm-cloche-hover";
    dom.style.whiteSpace = "pre-wrap";
    dom.style.padding = "4px 8px";
    // Text, whatever the plugin wrote.
    dom.textContent = found.text;
    return { dom };
  };
  return { pos: found.from, end: found.to, above: true, create };
}
