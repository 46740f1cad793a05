/** The editor of a source: CodeMirror in the colours of the page. */

import { indentWithTab } from "@codemirror/commands";
import { javascript } from "@codemirror/lang-javascript";
import { HighlightStyle, syntaxHighlighting } from "@codemirror/language";
import { type Diagnostic, lintGutter, setDiagnostics } from "@codemirror/lint";
import { EditorView, keymap } from "@codemirror/view";
import { tags } from "@lezer/highlight";
import { basicSetup } from "codemirror";
import type { SourceDiagnostic } from "./source-diagnostic.ts";

const highlighting = HighlightStyle.define([
  { tag: tags.comment, color: "var(--ink-faint)", fontStyle: "italic" },
  { tag: [tags.keyword, tags.modifier, tags.self], color: "var(--code-keyword)" },
  { tag: [tags.string, tags.regexp, tags.number, tags.bool], color: "var(--code-string)" },
  { tag: tags.special(tags.string), color: "var(--code-string)" },
  { tag: tags.function(tags.variableName), color: "var(--code-call)" },
  { tag: tags.function(tags.propertyName), color: "var(--code-call)" },
  { tag: [tags.typeName, tags.className, tags.namespace], color: "var(--code-type)" },
]);

export interface SourceEditorOptions {
  readonly parent: HTMLElement;
  readonly text: string;
  /** What a screen reader calls it. */
  readonly label: string;
  readonly onEdit: (text: string) => void;
}

export class SourceEditor {
  readonly #view: EditorView;

  constructor({ parent, text, label, onEdit }: SourceEditorOptions) {
    this.#view = new EditorView({
      parent,
      doc: text,
      extensions: [
        basicSetup,
        lintGutter(),
        keymap.of([indentWithTab]),
        javascript({ typescript: true }),
        syntaxHighlighting(highlighting),
        // A scrolled region needs a tab stop, which axe sees in no editable element without this.
        EditorView.contentAttributes.of({ "aria-label": label, tabindex: "0" }),
        EditorView.updateListener.of(({ docChanged, state }) => {
          if (docChanged) onEdit(state.doc.toString());
        }),
      ],
    });
  }

  get text(): string {
    return this.#view.state.doc.toString();
  }

  /** Replaces the text, in one step that can be undone. */
  replace(text: string): void {
    this.#view.dispatch({ changes: { from: 0, to: this.#view.state.doc.length, insert: text } });
  }

  showDiagnostics(found: readonly SourceDiagnostic[]): void {
    const { state } = this.#view;
    const diagnostics = found.map(
      ({ severity, message, from, to }): Diagnostic => ({
        severity,
        message,
        from: Math.min(from, state.doc.length),
        to: Math.min(to, state.doc.length),
      }),
    );
    this.#view.dispatch(setDiagnostics(state, diagnostics));
  }

  /** Moves the cursor, and shows it. */
  goTo(offset: number): void {
    const anchor = Math.min(offset, this.#view.state.doc.length);
    this.#view.dispatch({ selection: { anchor }, scrollIntoView: true });
    this.#view.focus();
  }

  close(): void {
    this.#view.destroy();
  }
}
