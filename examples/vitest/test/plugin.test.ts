import { loadPlugin, type Plugin, PluginClosedError } from "cloche";
import { test as base, expect } from "vitest";
// Written by `cloche build`.
import type { Doubler } from "../build/doubler.d.ts";
import url from "../build/doubler.wasm?url";

/** A fresh plugin for each test, the same in each run. A failed test prints what it wrote. */
const test = base.extend<{ plugin: Plugin<Doubler> }>({
  plugin: async ({ onTestFailed }, use) => {
    let output = "";
    const write = (text: string) => {
      output += text;
    };
    const plugin = await loadPlugin<Doubler>(url, {
      clock: { startMs: Date.UTC(2026, 0, 1), stepNs: 1_000_000 },
      random: { seed: 1 },
      stdout: write,
      stderr: write,
    });
    onTestFailed(() => console.log(output));
    await use(plugin);
    await plugin.close();
  },
});

test("doubles numbers", async ({ plugin }) => {
  expect(await plugin.api.double([1, 2, 3])).toEqual([2, 4, 6]);
});

test("is closed in the end", async ({ plugin }) => {
  await plugin.close();
  await expect(plugin.api.double([1])).rejects.toThrow(PluginClosedError);
});
