import type { Statement } from "./compiler.ts";

/** What may stand between a comment and what the compiler takes as the start of a declaration. */
const MODIFIERS =
  /(?:\s|\b(?:export|default|declare|abstract|public|protected|private|readonly|static|function|class)\b|@\w+(?:\([^)]*\))?)*$/;
const BLOCK = /\/\*\*(?:(?!\*\/)[^])*\*\/$/;
const LINES = /(?:^|\n)((?:[ \t]*\/\/\/[^\n]*(?:\n|$))+)$/;

/** The text of the comment in front of a declaration, in the forms `/** … *\/` and `///`. */
export function docsOf({ range }: Statement): string {
  const before = range.source.text.slice(0, range.start).replace(MODIFIERS, "");
  const block = BLOCK.exec(before)?.[0];
  if (block !== undefined) {
    return textOf(block.slice(3, -2).split("\n"), /^\s*\*? ?/);
  }
  const lines = LINES.exec(before)?.[1];
  return lines === undefined ? "" : textOf(lines.split("\n"), /^\s*\/\/\/ ?/);
}

function textOf(lines: readonly string[], margin: RegExp): string {
  return lines
    .map((line) => line.replace(margin, "").trimEnd())
    .join("\n")
    .replace(/^\n+|\n+$/g, "");
}
