/** Builds a plugin from its source, by the language of the source. */

import { readFile } from "node:fs/promises";
import type { PluginSource, SourceKind } from "../plugin-source.ts";
import { buildAssemblyScript } from "./assemblyscript.ts";
import type { Builder, BuildOptions, BuiltPlugin } from "./builder.ts";
import { buildJavaScript } from "./javascript.ts";
import { buildRust } from "./rust.ts";

const BUILDERS: Readonly<Record<SourceKind, Builder>> = {
  wasm: async (file) => ({ wasm: await readFile(file), diagnostics: [], inputs: [file] }),
  javascript: buildJavaScript,
  assemblyscript: buildAssemblyScript,
  rust: buildRust,
};

export function buildSource(
  { kind, file }: PluginSource,
  options: BuildOptions,
): Promise<BuiltPlugin> {
  return BUILDERS[kind](file, options);
}
