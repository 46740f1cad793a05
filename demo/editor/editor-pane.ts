/** One open document in one of the editors. */

import type { LanguageTools } from "@cloche/editor";
import type { DemoDocument } from "./documents.ts";

export interface PaneOptions {
  readonly parent: HTMLElement;
  readonly document: DemoDocument;
  readonly text: string;
  readonly tools: LanguageTools;
  readonly save: (text: string) => void;
  /** Called with why a format did nothing, and with `undefined` after one that did; also before each save. */
  readonly onFormat: (failure: unknown) => void;
}

export interface EditorPane {
  readonly text: string;
  /** How many diagnostics it shows. */
  readonly findings: number;
  format(): void;
  /** Formats and saves, as its key does. */
  save(): void;
  /** Writes at the end, as if it were typed. */
  append(text: string): void;
  /** Takes out all that is one of some words. */
  takeOut(words: readonly string[]): void;
  dispose(): void;
}

/** The places of words in a text. */
export function findWords(
  text: string,
  words: readonly string[],
): readonly { readonly from: number; readonly to: number }[] {
  return Array.from(text.matchAll(/[a-z]+!/g), (match) => ({
    word: match[0],
    from: match.index,
    to: match.index + match[0].length,
  })).filter(({ word }) => words.some((each) => word.endsWith(each)));
}
