import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { expect, test } from "vitest";
import { readModuleLayout } from "../abi/module-layout.ts";
import { wat } from "../abi/wat.test-kit.ts";
import { PluginLimitError, PluginLinkError, PluginLoadError } from "../errors.ts";
import { DEFAULT_LIMITS } from "../limits.ts";
import { compileModule } from "./compile-module.ts";

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

test("a plugin that is cut off at any byte but between its sections does not compile, and says so", async () => {
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

test("what a module declares is held against limits.declarationBytes before they are read", async () => {
  const source = wat('(module (import "env" "__f" (func)) (func (export "g") (param i32)))');
  const { sections } = readModuleLayout(source);
  const declarationBytes = sections
    .filter(({ id }) => ![0, 10, 11].includes(id))
    .reduce((sum, { start, end }) => sum + end - start, 0);
  const compile = (declarationBytes: number) =>
    compileModule({ ...OPTIONS, limits: { ...DEFAULT_LIMITS, declarationBytes }, source });
  await expect(compile(declarationBytes)).rejects.toThrow(PluginLinkError);
  await expect(compile(declarationBytes - 1)).rejects.toThrow(PluginLimitError);
  await expect(compile(declarationBytes - 1)).rejects.toMatchObject({
    ...{ limit: "declarationBytes", value: declarationBytes, allowed: declarationBytes - 1 },
    message: `Cannot load plugin "test": ${declarationBytes} bytes of declarations, expected at most ${declarationBytes - 1} (limits.declarationBytes)`,
  });
});
