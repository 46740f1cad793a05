/** The entry without a worker inlined, and what a bundler leaves out of either entry. */

import { readFileSync } from "node:fs";
import { join } from "node:path";
import type * as slim from "cloche/slim";
import { build } from "esbuild";
import { ROOT } from "./examples/examples.ts";
import { libraryScript } from "./harness/library-script.ts";
import { ANY_BROWSER, expect, openHarnessUnder, test } from "./harness/test.ts";

/** What a page needs to run `cloche/slim` in a script that it hosts, and no blob. */
const POLICY = "script-src 'self' 'unsafe-inline' 'wasm-unsafe-eval'; worker-src 'self'";

declare const cloche: typeof slim;

test("cloche/slim runs plugins and commands in the script that the page hosts", async ({
  tab: page,
}) => {
  await openHarnessUnder(page, POLICY);
  await page.addScriptTag({ content: await libraryScript("cloche/slim") });
  const results = await page.evaluate(async () => {
    const { createPool, loadPlugin, prepare, runCommand, t } = cloche;
    const worker = window.workerAddress;
    const type = [[t.vec(t.f64)], t.vec(t.f64)] as const;
    const plugin = await loadPlugin("/plugins/double.wasm", { worker });
    const prepared = await prepare("/plugins/double.wasm", { worker });
    const pool = await createPool("/plugins/double.wasm", { worker, size: 1 });
    const args = ["tool", "show", "/a"];
    const run = await runCommand("/plugins/tool.wasm", { worker, args, files: { a: "text" } });
    return [
      await plugin.function("double", ...type)([1]),
      await (await prepared.load()).function("double", ...type)([2]),
      await pool.function("double", ...type)([3]),
      run.stdout,
    ];
  });
  expect(results).toEqual([[2], [4], [6], "text"]);
});

test("cloche/slim runs strictly isolated plugins from the text of the script", async ({
  tab: page,
}) => {
  await openHarnessUnder(page, "worker-src 'self' blob:");
  await page.addScriptTag({ content: await libraryScript("cloche/slim") });
  const result = await page.evaluate(async () => {
    const { loadPlugin, t } = cloche;
    const workerSource = await (await fetch(window.workerAddress)).text();
    const options = { isolation: "strict", wasi: { workerSource } } as const;
    const plugin = await loadPlugin("/plugins/double.wasm", options);
    return plugin.function("double", [t.vec(t.f64)], t.vec(t.f64))([1]);
  });
  expect(result).toEqual([2]);
});

test(
  "cloche/slim without a worker rejects with a TypeError that says what to pass",
  ANY_BROWSER,
  async ({ tab: page }) => {
    await openHarnessUnder(page, POLICY);
    await page.addScriptTag({ content: await libraryScript("cloche/slim") });
    const messages = await page.evaluate(async () => {
      const { createPool, loadPlugin, prepare, runCommand } = cloche;
      const messages = [];
      for (const load of [loadPlugin, prepare, createPool, runCommand]) {
        // As from JavaScript.
        const untyped = load as (source: string) => Promise<unknown>;
        const { name, message } = await window.rejection(untyped("/plugins/double.wasm"));
        messages.push(`${name}: ${message}`);
      }
      return messages;
    });
    const message =
      "TypeError: Invalid options.worker: is missing, and cloche/slim has no worker of its own (pass the address of cloche/worker)";
    expect(messages).toEqual([message, message, message, message]);
  },
);

/** What a bundler makes of a module. */
async function bundle(contents: string): Promise<string> {
  const { outputFiles } = await build({
    ...{ stdin: { contents, resolveDir: ROOT }, bundle: true, format: "esm", write: false },
    ...{ minify: true, charset: "utf8" },
  });
  return outputFiles[0]?.text ?? "";
}

/** A piece of the worker's script that no quoting changes. */
function pieceOfWorker(): string {
  const [piece = ""] =
    readFileSync(join(ROOT, "dist/worker.js"), "utf8").match(/[\w(){};,.=]{40}/) ?? [];
  return piece;
}

test(
  "bundles have the worker's script where they load plugins with cloche, and only there",
  ANY_BROWSER,
  async () => {
    const piece = pieceOfWorker();
    expect(piece).toHaveLength(40);
    const bundles = {
      loading: await bundle('export { loadPlugin } from "cloche"'),
      slim: await bundle('export * from "cloche/slim"'),
      codecsAndErrors: await bundle('export { t, PluginError } from "cloche"'),
    };
    const withWorker = Object.entries(bundles).filter(([, text]) => text.includes(piece));
    expect(withWorker.map(([name]) => name)).toEqual(["loading"]);
    expect(bundles.codecsAndErrors.length).toBeLessThan(60_000);
  },
);
