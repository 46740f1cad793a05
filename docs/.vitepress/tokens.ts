/** The demo chooses its colours by the system, the site by a switch too: a class on the document. */
export const tokensByClass = {
  name: "tokens by class",
  enforce: "pre" as const,
  transform(css: string, id: string): string | undefined {
    if (!id.endsWith("/demo/styles/tokens.css")) return undefined;
    const dark = /@media \(prefers-color-scheme: dark\) \{\s*:root (\{[^}]*\})\s*\}/;
    if (!dark.test(css)) throw new Error(`${id}: no colours for dark pages`);
    return css
      .replace("color-scheme: light dark;", "color-scheme: light;")
      .replace(dark, ".dark $1");
  },
};
