import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { expect, test } from "vitest";
import { readModuleLayout } from "../abi/module-layout.ts";
import { PluginLoadError } from "../errors.ts";
import { DEFAULT_LIMITS } from "../limits.ts";
import { compileModule } from "./compile-module.ts";

const REAL = new Uint8Array(
  readFileSync(resolve(import.meta.dirname, "../../public/plugins/double-c.wasm")),
);

test("a plugin that is cut off at any byte but between its sections does not compile, and says so", async () => {
  const compiled: number[] = [];
  for (let cut = 0; cut < REAL.length; cut++) {
    const source = REAL.slice(0, cut);
    const compiling = compileModule({
      pluginName: "cut",
      source,
      limits: DEFAULT_LIMITS,
      interruption: "terminate",
      flagAddress: 0,
      isKept: false,
    });
    try {
      await compiling;
      compiled.push(cut);
    } catch (error) {
      if (!(error instanceof PluginLoadError)) throw error;
    }
  }
  // Each of these ends with one more section than the one before.
  const sections = compiled.map((cut) => readModuleLayout(REAL.slice(0, cut)).sections.length);
  expect(sections).toEqual([...new Set(sections)]);
  expect(sections.length).toBeGreaterThan(1);
}, 60_000);
