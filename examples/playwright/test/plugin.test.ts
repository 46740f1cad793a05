import { expect, pluginTest } from "@cloche/playwright";
import { PluginTimeoutError, PluginTrapError } from "cloche";
// Written by `cloche build`.
import type { WordTool, WordToolHost } from "../build/word-tool.d.ts";

/** What the plugin has asked for. */
const asked: string[] = [];

const test = pluginTest<WordTool, WordToolHost>("build/word-tool.wasm", {
  files: { "in.txt": "one two" },
  hostFunctions: {
    translate: (word) => {
      asked.push(word);
      return word.toUpperCase();
    },
  },
});

test.beforeEach(() => {
  asked.length = 0;
});

test("counts words", async ({ plugin }) => {
  expect(await plugin.api.count_words("under a glass")).toBe(3);
});

test("translates a file by a function of the test", async ({ plugin }) => {
  await plugin.api.translate_file();
  expect(asked).toEqual(["one", "two"]);
  expect(plugin.stdout).toBe("2 words");
  expect(await plugin.files.readText("/out.txt")).toBe("ONE TWO");
});

test("sees the same time in each run", async ({ plugin }) => {
  const time = new Date(await plugin.api.now());
  expect(time.getUTCFullYear()).toBe(2026);
});

test("traps without its file", async ({ plugin }) => {
  await plugin.files.remove("/in.txt");
  await expect(plugin.api.translate_file()).rejects.toThrow(PluginTrapError);
});

test("has a limited time", async ({ loadPlugin }) => {
  const plugin = await loadPlugin<WordTool, WordToolHost>("build/word-tool.wasm", {
    files: { "in.txt": "slow" },
    limits: { callMs: 100 },
    hostFunctions: { translate: () => new Promise(() => {}) },
  });
  await expect(plugin.api.translate_file()).rejects.toThrow(PluginTimeoutError);
});
