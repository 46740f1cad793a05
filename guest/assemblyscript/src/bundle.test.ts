import { execFileSync } from "node:child_process";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { build } from "esbuild";
import { expect, test } from "vitest";

const PACKAGE = resolve(import.meta.dirname, "..");

test("the package needs the compiler alone, and nothing of Node", async () => {
  const { metafile } = await build({
    absWorkingDir: PACKAGE,
    entryPoints: ["src/index.ts", "src/compile.ts"],
    outdir: "unwritten",
    bundle: true,
    format: "esm",
    platform: "neutral",
    external: ["assemblyscript", "#library-sources"],
    write: false,
    metafile: true,
  });
  const imported = Object.values(metafile.outputs).flatMap(({ imports }) =>
    imports.map(({ path }) => path),
  );
  expect([...new Set(imported)].sort()).toEqual([
    "#library-sources",
    "assemblyscript",
    "assemblyscript/asc",
  ]);
});

test("compiles where there is no Node, as in browsers", { timeout: 60_000 }, () => {
  // In the package, where its imports are found.
  const folder = join(PACKAGE, "build/without-node");
  execFileSync(process.execPath, [join(PACKAGE, "build.mjs"), folder]);
  const script = `
    const { log } = console;
    // By it the compiler tells Node from browsers.
    globalThis.process = undefined;
    const { compile } = await import("${pathToFileURL(join(folder, "compile.js")).href}");
    const { wasm, diagnostics } = await compile({
      "index.ts": \`
        import { print } from "@cloche/assemblyscript";
        import { text } from "./lib/text";
        export function hello(): void { print(text); }\`,
      "lib/text.ts": 'export const text = "hello";',
    });
    log(JSON.stringify({ diagnostics, isCompiled: wasm !== undefined }));`;
  const output = execFileSync(process.execPath, ["--input-type=module", "--eval", script], {
    encoding: "utf8",
  });
  expect(JSON.parse(output)).toEqual({ diagnostics: [], isCompiled: true });
});
