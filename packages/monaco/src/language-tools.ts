/** Everything that a plugin has for an editor, for the models of one language. */

import type { Diagnostic, LanguageTools, Severity } from "@cloche/editor";
import type * as Monaco from "monaco-editor";
import { DocumentLines, offsetAt, textOf } from "./document-text.ts";
import type { MonacoApi } from "./monaco-api.ts";
import { saveSignal } from "./save.ts";

/** The options of {@link registerLanguageTools}. */
export interface MonacoToolsOptions {
  /** How long a document rests before it is diagnosed, in milliseconds. Default: 300. */
  readonly lintDelayMs?: number | undefined;
  /** How long formatted lines may become. Default: 80. */
  readonly lineWidth?: number | undefined;
  /** Characters that ask for proposals, besides those of words. Default: none. */
  readonly triggerCharacters?: readonly string[] | undefined;
  /**
   * Called with why a document was not formatted, to tell the user: the plugin's reason, a string, or an
   * error. That is an `AbortError` if the document or the cursor has changed meanwhile, and a `TimeoutError`
   * if a save did not wait any longer.
   */
  readonly onFormatFailure?:
    | ((reason: unknown, model: Monaco.editor.ITextModel) => void)
    | undefined;
}

/** What provides formats is called so. */
const NAME = "cloche";

/**
 * Registers format, markers, completion and hover for all models of a language. `dispose` takes them back;
 * the tools stay open.
 *
 * @param monaco The namespace of `monaco-editor`.
 * @example
 * registerLanguageTools(monaco, "json", new LanguageTools("/json-tools.wasm"));
 */
export function registerLanguageTools(
  monaco: MonacoApi,
  language: string,
  tools: LanguageTools,
  options: MonacoToolsOptions = {},
): Monaco.IDisposable {
  const { lineWidth, triggerCharacters = [], onFormatFailure } = options;
  const { languages } = monaco;
  const registered = [
    languages.registerDocumentFormattingEditProvider(language, {
      displayName: NAME,
      async provideDocumentFormattingEdits(model, { insertSpaces, tabSize }, token) {
        const text = textOf(monaco, model);
        const indent = insertSpaces ? " ".repeat(tabSize) : "\t";
        const bounds = boundsOf(token, model, saveSignal(model));
        try {
          const result = await tools.format(text, { indent, lineWidth, ...bounds });
          // Monaco applies edits only to the version that they were asked for.
          if (result.ok) return editsOf(result.value, text);
          onFormatFailure?.(result.error, model);
        } catch (error) {
          onFormatFailure?.(error, model);
        }
        return [];
      },
    }),
    languages.registerCompletionItemProvider(language, {
      triggerCharacters: [...triggerCharacters],
      async provideCompletionItems(model, position, _context, token) {
        const text = textOf(monaco, model);
        const offset = offsetAt(model, position);
        const found = await tools.complete(text, offset, boundsOf(token, model)).catch(() => null);
        if (found === null) return { suggestions: [] };
        const range = new DocumentLines(text).range(found.from, found.to);
        const suggestions = found.items.map(({ label, kind, detail, insert }, index) => ({
          label,
          kind: completionKind(monaco, kind),
          detail,
          insertText: insert,
          // Among equals, the order of the plugin.
          sortText: String(index).padStart(String(found.items.length).length, "0"),
          range,
        }));
        return { suggestions };
      },
    }),
    languages.registerHoverProvider(language, {
      async provideHover(model, position, token) {
        const text = textOf(monaco, model);
        const offset = offsetAt(model, position);
        const found = await tools.hover(text, offset, boundsOf(token, model)).catch(() => null);
        if (found === null) return null;
        const range = new DocumentLines(text).range(found.from, found.to);
        return { range, contents: [{ value: asLiteralMarkdown(found.text) }] };
      },
    }),
    registerMarkers(monaco, language, tools, options.lintDelayMs ?? 300),
  ];
  return { dispose: () => registered.forEach((each) => each.dispose()) };
}

/** Markers for each model of the language, whenever it has rested. */
function registerMarkers(
  monaco: MonacoApi,
  language: string,
  tools: LanguageTools,
  delayMs: number,
): Monaco.IDisposable {
  const watched = new Map<Monaco.editor.ITextModel, DiagnosedModel>();
  // Monaco keeps one list of markers for each owner: another plugin of the language has its own.
  const owner = `${NAME}-${Math.random().toString(36).slice(2)}`;
  const watch = (model: Monaco.editor.ITextModel) => {
    if (model.getLanguageId() !== language || watched.has(model)) return;
    watched.set(model, new DiagnosedModel(monaco, model, tools, owner, delayMs));
  };
  const unwatch = (model: Monaco.editor.ITextModel) => {
    watched.get(model)?.dispose();
    watched.delete(model);
  };
  const listeners = [
    monaco.editor.onDidCreateModel(watch),
    monaco.editor.onWillDisposeModel(unwatch),
    monaco.editor.onDidChangeModelLanguage(({ model }) => {
      unwatch(model);
      watch(model);
    }),
  ];
  monaco.editor.getModels().forEach(watch);
  return {
    dispose() {
      for (const listener of listeners) listener.dispose();
      for (const model of watched.keys()) unwatch(model);
    },
  };
}

/** One model, diagnosed after each change. */
class DiagnosedModel {
  readonly #monaco: MonacoApi;
  readonly #model: Monaco.editor.ITextModel;
  readonly #tools: LanguageTools;
  readonly #owner: string;
  readonly #delayMs: number;
  readonly #stop: (() => void)[];
  readonly #end: AbortController = new AbortController();
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** The version whose diagnosis failed, until it was tried again. */
  #failedVersion: number | undefined;
  #retriedVersion: number | undefined;

  constructor(
    monaco: MonacoApi,
    model: Monaco.editor.ITextModel,
    tools: LanguageTools,
    owner: string,
    delayMs: number,
  ) {
    this.#monaco = monaco;
    this.#model = model;
    this.#tools = tools;
    this.#owner = owner;
    this.#delayMs = delayMs;
    const listener = model.onDidChangeContent(() => this.#schedule());
    this.#stop = [
      () => listener.dispose(),
      tools.subscribe(({ phase }) => phase === "ready" && this.#retry()),
    ];
    this.#schedule();
  }

  dispose(): void {
    clearTimeout(this.#timer);
    this.#end.abort();
    for (const stop of this.#stop) stop();
    if (!this.#model.isDisposed())
      this.#monaco.editor.setModelMarkers(this.#model, this.#owner, []);
  }

  #schedule(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#diagnose(), this.#delayMs);
  }

  /** Diagnoses once more when the plugin is back: it may have failed for another reason. */
  #retry(): void {
    const version = this.#model.getVersionId();
    if (this.#failedVersion !== version || this.#retriedVersion === version) return;
    this.#retriedVersion = version;
    this.#schedule();
  }

  async #diagnose(): Promise<void> {
    const model = this.#model;
    const { signal } = this.#end;
    const version = model.getVersionId();
    const text = textOf(this.#monaco, model);
    try {
      const found = await this.#tools.diagnose(text, { signal, document: model });
      if (signal.aborted || model.getVersionId() !== version) return;
      const lines = new DocumentLines(text);
      const markers = found.map((each) => markerOf(this.#monaco, each, lines));
      this.#monaco.editor.setModelMarkers(model, this.#owner, markers);
    } catch {
      // The markers stay: without them all would seem well.
      this.#failedVersion = version;
    }
  }
}

function markerOf(
  monaco: MonacoApi,
  { from, to, severity, message, code }: Diagnostic,
  lines: DocumentLines,
): Monaco.editor.IMarkerData {
  const { Error, Warning, Info, Hint } = monaco.MarkerSeverity;
  const severities: Record<Severity, Monaco.MarkerSeverity> = {
    error: Error,
    warning: Warning,
    info: Info,
    hint: Hint,
  };
  return {
    ...lines.range(from, to),
    severity: severities[severity],
    message,
    ...(code !== "" && { code }),
  };
}

function editsOf(
  edits: readonly { readonly from: number; readonly to: number; readonly text: string }[],
  text: string,
): Monaco.languages.TextEdit[] {
  const lines = new DocumentLines(text);
  return edits.map((edit) => ({ range: lines.range(edit.from, edit.to), text: edit.text }));
}

function completionKind(monaco: MonacoApi, kind: string): Monaco.languages.CompletionItemKind {
  const kinds = monaco.languages.CompletionItemKind;
  const name = `${kind.slice(0, 1).toUpperCase()}${kind.slice(1)}`;
  const found = Object.entries(kinds).find(([each]) => each === name)?.[1];
  return typeof found === "number" ? found : kinds.Text;
}

/** Text that Markdown shows as it is: links and images of a plugin could send the document away. */
function asLiteralMarkdown(text: string): string {
  const longest = Math.max(2, ...Array.from(text.matchAll(/`+/g), ([run]) => run.length));
  const fence = "`".repeat(longest + 1);
  return `${fence}text\n${text}\n${fence}`;
}

function boundsOf(
  token: Monaco.CancellationToken,
  document: Monaco.editor.ITextModel,
  budget?: AbortSignal,
): { readonly signal: AbortSignal; readonly document: object } {
  const controller = new AbortController();
  const cancel = () =>
    controller.abort(
      new DOMException("The document or the cursor has changed meanwhile", "AbortError"),
    );
  const end = () => controller.abort(budget?.reason);
  if (token.isCancellationRequested) cancel();
  if (budget?.aborted) end();
  token.onCancellationRequested(cancel);
  budget?.addEventListener("abort", end);
  return { signal: controller.signal, document };
}
