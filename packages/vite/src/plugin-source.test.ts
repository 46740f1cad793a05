import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { importedPath, sourceAt } from "./plugin-source.ts";

const root = mkdtempSync(join(tmpdir(), "cloche-vite-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));

function create(file: string): string {
  mkdirSync(dirname(join(root, file)), { recursive: true });
  writeFileSync(join(root, file), "");
  return join(root, file);
}

test("the end of a path says what a plugin is built from, and its name", () => {
  const crate = dirname(create("text-tools/Cargo.toml"));
  expect(sourceAt(crate)).toEqual({
    kind: "rust",
    file: join(crate, "Cargo.toml"),
    name: "text-tools",
  });
  for (const [file, kind, name] of [
    ["double.wasm", "wasm", "double"],
    ["upper.plugin.ts", "javascript", "upper"],
    ["lower.mjs", "javascript", "lower"],
    ["sum.as.ts", "assemblyscript", "sum"],
    ["mean.plugin.as.ts", "assemblyscript", "mean"],
  ] as const) {
    expect(sourceAt(create(file))).toEqual({ kind, file: join(root, file), name });
  }
});

test("what cannot be built is refused by its path", () => {
  mkdirSync(join(root, "empty"));
  expect(() => sourceAt(join(root, "none.wasm"))).toThrow(/^Cannot find plugin ".*none\.wasm"$/);
  expect(() => sourceAt(join(root, "empty"))).toThrow(/empty" has no Cargo\.toml$/);
  expect(() => sourceAt(create("plugin.py"))).toThrow(/^Cannot build plugin ".*\.py" \(must be/);
});

test("a path of an import starts at the importer or at the root of the project", () => {
  const file = create("plugins/double.wasm");
  const importer = join(root, "src/main.ts?t=1");
  for (const path of ["../plugins/double.wasm", "/plugins/double.wasm", file]) {
    expect(importedPath(path, importer, root)).toBe(file);
  }
  expect(importedPath("package/double.wasm", importer, root)).toBeUndefined();
});
