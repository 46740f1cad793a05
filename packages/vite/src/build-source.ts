/** Builds a plugin from its source, by the language of the source. */

import { readFile } from "node:fs/promises";
import type { PluginSource } from "./plugin-source.ts";

export interface BuiltPlugin {
  readonly wasm: Uint8Array;
  /** The files whose changes need another build. */
  readonly inputs: readonly string[];
}

export async function buildSource({ kind, file }: PluginSource): Promise<BuiltPlugin> {
  switch (kind) {
    case "wasm":
      return { wasm: await readFile(file), inputs: [file] };
    default:
      throw new TypeError(`Cannot build "${file}"`);
  }
}
