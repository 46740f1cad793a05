import type { MarkdownRenderer } from "vitepress";

/** Makes plain cells of the empty ones in the head of a table: a header without a text names nothing. */
export function emptyHeads(markdown: MarkdownRenderer): void {
  markdown.core.ruler.push("empty heads of tables", ({ tokens }) => {
    for (const [index, head] of tokens.entries()) {
      if (head.type !== "th_open" || tokens[index + 1]?.content !== "") continue;
      for (const token of [head, tokens[index + 2]]) if (token) token.tag = "td";
    }
  });
}
