/** What a plugin is built from: one file, which says in which language it is. */

import { existsSync, statSync } from "node:fs";
import { basename, dirname, extname, join, resolve } from "node:path";

/** The query that makes an import one of a plugin. */
const QUERY = "?plugin";

export type SourceKind = "wasm" | "rust" | "assemblyscript" | "javascript";

export interface PluginSource {
  readonly kind: SourceKind;
  /** The file: a module, a script, or the `Cargo.toml` of a crate. */
  readonly file: string;
  /** The name of the plugin, in errors and of its built file. */
  readonly name: string;
}

/** The path in the specifier of an import of a plugin; `undefined` of any other. */
export function pluginPath(specifier: string): string | undefined {
  return specifier.endsWith(QUERY) ? specifier.slice(0, -QUERY.length) : undefined;
}

/** The id of the Vite module of a source. */
export function moduleId({ file }: PluginSource): string {
  return file.replaceAll("\\", "/") + QUERY;
}

/**
 * Describes the source at an absolute path: a file, or the folder of a crate.
 *
 * @throws {TypeError} when there is none, or it is in no language that can be built.
 */
export function sourceAt(path: string): PluginSource {
  const stats = statSync(path, { throwIfNoEntry: false });
  if (stats === undefined) throw new TypeError(`Cannot find plugin "${path}"`);
  const file = stats.isDirectory() ? join(path, "Cargo.toml") : path;
  if (!existsSync(file)) throw new TypeError(`Folder "${path}" has no Cargo.toml`);
  const kind = kindOf(file);
  if (kind === undefined) {
    throw new TypeError(
      `Cannot build plugin "${path}" (must be .wasm, .ts, .js, .as.ts, or the folder of a crate)`,
    );
  }
  const named = kind === "rust" ? basename(dirname(file)) : basename(file, extname(file));
  return { kind, file, name: named.replace(/\.as$/, "").replace(/\.plugin$/, "") };
}

function kindOf(file: string): SourceKind | undefined {
  if (basename(file) === "Cargo.toml") return "rust";
  if (file.endsWith(".wasm")) return "wasm";
  if (file.endsWith(".as.ts")) return "assemblyscript";
  return /\.[cm]?[jt]s$/.test(file) ? "javascript" : undefined;
}

/** The absolute path that a relative or rooted path of an import stands for; `undefined` for a package's. */
export function importedPath(
  path: string,
  importer: string | undefined,
  root: string,
): string | undefined {
  if (/^\.\.?\//.test(path) && importer !== undefined) {
    return resolve(dirname(importer.split("?")[0] ?? ""), path);
  }
  if (!path.startsWith("/") && !/^[A-Za-z]:[\\/]/.test(path)) return undefined;
  const inRoot = join(root, path);
  return existsSync(inRoot) ? inRoot : path;
}
