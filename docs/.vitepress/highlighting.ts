/** How code looks: in the colours of the demo, which change with the scheme. */

import type { MarkdownOptions } from "vitepress";

/** What each colour is for, as scopes of TextMate grammars. */
const COLOURS: Readonly<Record<string, readonly string[]>> = {
  "--ink-faint": ["comment", "punctuation.definition.comment"],
  "--code-string": ["string", "markup.inline", "constant.character"],
  "--code-keyword": ["keyword.control", "keyword.operator.new", "keyword.other", "storage"],
  "--code-call": ["entity.name.function", "support.function", "meta.function-call.generic"],
  "--code-type": [
    "constant",
    "entity.name.type",
    "support.type",
    "entity.name.tag",
    "meta.attribute",
  ],
};

/** The options of Markdown's renderer that highlight code. */
export const highlighting: MarkdownOptions = {
  theme: {
    name: "cloche",
    type: "light",
    colors: { "editor.foreground": "var(--ink)", "editor.background": "var(--inset)" },
    settings: [
      { settings: { foreground: "var(--ink)" } },
      ...Object.entries(COLOURS).map(([colour, scope]) => ({
        scope: [...scope],
        settings: { foreground: `var(${colour})` },
      })),
    ],
  },
  shikiSetup(highlighter) {
    // By default a line that takes longer than half a second, on a busy machine, loses its colours.
    const codeToHtml = highlighter.codeToHtml.bind(highlighter);
    highlighter.codeToHtml = (code, options) =>
      codeToHtml(code, { ...options, tokenizeTimeLimit: 0 });
  },
};
