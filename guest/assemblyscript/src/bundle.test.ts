import { resolve } from "node:path";
import { build } from "esbuild";
import { expect, test } from "vitest";

test("the package needs the compiler alone, and nothing of Node", async () => {
  const { metafile } = await build({
    absWorkingDir: resolve(import.meta.dirname, ".."),
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
