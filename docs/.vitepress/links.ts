/** Turns the links between files of the repository into links between pages of the site. */

import { copyFileSync, mkdirSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import type { MarkdownRenderer } from "vitepress";
import { ROOT } from "../../e2e/examples/examples.ts";
import { addressOf, pages } from "./pages.ts";

const PAGES = new Set(pages());

/** The files and folders that pages link to and that are no pages themselves. */
const linkedSources: Set<string> = new Set();

/** Rewrites each relative link: one to a page leads to the page, one to another file to a copy of it. */
export function linkPages(markdown: MarkdownRenderer): void {
  markdown.core.ruler.push("links between pages", ({ tokens, env }) => {
    const file: string = env.realPath ?? env.path;
    for (const token of tokens.flatMap(({ children }) => children ?? [])) {
      const href = token.type === "link_open" ? token.attrGet("href") : null;
      if (href === null || /^(\w+:|#|\/)/.test(href)) continue;
      token.attrSet("href", addressOfLink(relative(ROOT, dirname(file)), href));
    }
  });
}

/** Copies what pages link to into the built site, as text; of a folder, the names of its files. */
export function copySources(site: string): void {
  for (const source of linkedSources) {
    const path = join(ROOT, source);
    const copy = join(site, "source", `${source}.txt`);
    mkdirSync(dirname(copy), { recursive: true });
    if (statSync(path).isDirectory()) writeFileSync(copy, readdirSync(path).join("\n"));
    else copyFileSync(path, copy);
  }
}

function addressOfLink(folder: string, href: string): string {
  const [path = "", heading] = href.split("#");
  const target = join(folder, decodeURI(path)).replace(/\/$/, "");
  const page = [target, `${target}/README.md`].find((file) => PAGES.has(file));
  const hash = heading === undefined ? "" : `#${heading}`;
  if (target === "README.md") return "/";
  if (page !== undefined) return `/${addressOf(page)}${hash}`.replace(/index$/, "");
  linkedSources.add(target);
  return `/source/${target}.txt`;
}
