/** The colours of the page as a theme of Monaco, which takes no variables of CSS. */

import type { editor } from "monaco-editor/editor";

/** The colours of parts of the editor. */
const PARTS = {
  "editor.background": "--surface",
  "editor.foreground": "--ink",
  "editor.lineHighlightBorder": "--line",
  "editorCursor.foreground": "--ink",
  "editorLineNumber.foreground": "--ink-faint",
  "editorLineNumber.activeForeground": "--ink",
  "editorIndentGuide.background1": "--line",
  "editorIndentGuide.activeBackground1": "--line-strong",
  "editorBracketHighlight.foreground1": "--ink",
  "editorBracketHighlight.foreground2": "--ink",
  "editorBracketHighlight.foreground3": "--ink",
  "editorOverviewRuler.border": "--line",
  "editorWidget.background": "--surface",
  "editorWidget.foreground": "--ink",
  "editorWidget.border": "--line-strong",
  "editorHoverWidget.background": "--surface",
  "editorHoverWidget.foreground": "--ink",
  "editorHoverWidget.border": "--line-strong",
  "editorHoverWidget.statusBarBackground": "--inset",
  "editorSuggestWidget.background": "--surface",
  "editorSuggestWidget.foreground": "--ink",
  "editorSuggestWidget.border": "--line-strong",
  "editorSuggestWidget.highlightForeground": "--accent",
  "editorSuggestWidget.focusHighlightForeground": "--accent",
  "editorSuggestWidget.selectedBackground": "--accent-soft",
  "editorSuggestWidget.selectedForeground": "--ink",
  "editorSuggestWidget.selectedIconForeground": "--ink",
  descriptionForeground: "--ink-soft",
  focusBorder: "--accent",
  "textLink.foreground": "--accent",
} as const;

/** The colours of tokens. */
const TOKENS = {
  comment: "--ink-soft",
  keyword: "--code-keyword",
  // The base has it in another colour.
  "keyword.json": "--code-keyword",
  number: "--code-type",
  string: "--code-string",
  type: "--code-call",
} as const;

/** The theme in the colours that the page has now. */
export function pageTheme(isDark: boolean): editor.IStandaloneThemeData {
  const styles = getComputedStyle(document.documentElement);
  // Monaco takes no short form, which a minifier writes.
  const colourOf = (variable: string) =>
    styles.getPropertyValue(variable).replace(/^#(.)(.)(.)$/, "#$1$1$2$2$3$3");
  return {
    base: isDark ? "vs-dark" : "vs",
    inherit: true,
    colors: Object.fromEntries(
      Object.entries(PARTS).map(([part, variable]) => [part, colourOf(variable)]),
    ),
    rules: Object.entries(TOKENS).map(([token, variable]) => ({
      token,
      foreground: colourOf(variable).replace("#", ""),
    })),
  };
}
