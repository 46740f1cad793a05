/** The site, built from `docs` and from the pages beside the code: `npm run docs`, `npm run docs:build`. */

import { existsSync, readdirSync } from "node:fs";
import { join, relative } from "node:path";
import { defineConfig } from "vitepress";
import { documents, ROOT } from "../../e2e/examples/examples.ts";
import { slugOf } from "../../e2e/examples/headings.ts";
import { highlighting } from "./highlighting.ts";
import { copySources, linkPages } from "./links.ts";
import { addRunButtons, liveExampleModules } from "./live-examples.ts";
import { addressOf, pages, REFERENCE_DIRECTORY } from "./pages.ts";
import { sidebar } from "./sidebar.ts";
import { emptyHeads } from "./table-heads.ts";
import { tokensByClass } from "./tokens.ts";

const referenceFolder = join(ROOT, REFERENCE_DIRECTORY);
const reference = existsSync(referenceFolder)
  ? readdirSync(referenceFolder, { recursive: true, encoding: "utf8" })
      .filter((file) => file.endsWith(".md"))
      // The library before the packages beside it.
      .toSorted((a, b) => Number(a.startsWith("@")) - Number(b.startsWith("@")))
      .map((file) => join(REFERENCE_DIRECTORY, file))
  : [];
const files = new Set([...pages(), ...reference]);

export default defineConfig({
  title: "Cloche",
  description: "Run Wasm plugins in the browser, each in a sandbox of its own.",
  lang: "en",
  cleanUrls: true,
  srcDir: relative(join(ROOT, "docs"), ROOT),
  srcExclude: [
    ...documents().filter((file) => !files.has(file)),
    "build/!(api)/**",
    "**/target/**",
  ],
  rewrites: (file) => (files.has(file) ? `${addressOf(file)}.md` : file),
  outDir: join(ROOT, "build/docs"),
  cacheDir: join(ROOT, "build/docs-cache"),
  head: [
    ["link", { rel: "icon", href: "/favicon.svg", type: "image/svg+xml" }],
    ["meta", { name: "color-scheme", content: "light dark" }],
  ],
  markdown: {
    ...highlighting,
    anchor: { slugify: slugOf },
    config(markdown) {
      linkPages(markdown);
      emptyHeads(markdown);
      addRunButtons(markdown);
    },
  },
  themeConfig: {
    logo: "/favicon.svg",
    search: { provider: "local" },
    outline: { level: [2, 3] },
    nav: [
      { text: "Plugins", link: "/sdk/rust" },
      { text: "Options", link: "/options" },
    ],
    sidebar: sidebar(reference),
    docFooter: { prev: "Before", next: "Next" },
  },
  vite: {
    configFile: false,
    plugins: [tokensByClass, liveExampleModules],
    // The esbuild of VitePress does not know the target of our tsconfig.json.
    esbuild: { target: "es2022", tsconfigRaw: {} },
    build: { target: "es2022", chunkSizeWarningLimit: 1000 },
  },
  buildEnd: ({ outDir }) => copySources(outDir),
});
