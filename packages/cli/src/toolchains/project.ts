/** What is in the folder of a plugin's sources. */

import { existsSync, readdirSync, readFileSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { Failure, messageOf, usageFailure } from "../failure.ts";

/** How the sources are built. JavaScript and TypeScript are built alike. */
export type Toolchain = "rust" | "c" | "assemblyscript" | "javascript";

export interface Project {
  /** Absolute. */
  readonly folder: string;
  /** From package.json, otherwise of the folder. */
  readonly name: string;
  readonly toolchain: Toolchain;
  /** The module that a bundler or compiler starts at; of Rust and C there is none. Absolute. */
  readonly entry: string;
}

/** Where the source of a script may be, the first that exists. */
const ENTRIES: Readonly<Record<"assemblyscript" | "javascript", readonly string[]>> = {
  assemblyscript: ["src/plugin.ts", "src/index.ts", "assembly/index.ts", "plugin.ts", "index.ts"],
  javascript: ["src/plugin", "src/index", "plugin", "index"].flatMap((path) =>
    [".ts", ".js", ".mjs"].map((extension) => path + extension),
  ),
};

const RULES = `a plugin's folder has one of
  Cargo.toml (Rust)
  a package.json that depends on @cloche/assemblyscript or @cloche/javascript
  src/*.c (C)`;

/**
 * Finds out how to build what is in a folder.
 *
 * @param entry A module to start at, relative to the folder, in the place of the usual ones.
 * @throws {Failure} when it is no plugin's folder.
 */
export function findProject(given: string, entry?: string): Project {
  const folder = resolve(given);
  if (!existsSync(folder)) throw usageFailure(`There is no folder "${given}"`);
  const manifest = readManifest(folder);
  const name = (manifest.name ?? basename(folder)).replace(/^.*\//, "");
  const toolchain = toolchainOf(folder, manifest);
  if (toolchain === undefined) {
    throw new Failure(`Cannot build "${given}": ${RULES}`);
  }
  if (toolchain === "rust" || toolchain === "c") return { folder, name, toolchain, entry: folder };
  const candidates = entry === undefined ? ENTRIES[toolchain] : [entry];
  const found = candidates.find((path) => existsSync(join(folder, path)));
  if (found !== undefined) return { folder, name, toolchain, entry: join(folder, found) };
  throw new Failure(
    `Cannot build "${given}": there is no ${candidates.join(", ")}; name the file with --entry`,
  );
}

interface Manifest {
  readonly name?: string;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
}

function toolchainOf(folder: string, manifest: Manifest): Toolchain | undefined {
  if (existsSync(join(folder, "Cargo.toml"))) return "rust";
  const packages = { ...manifest.dependencies, ...manifest.devDependencies };
  if ("@cloche/assemblyscript" in packages) return "assemblyscript";
  if ("@cloche/javascript" in packages) return "javascript";
  return cSources(folder).length > 0 ? "c" : undefined;
}

/** The C files in `src`, with their folder. */
export function cSources(folder: string): string[] {
  const source = join(folder, "src");
  if (!existsSync(source)) return [];
  return readdirSync(source)
    .filter((name) => name.endsWith(".c"))
    .sort()
    .map((name) => join(source, name));
}

function readManifest(folder: string): Manifest {
  const path = join(folder, "package.json");
  if (!existsSync(path)) return {};
  try {
    return JSON.parse(readFileSync(path, "utf8")) as Manifest;
  } catch (error) {
    throw new Failure(`Cannot read "${path}": ${messageOf(error)}`);
  }
}
