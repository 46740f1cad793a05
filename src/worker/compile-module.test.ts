import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { expect, test } from "vitest";
import { readModuleLayout } from "../abi/module-layout.ts";
import { wat } from "../abi/wat.test-kit.ts";
import { PluginLinkError, PluginLoadError } from "../errors.ts";
import { DEFAULT_LIMITS, type Limits } from "../limits.ts";
import { compileModule } from "./compile-module.ts";

/** Instead of the `end` of a function. */
const OP_NOP = 0x01;

const OPTIONS = {
  pluginName: "test",
  role: "plugin",
  hostFunctions: [],
  limits: DEFAULT_LIMITS,
  interruption: "terminate",
  flagAddress: 0,
  isKept: false,
} as const;

const REAL = new Uint8Array(
  readFileSync(resolve(import.meta.dirname, "../../public/plugins/double-c.wasm")),
);

test("a plugin that is truncated within a section does not compile, and the error says so", async () => {
  const compiled: number[] = [];
  for (let cut = 0; cut < REAL.length; cut++) {
    const source = REAL.slice(0, cut);
    try {
      await compileModule({ ...OPTIONS, source });
    } catch (error) {
      // A module, but no plugin.
      if (error instanceof PluginLinkError) compiled.push(cut);
      else if (!(error instanceof PluginLoadError)) throw error;
    }
  }
  // Each of these ends with one more section than the one before.
  const sections = compiled.map((cut) => readModuleLayout(REAL.slice(0, cut)).sections.length);
  expect(sections).toEqual([...new Set(sections)]);
  expect(sections.length).toBeGreaterThan(1);
}, 60_000);

test("an error names all limits that a module exceeds, before the engine compiles it", async () => {
  // Not valid: the engine would say so.
  const source = wat('(module (memory 9) (table 9 funcref) (func (export "a")))');
  source[source.length - 1] = OP_NOP;
  const compile = (limits: Partial<Limits>) =>
    compileModule({ ...OPTIONS, limits: { ...DEFAULT_LIMITS, ...limits }, source });
  await expect(compile({})).rejects.toThrow(PluginLoadError);
  await expect(compile({ memoryBytes: 65_536, tableElements: 8 })).rejects.toMatchObject({
    name: "PluginLimitError",
    message:
      'Module of plugin "test" exceeds 2 limits: 576 KB of memory, limit 64 KB (limits.memoryBytes); ' +
      "9 table elements, limit 8 (limits.tableElements)",
  });
});
