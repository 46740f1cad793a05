/** Builds AssemblyScript. */

import { readFile } from "node:fs/promises";
import { dirname, relative, resolve, sep } from "node:path";
import type { Builder, Diagnostic } from "./builder.ts";
import { importSdk } from "./sdk.ts";

/** What this needs of `@cloche/assemblyscript/compile`. */
interface Sdk {
  readonly compile: (
    sources: Readonly<Record<string, string>>,
    options: {
      readonly entry: string;
      readonly optimizeLevel: number;
      readonly shrinkLevel: number;
    },
  ) => Promise<{
    readonly wasm?: Uint8Array | undefined;
    readonly diagnostics: readonly Diagnostic[];
  }>;
}

/** The relative paths that a source imports. */
const IMPORTS = /^\s*(?:import|export)\b[^"';]*["'](\.{1,2}\/[^"']+)["']/gm;

export const buildAssemblyScript: Builder = async (file, { root, isProduction }) => {
  const { compile } = await importSdk<Sdk>(root, "@cloche/assemblyscript/compile");
  const sources = await readSources(file);
  const pathOf = (absolute: string) => relative(root, absolute).split(sep).join("/");
  const { wasm, diagnostics } = await compile(
    Object.fromEntries(Array.from(sources, ([absolute, text]) => [pathOf(absolute), text])),
    {
      entry: pathOf(file),
      optimizeLevel: isProduction ? 3 : 0,
      shrinkLevel: isProduction ? 1 : 0,
    },
  );
  return {
    wasm,
    inputs: [...sources.keys()],
    diagnostics: diagnostics.map((each) =>
      each.file === undefined ? each : { ...each, file: resolve(root, each.file) },
    ),
  };
};

/** The texts of a file and all that it imports by relative paths, by their absolute paths. */
async function readSources(entry: string): Promise<Map<string, string>> {
  const sources = new Map<string, string>();
  const visit = async (file: string) => {
    if (sources.has(file)) return;
    const text = await readFile(file, "utf8").catch(() => undefined);
    // The compiler says what it misses.
    if (text === undefined) return;
    sources.set(file, text);
    for (const [, path = ""] of text.matchAll(IMPORTS)) {
      const imported = resolve(dirname(file), path.replace(/\.ts$/, ""));
      await visit(`${imported}.ts`);
      await visit(resolve(imported, "index.ts"));
    }
  };
  await visit(entry);
  return sources;
}
