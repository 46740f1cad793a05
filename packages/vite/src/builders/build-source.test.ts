import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { findSchema } from "cloche/schema";
import { afterAll, beforeAll, expect, test } from "vitest";
import { sourceAt } from "../plugin-source.ts";
import { buildSource } from "./build-source.ts";
import type { BuiltPlugin } from "./builder.ts";
import { findRust } from "./find-rust.ts";

/** In the repository, whose packages it finds. */
const root = resolve(import.meta.dirname, "../../../../build/build-source");

beforeAll(() => rmSync(root, { recursive: true, force: true }));
afterAll(() => rmSync(root, { recursive: true, force: true }));

function write(file: string, text: string): string {
  const path = join(root, file);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
  return path;
}

const build = (path: string) => buildSource(sourceAt(path), { root, isProduction: false });

/** The functions that a module has. */
function functionsOf({ wasm, diagnostics }: BuiltPlugin): string[] | undefined {
  expect(diagnostics.filter(({ severity }) => severity === "error")).toEqual([]);
  return findSchema(wasm ?? new Uint8Array())?.functions.map(({ name }) => name);
}

test("AssemblyScript is built from all files that it imports", async () => {
  const factor = write("lib/factor.ts", "export const FACTOR: f64 = 2;");
  const entry = write(
    "times.as.ts",
    'import { FACTOR } from "./lib/factor";\nexport function times(x: f64): f64 { return x * FACTOR; }',
  );
  const built = await build(entry);
  expect(functionsOf(built)).toEqual(["times"]);
  expect(built.inputs).toEqual([entry, factor]);

  write("lib/factor.ts", "export const FACTOR: f64 =\n  missing;");
  const failed = await build(entry);
  expect(failed.wasm).toBeUndefined();
  expect(failed.diagnostics).toContainEqual(
    expect.objectContaining({ severity: "error", file: factor, line: 2, column: 3 }),
  );
});

function hasRust(): boolean {
  try {
    return findRust(import.meta.dirname) !== undefined;
  } catch {
    return false;
  }
}

test.skipIf(!hasRust())("a crate is built from all its modules", async () => {
  const manifest = write(
    "my crate/Cargo.toml",
    '[package]\nname = "my-crate"\nversion = "0.1.0"\n[lib]\ncrate-type = ["cdylib"]\n[workspace]\n',
  );
  const entry = write("my crate/src/lib.rs", "#![no_std]\nmod inner;\n");
  const inner = write(
    "my crate/src/inner.rs",
    `#[panic_handler]
     fn panic(_: &core::panic::PanicInfo) -> ! { loop {} }
     #[link_section = "plugin.schema"]
     #[used]
     static SCHEMA: [u8; 7] = *b"fn f();";
     #[no_mangle]
     pub extern "C" fn __f(_: u64) -> u64 { SCHEMA.len() as u64 }`,
  );
  const built = await build(dirname(manifest));
  expect(functionsOf(built)).toEqual(["f"]);
  expect(new Set(built.inputs)).toEqual(new Set([manifest, entry, inner]));

  write("my crate/src/inner.rs", "fn broken() -> u8 {\n    missing\n}");
  const failed = await build(dirname(manifest));
  expect(failed.wasm).toBeUndefined();
  expect(failed.inputs).toContain(inner);
  expect(failed.diagnostics).toContainEqual(
    expect.objectContaining({ severity: "error", file: inner, line: 2, column: 5 }),
  );
});

test("an SDK that a project lacks is named", async () => {
  const entry = write("upper.plugin.js", "");
  const elsewhere = { root: "/nowhere", isProduction: false };
  await expect(buildSource(sourceAt(entry), elsewhere)).rejects.toThrow(
    "@cloche/javascript is not installed (run npm install --save-dev @cloche/javascript)",
  );
});
