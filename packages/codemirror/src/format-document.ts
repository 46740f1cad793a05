/** Formats the document of a view. */

import type { LanguageTools, TextEdit } from "@cloche/editor";
import { diff } from "@codemirror/merge";
import { type ChangeSpec, Text } from "@codemirror/state";
import type { EditorView } from "@codemirror/view";

/** How a format ended. */
export type FormatOutcome =
  /** The document is formatted now, or was already. */
  | { readonly kind: "formatted" }
  /** The plugin says why it cannot be. */
  | { readonly kind: "refused"; readonly reason: string }
  /** It was changed or replaced meanwhile, and stays as it is. */
  | { readonly kind: "outdated" }
  /** The plugin failed, or took too long. */
  | { readonly kind: "failed"; readonly error: unknown };

/** How a document is formatted. */
export interface FormatOptions {
  /** One level of indentation. Default: two spaces. */
  readonly indent?: string | undefined;
  /** How long lines may become. Default: 80. */
  readonly lineWidth?: number | undefined;
  /** Gives up. */
  readonly signal?: AbortSignal | undefined;
}

/** How a document is formatted and saved. */
export interface SaveOptions extends Omit<FormatOptions, "signal"> {
  /**
   * How long a save waits for the format, in milliseconds; then it saves the document as it is. Default:
   * 1500, which covers a format and the rest of a request before it.
   */
  readonly budgetMs?: number | undefined;
  /** Called with how the format ended, before the save. */
  readonly onFormat?: ((outcome: FormatOutcome, view: EditorView) => void) | undefined;
}

/**
 * Formats the document of a view, unless it changes meanwhile. The selection stays at its characters, and
 * one undo takes the format back. Never rejects.
 */
export async function formatDocument(
  view: EditorView,
  tools: LanguageTools,
  options: FormatOptions = {},
): Promise<FormatOutcome> {
  if (view.state.readOnly) return { kind: "refused", reason: "The document is read-only" };
  const before = view.state.doc;
  // Line ends are "\n" in the offsets of CodeMirror.
  const text = before.toString();
  try {
    const result = await tools.format(text, { ...options, document: view });
    if (!result.ok) return { kind: "refused", reason: result.error };
    if (view.state.doc !== before || view.state.readOnly) return { kind: "outdated" };
    const changes = result.value.flatMap((edit) => smallChanges(edit, text));
    if (changes.length > 0) view.dispatch({ changes, userEvent: "format", scrollIntoView: true });
    return { kind: "formatted" };
  } catch (error) {
    const isAbort = error instanceof DOMException && error.name === "AbortError";
    return isAbort ? { kind: "outdated" } : { kind: "failed", error };
  }
}

/** Looking closer would take time and give little. */
const DIFF_BOUNDS = { scanLimit: 500, timeout: 50 };

/** An edit of much text as changes of little, so that the selection knows where it belongs. */
function smallChanges({ from, to, text: inserted }: TextEdit, text: string): ChangeSpec[] {
  return diff(text.slice(from, to), inserted, DIFF_BOUNDS).map(({ fromA, toA, fromB, toB }) => ({
    from: from + fromA,
    to: from + toA,
    // Not a string, which would be split at the line separator of the state.
    insert: Text.of(inserted.slice(fromB, toB).split("\n")),
  }));
}

/**
 * Formats the document of a view and then saves it: formatted, or as it is if it cannot be formatted in
 * time. Never rejects, unless a callback throws.
 *
 * @param save Gets the text with the line separator of the state.
 */
export async function formatAndSave(
  view: EditorView,
  tools: LanguageTools,
  save: (text: string, view: EditorView) => void,
  { budgetMs = 1500, onFormat, ...options }: SaveOptions = {},
): Promise<void> {
  const signal = AbortSignal.timeout(budgetMs);
  const outcome = await formatDocument(view, tools, { ...options, signal });
  onFormat?.(outcome, view);
  save(view.state.sliceDoc(), view);
}
