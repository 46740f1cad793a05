/** What a compiler says of a source, at a place in its text. */

export interface SourceDiagnostic {
  readonly severity: "error" | "warning" | "info";
  readonly message: string;
  /** UTF-16 units from the start of the text. Both are 0 if the message is about the whole. */
  readonly from: number;
  readonly to: number;
}

/** Where a compiler found something: lines and columns from 1, or units from the start. */
interface Found {
  readonly severity: SourceDiagnostic["severity"];
  readonly message: string;
  readonly file?: string;
  readonly line?: number;
  readonly column?: number;
  readonly start?: number;
  readonly end?: number;
}

/** Places a compiler's messages in the one file that it compiled. */
export function placeDiagnostics(
  found: readonly Found[],
  file: string,
  text: string,
): SourceDiagnostic[] {
  return found.map((each) => {
    const { severity, message } = each;
    if (each.file !== file) {
      const from = each.file === undefined ? "" : `${each.file}: `;
      return { severity, message: from + message, from: 0, to: 0 };
    }
    const from = clamp(each.start ?? offsetOf(text, each.line ?? 1, each.column ?? 1), text);
    const to = clamp(each.end ?? endOfWord(text, from), text);
    return { severity, message, from, to: Math.max(from, to) };
  });
}

/** The line of a place, from 1. */
export function lineOf(text: string, offset: number): number {
  return text.slice(0, offset).split("\n").length;
}

function clamp(offset: number, text: string): number {
  return Math.min(Math.max(offset, 0), text.length);
}

function offsetOf(text: string, line: number, column: number): number {
  const before = text.split("\n").slice(0, line - 1);
  return before.reduce((length, each) => length + each.length + 1, 0) + column - 1;
}

function endOfWord(text: string, from: number): number {
  const word = /[\p{Letter}\p{Number}_$]+/uy;
  word.lastIndex = from;
  return word.test(text) ? word.lastIndex : from + 1;
}
