/** What the page of a test is served, without a server. */

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import type { Page, Route } from "@playwright/test";
import type { ServedModule } from "./plugin-test-options.ts";

/** The page's own origin: a secure one, which no server has. */
export const ORIGIN = "https://cloche-test.invalid";

const HTML = `<!doctype html>
<meta charset="utf-8">
<link rel="icon" href="data:,">
<title>Plugins of a test</title>
<script type="importmap">{ "imports": { "cloche": "/cloche.js" } }</script>
<h1>Plugins of a test</h1>
`;

const ISOLATING_HEADERS = {
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Embedder-Policy": "require-corp",
};

interface ServedFile {
  readonly contentType: string;
  readonly body: string | Buffer;
}

export class ServedFiles {
  readonly #headers: Record<string, string>;
  readonly #modules: Map<string, ServedModule> = new Map();

  /** @param isIsolated Whether the page is cross-origin isolated. */
  constructor(isIsolated: boolean) {
    this.#headers = isIsolated ? ISOLATING_HEADERS : {};
  }

  /** Answers all requests to the page's origin. */
  async serveTo(page: Page): Promise<void> {
    await page.route(`${ORIGIN}/**`, (route) => this.#fulfill(route));
  }

  /** @returns The address of the module. */
  add(module: ServedModule): string {
    const path = `/${this.#modules.size}/${encodeURIComponent(module.fileName)}`;
    this.#modules.set(path, module);
    return ORIGIN + path;
  }

  #fulfill(route: Route): Promise<void> {
    const file = this.#find(new URL(route.request().url()).pathname);
    if (file === undefined) return route.fulfill({ status: 404, body: "not found" });
    return route.fulfill({ ...file, headers: this.#headers });
  }

  #find(path: string): ServedFile | undefined {
    const module = this.#modules.get(path);
    if (module !== undefined) return { contentType: "application/wasm", body: module.bytes };
    if (path === "/") return { contentType: "text/html", body: HTML };
    const script = SCRIPTS.get(path)?.();
    if (script === undefined) return undefined;
    return { contentType: "text/javascript", body: readFileSync(script) };
  }
}

/** The library for browsers, of the package that the test has too. */
function libraryPath(): string {
  const manifest = createRequire(import.meta.url).resolve("cloche/package.json");
  const { exports } = JSON.parse(readFileSync(manifest, "utf8")) as {
    exports: { ".": { browser: string } };
  };
  return join(dirname(manifest), exports["."].browser);
}

/** Where the scripts of the page are. */
const SCRIPTS: ReadonlyMap<string, () => string> = new Map([
  ["/cloche.js", libraryPath],
  ["/page.js", () => join(import.meta.dirname, "page.js")],
]);
