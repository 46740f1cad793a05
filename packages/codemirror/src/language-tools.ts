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
import { type EditorView, hoverTooltip, keymap, type Tooltip, ViewPlugin } from "@codemirror/view";
import { type FormatOutcome, formatAndSave, formatDocument } from "./format-document.ts";

/** The options of {@link languageTools}. */
export interface CodeMirrorToolsOptions {
  /** How long the document rests before it is diagnosed, in milliseconds. Default: 300. */
  readonly lintDelayMs?: number | undefined;
  /** The key that formats. Default: `"Shift-Alt-f"`, as in other editors. */
  readonly formatKey?: string | undefined;
  /** Characters behind which proposals are listed before a word is typed. Default: none. */
  readonly triggerCharacters?: readonly string[] | undefined;
  /** One level of indentation, for formats. Default: two spaces. */
  readonly indent?: string | undefined;
  /** How long formatted lines may become. Default: 80. */
  readonly lineWidth?: number | undefined;
  /**
   * Saves a document. With it, Ctrl-S (Cmd-S) formats the document and then saves it. The text has the line
   * separator of the state.
   */
  readonly save?: ((text: string, view: EditorView) => void) | undefined;
  /** `budgetMs` of {@link formatAndSave}. Default: 1500. */
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
  const { lintDelayMs = 300, formatKey = "Shift-Alt-f", triggerCharacters = [] } = options;
  const { indent, lineWidth, save, saveBudgetMs, onFormat } = options;
  const format = async (view: EditorView) => {
    const outcome = await formatDocument(view, tools, { indent, lineWidth });
    onFormat?.(outcome, view);
  };
  const saveOptions = { indent, lineWidth, onFormat, budgetMs: saveBudgetMs };
  const session = ViewPlugin.define((view) => new Session(view, tools));
  // CodeMirror knows a source by its identity, and forgets what it is doing when another one comes.
  const completion = {
    autocomplete: (context: CompletionContext) => complete(context, tools, triggerCharacters),
  };
  return [
    session,
    linter((view) => diagnose(view, tools, view.plugin(session)), {
      delay: lintDelayMs,
      needsRefresh: (update) =>
        update.transactions.some(({ effects }) =>
          effects.some((effect) => effect.is(diagnoseAgain)),
        ),
    }),
    EditorState.languageData.of(() => [completion]),
    hoverTooltip((view, offset) => hover(view, offset, tools, view.plugin(session)?.signal)),
    keymap.of([
      { key: formatKey, run: (view) => (void format(view), true) },
      ...(save === undefined
        ? []
        : [
            {
              key: "Mod-s",
              preventDefault: true,
              run: (view: EditorView) => (void formatAndSave(view, tools, save, saveOptions), true),
            },
          ]),
    ]),
  ];
}

/** Diagnoses the document once more. */
const diagnoseAgain = StateEffect.define();

/** A view with these tools, until it is destroyed or loses them. */
class Session {
  readonly #unsubscribe: () => void;
  readonly #end: AbortController = new AbortController();
  /** The document whose last diagnosis failed. */
  #failure: { readonly doc: Text; isRetried: boolean } | undefined;

  constructor(view: EditorView, tools: LanguageTools) {
    this.#unsubscribe = tools.subscribe(({ phase }) => {
      if (phase === "ready") this.#retry(view);
    });
  }

  /** Ends requests that nobody waits for. */
  get signal(): AbortSignal {
    return this.#end.signal;
  }

  noteSuccess(): void {
    this.#failure = undefined;
  }

  noteFailure(doc: Text): void {
    this.#failure = { doc, isRetried: this.#failure?.doc === doc };
  }

  destroy(): void {
    this.#unsubscribe();
    this.#end.abort();
  }

  /** Diagnoses a document for a second time when the plugin is back: it may have failed for another reason. */
  #retry(view: EditorView): void {
    const failure = this.#failure;
    if (failure === undefined || failure.isRetried || failure.doc !== view.state.doc) return;
    failure.isRetried = true;
    // Not within an update of the view.
    setTimeout(() => {
      if (!this.signal.aborted) view.dispatch({ effects: diagnoseAgain.of(null) });
    });
  }
}

async function diagnose(
  view: EditorView,
  tools: LanguageTools,
  session: Session | null,
): Promise<readonly Diagnostic[]> {
  const { doc } = view.state;
  try {
    const found = await tools.diagnose(doc.toString(), { signal: session?.signal, document: view });
    session?.noteSuccess();
    return found.map((finding) => toDiagnostic(finding, doc));
  } catch {
    session?.noteFailure(doc);
    // An empty list would say that all is well.
    const current: Diagnostic[] = [];
    forEachDiagnostic(view.state, (diagnostic, from, to) =>
      current.push({ ...diagnostic, from, to }),
    );
    return current;
  }
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
  triggerCharacters: readonly string[],
): Promise<CompletionResult | null> {
  const controller = new AbortController();
  context.addEventListener("abort", () => controller.abort());
  const text = context.state.doc.toString();
  const request = { signal: controller.signal, document: context.view };
  const found = await tools.complete(text, context.pos, request).catch(() => null);
  if (found === null) return null;
  // Without being asked, only while a word is typed or where one starts.
  const isBehind = (character: string) => text.endsWith(character, context.pos);
  const isAsked = context.explicit || triggerCharacters.some(isBehind);
  if (!isAsked && found.from === context.pos) return null;
  // What is behind the cursor is replaced too, and is no part of what the labels are compared with.
  const behind = found.to - context.pos;
  const options = found.items.map(
    ({ label, kind, detail, insert }, index): Completion => ({
      label,
      // Scores are whole numbers: among equals, the order of the plugin.
      boost: -index / found.items.length,
      type: kind,
      ...(detail !== "" && { detail }),
      apply: (view, completion, from, to) => {
        const end = Math.min(to + behind, view.state.doc.length);
        view.dispatch({
          ...insertCompletionText(view.state, withLineEnds(insert, view.state), from, end),
          annotations: pickedCompletion.of(completion),
        });
      },
    }),
  );
  return { from: found.from, options, validFor: /^[\p{L}\p{N}_"-]*$/u };
}

/** A text of a plugin with the line separator that a state splits inserted text at. */
function withLineEnds(text: string, { lineBreak }: EditorState): string {
  return text.replaceAll(/\r\n?|\n/g, lineBreak);
}

async function hover(
  view: EditorView,
  offset: number,
  tools: LanguageTools,
  signal: AbortSignal | undefined,
): Promise<Tooltip | null> {
  const found = await tools
    .hover(view.state.doc.toString(), offset, { signal, document: view })
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
