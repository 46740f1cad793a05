/** The text of a model with "\n" at the ends of lines, and offsets in it. */

import type { editor, IRange, Position } from "monaco-editor";
import type { MonacoApi } from "./monaco-api.ts";

/** With any line end: a plugin sees the same text whatever the file has, and edits keep the file's. */
export function textOf(monaco: MonacoApi, model: editor.ITextModel): string {
  return model.getValue(monaco.editor.EndOfLinePreference.LF);
}

/** The offset in {@link textOf}. */
export function offsetAt(model: editor.ITextModel, position: Position): number {
  const extra = model.getEOL().length - 1;
  return model.getOffsetAt(position) - extra * (position.lineNumber - 1);
}

/** Finds the places of offsets in a text of {@link textOf}. */
export class DocumentLines {
  readonly #starts: readonly number[];

  constructor(text: string) {
    const starts = [0];
    for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) starts.push(at + 1);
    this.#starts = starts;
  }

  range(from: number, to: number): IRange {
    const [start, end] = [this.#position(from), this.#position(to)];
    return {
      startLineNumber: start.line,
      startColumn: start.column,
      endLineNumber: end.line,
      endColumn: end.column,
    };
  }

  #position(offset: number): { line: number; column: number } {
    let [low, high] = [0, this.#starts.length - 1];
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if ((this.#starts[middle] ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    return { line: low + 1, column: offset - (this.#starts[low] ?? 0) + 1 };
  }
}
