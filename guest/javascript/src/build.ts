import { readFileSync, statSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { relative, resolve as resolvePath, sep } from "node:path";
import * as esbuild from "esbuild";
import { type BundleOptions, bundle } from "./bundle.ts";
import type { Diagnostic } from "./describe/diagnostic.ts";
import { type Compiled, make } from "./make.ts";
import { resolveIn } from "./resolve.ts";

export type { BundleOptions, Compiled, Diagnostic };

/**
 * Builds a plugin from a module on disk, with esbuild.
 *
 * @param entry The path of the module. Paths in diagnostics are relative to the working directory.
 * @param options More options for esbuild, such as `define`, `minify` and `plugins`.
 */
export async function build(entry: string, options: BundleOptions = {}): Promise<Compiled> {
  const template = new Uint8Array(await readFile(new URL("template.wasm", import.meta.url)));
  const folder = process.cwd();
  const inFolder = (file: string): string => resolvePath(folder, file);
  const shown = (path: string): string => relative(folder, path).split(sep).join("/");
  const sources = {
    read: (file: string) => readFileSync(inFolder(file), "utf8"),
    resolve: (specifier: string, from: string) => {
      const path = resolveIn(specifier, inFolder(from).split(sep).join("/"), isFile);
      return path && shown(path);
    },
  };
  return make(shown(inFolder(entry)), sources, template, () =>
    bundle(esbuild, inFolder(entry), { absWorkingDir: folder, ...options }),
  );
}

function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() === true;
}
