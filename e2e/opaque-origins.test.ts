import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type * as library from "cloche";
import { libraryScript } from "./harness/library-script.ts";
import { expect, test } from "./harness/test.ts";

const root = join(import.meta.dirname, "..");

/** A page that has the library as a classic script: browsers load no module from a `file:` address. */
async function pageText(): Promise<string> {
  const module = readFileSync(join(root, "public/plugins/everything.wasm")).toString("base64");
  return `<!doctype html>
    <script>${await libraryScript()}</script>
    <script>
      const address = "data:application/wasm;base64,${module}";
      globalThis.outcome = (${String(usePlugin)})(globalThis.cloche, address);
      outcome.then((value) => parent.postMessage(value, "*"));
    </script>`;
}

/** Calls, waits for the page, and interrupts, in both isolations. */
async function usePlugin(cloche: typeof library, address: string): Promise<unknown> {
  const { hostFunction, loadPlugin, t } = cloche;
  const outcomes: unknown[] = [self.origin];
  for (const isolation of ["worker", "strict"] as const) {
    try {
      const plugin = await loadPlugin(address, {
        isolation,
        hostFunctions: {
          run: hostFunction([t.string], t.bytes, async (text) => new TextEncoder().encode(text)),
          add: hostFunction([t.i32, t.i32], t.i32, (a, b) => a + b),
          note: hostFunction([], t.unit, () => {}),
        },
      });
      const called = await plugin.function("call_run", [t.string], t.bytes)("run");
      const spin = plugin.function("spin", [], t.unit).with({ timeoutMs: 100 });
      const end = await spin().catch((error: Error) => error.name);
      outcomes.push(`${isolation}: ${new TextDecoder().decode(called)}, ${String(end)}`);
    } catch (error) {
      outcomes.push(`${isolation}: ${String(error)}`);
    }
  }
  return outcomes;
}

const EXPECTED = ["null", "worker: run, PluginTimeoutError", "strict: run, PluginTimeoutError"];

test("plugins run in a sandboxed frame", async ({ harness }) => {
  const outcome = await harness.evaluate(
    (text) => {
      const frame = document.createElement("iframe");
      frame.setAttribute("sandbox", "allow-scripts");
      frame.srcdoc = text;
      document.body.append(frame);
      return new Promise((resolve) => {
        addEventListener("message", ({ data }) => resolve(data), { once: true });
      });
    },
    await pageText(),
  );
  expect(outcome).toEqual(EXPECTED);
});

test("plugins run on a page from a file", async ({ page }, testInfo) => {
  const file = testInfo.outputPath("page.html");
  writeFileSync(file, await pageText());
  await page.goto(pathToFileURL(file).href);
  expect(await page.evaluate("outcome")).toEqual(EXPECTED);
});
