/**
 * Makes the answers of a plugin safe to hand to an editor: offsets are within the text and between
 * characters, texts have a length that a user can read and an editor can show.
 *
 * What only informs is cut or moved. Edits are not: a wrong edit would damage the document, so one of them
 * fails the whole answer.
 */

import type { PluginAnswers } from "./editor-interface.ts";
import { InvalidAnswerError } from "./invalid-answer-error.ts";
import type { TextOffsets } from "./text-offsets.ts";

/** Replaces the text from `from` to `to`, in UTF-16 code units. */
export interface TextEdit {
  readonly from: number;
  readonly to: number;
  readonly text: string;
}

export type Severity = "error" | "warning" | "info" | "hint";

/** Something to say of the text from `from` to `to`. */
export interface Diagnostic {
  readonly from: number;
  readonly to: number;
  readonly severity: Severity;
  /** Plain text. */
  readonly message: string;
  /** The name of the rule; empty where it has none. */
  readonly code: string;
}

/** One proposal. */
export interface Completion {
  readonly label: string;
  /** A word in lower case, such as `"property"`. */
  readonly kind: string;
  readonly detail: string;
  /** The text to insert. */
  readonly insert: string;
}

/** Proposals for the text from `from` to `to`. */
export interface Completions {
  readonly from: number;
  readonly to: number;
  readonly items: readonly Completion[];
}

/** What there is to know about the text from `from` to `to`. */
export interface Hover {
  readonly from: number;
  readonly to: number;
  /** Plain text: what a plugin writes must not become links or images. */
  readonly text: string;
}

/** More squiggles than these show nobody anything, and slow an editor down. */
const MAX_DIAGNOSTICS = 1000;
/** Editors filter the list at each key. */
const MAX_COMPLETIONS = 1000;
/** About a screen of text. */
const MAX_MESSAGE_LENGTH = 2000;
/** What a hover shows without scrolling for long. */
const MAX_HOVER_LENGTH = 10_000;
/** One line of a list. */
const MAX_LABEL_LENGTH = 200;
/** A snippet, not a file. */
const MAX_INSERT_LENGTH = 10_000;
/** By what a formatter may let a text grow: a factor, for one line that becomes many, and a constant. */
const MAX_GROWTH = { factor: 8, constant: 10_000 };

const SEVERITIES: readonly string[] = ["error", "warning", "info", "hint"] satisfies Severity[];

/** The document that an answer is about. */
export interface AnswerContext {
  readonly pluginName: string;
  /** Without lone surrogates. */
  readonly text: string;
  readonly offsets: TextOffsets;
}

/**
 * Checks edits, and leaves out what they do not change. In the order of the text.
 *
 * @throws {InvalidAnswerError} for an edit outside of the text, within a character or over another one, and
 *   for more new text than formatting can need.
 */
export function checkEdits(
  answer: readonly { readonly start: number; readonly end: number; readonly text: string }[],
  { pluginName, text, offsets }: AnswerContext,
): readonly TextEdit[] {
  const invalid = (why: string) =>
    new InvalidAnswerError(`Plugin "${pluginName}" answered "format" with ${why}`, { pluginName });
  const allowed = text.length * MAX_GROWTH.factor + MAX_GROWTH.constant;
  // Next to the line ends of the text, others would become empty lines.
  const hasReturns = text.includes("\r");
  let length = 0;
  const edits = answer.map((edit) => {
    const [from, to] = [offsets.toPageExactly(edit.start), offsets.toPageExactly(edit.end)];
    if (from === undefined || to === undefined || from > to)
      throw invalid(`an edit from ${edit.start} to ${edit.end} of a text of ${offsets.length}`);
    length += edit.text.length;
    if (length > allowed) throw invalid(`more than ${allowed} characters of new text`);
    return { from, to, text: hasReturns ? edit.text : edit.text.replaceAll(/\r\n?/g, "\n") };
  });
  const sorted = edits.toSorted((a, b) => a.from - b.from || a.to - b.to);
  for (const [index, edit] of sorted.entries()) {
    const last = sorted[index - 1];
    if (last !== undefined && (edit.from < last.to || edit.from === last.from))
      throw invalid("edits that overlap");
  }
  return sorted.flatMap((edit) => changedPart(edit, text) ?? []);
}

/** Checks diagnostics: the first 1,000, each with at least its place. */
export function checkDiagnostics(
  answer: PluginAnswers["diagnose"],
  { offsets }: AnswerContext,
): readonly Diagnostic[] {
  return answer.slice(0, MAX_DIAGNOSTICS).map(({ start, end, severity, message, code }) => ({
    ...rangeOf(start, end, offsets),
    severity: isSeverity(severity) ? severity : "info",
    message: shorten(message, MAX_MESSAGE_LENGTH),
    code: oneLine(code, MAX_LABEL_LENGTH),
  }));
}

/**
 * Checks proposals for an offset on the page: the first 1,000 with a label, for text around the offset and
 * on its line. `null` if there are none.
 */
export function checkCompletions(
  answer: PluginAnswers["complete"],
  { text, offsets }: AnswerContext,
  offset: number,
): Completions | null {
  const items = answer.items.slice(0, MAX_COMPLETIONS).flatMap((item) => {
    const label = oneLine(item.label, MAX_LABEL_LENGTH);
    const insert = item.insert === "" ? item.label : item.insert;
    if (label === "" || insert.length > MAX_INSERT_LENGTH) return [];
    const kind = /^[a-z]{1,20}$/.test(item.kind) ? item.kind : "text";
    return [{ label, kind, detail: oneLine(item.detail, MAX_LABEL_LENGTH), insert }];
  });
  if (items.length === 0) return null;
  const { from, to } = rangeOf(answer.start, answer.end, offsets);
  const lineStart = text.slice(0, offset).lastIndexOf("\n") + 1;
  const lineEnd = text.indexOf("\n", offset);
  return {
    from: Math.min(Math.max(from, lineStart), offset),
    to: Math.max(offset, lineEnd < 0 ? to : Math.min(to, lineEnd)),
    items,
  };
}

/** Checks a hover. `null` if it says nothing. */
export function checkHover(
  answer: PluginAnswers["hover"],
  { offsets }: AnswerContext,
): Hover | null {
  if (answer === null || answer.text.trim() === "") return null;
  const range = rangeOf(answer.start, answer.end, offsets);
  return { ...range, text: shorten(answer.text, MAX_HOVER_LENGTH) };
}

function isSeverity(value: string): value is Severity {
  return SEVERITIES.includes(value);
}

function rangeOf(start: number, end: number, offsets: TextOffsets): { from: number; to: number } {
  const from = offsets.toPage(start);
  return { from, to: Math.max(from, offsets.toPage(end)) };
}

/** What an edit changes, without the beginning and the end that stay. */
function changedPart({ from, to, text: inserted }: TextEdit, text: string): TextEdit | undefined {
  const shorter = Math.min(to - from, inserted.length);
  let start = 0;
  while (start < shorter && text.charCodeAt(from + start) === inserted.charCodeAt(start))
    start += 1;
  let end = 0;
  while (
    end < shorter - start &&
    text.charCodeAt(to - 1 - end) === inserted.charCodeAt(inserted.length - 1 - end)
  )
    end += 1;
  // Characters stay whole.
  if (isWithinCharacter(text, from + start) || isWithinCharacter(inserted, start)) start -= 1;
  if (isWithinCharacter(text, to - end) || isWithinCharacter(inserted, inserted.length - end))
    end -= 1;
  if (from + start === to - end && start === inserted.length - end) return undefined;
  return {
    from: from + start,
    to: to - end,
    text: inserted.slice(start, inserted.length - end),
  };
}

/** Whether the code unit at an index is the second one of a character, in a text without lone surrogates. */
function isWithinCharacter(text: string, index: number): boolean {
  const code = text.charCodeAt(index);
  return code >= 0xdc00 && code < 0xe000;
}

/** A text of at most a length, cut between characters. */
export function shorten(text: string, length: number): string {
  if (text.length <= length) return text;
  return `${text.slice(0, isWithinCharacter(text, length - 1) ? length - 2 : length - 1)}…`;
}

function oneLine(text: string, length: number): string {
  return shorten(text.slice(0, length + 2).replaceAll(/\p{Cc}+/gu, " "), length);
}
