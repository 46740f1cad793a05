/** The colours of the terminal: those of the page, light or dark. */

import type { ITheme } from "@xterm/xterm";

/** Calls back now, and whenever the page's theme changes. @returns A function that ends it. */
export function watchTheme(apply: (theme: ITheme) => void): () => void {
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const update = () => apply(pageTheme());
  update();
  dark.addEventListener("change", update);
  return () => dark.removeEventListener("change", update);
}

function pageTheme(): ITheme {
  const style = getComputedStyle(document.documentElement);
  const colour = (name: string) => style.getPropertyValue(`--${name}`).trim();
  const [ink, faint, accent] = [colour("ink"), colour("ink-faint"), colour("accent")];
  const [danger, notice] = [colour("danger"), colour("notice")];
  const [blue, magenta] = [colour("code-call"), colour("code-keyword")];
  return {
    background: colour("inset"),
    foreground: ink,
    cursor: accent,
    cursorAccent: colour("inset"),
    selectionBackground: colour("line-strong"),
    ...{ black: ink, red: danger, green: accent, yellow: notice, blue, magenta, cyan: accent },
    ...{ white: faint, brightBlack: faint, brightRed: danger, brightGreen: accent },
    ...{ brightYellow: notice, brightBlue: blue, brightMagenta: magenta, brightCyan: accent },
    brightWhite: ink,
  };
}
