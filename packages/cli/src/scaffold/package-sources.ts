/** Where the packages of a new project come from: npm, or a clone of Cloche's repository. */

import { existsSync, readFileSync } from "node:fs";
import { join, relative, resolve, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { usageFailure } from "../failure.ts";

/** The packages that are not Cloche's, and their versions. */
const VERSIONS: Readonly<Record<string, string>> = {
  assemblyscript: "0.28.20",
  vite: "^8.3.8",
};

/** The folders of Cloche's packages in its repository. */
const FOLDERS: Readonly<Record<string, string>> = {
  cloche: ".",
  "@cloche/cli": "packages/cli",
  "@cloche/assemblyscript": "guest/assemblyscript",
  "@cloche/javascript": "guest/javascript",
};

/** The folder of this package: that of its `dist`. */
export const PACKAGE_FOLDER = resolve(fileURLToPath(import.meta.url), "../..");

/**
 * The clone to take packages from.
 *
 * @param given The option or variable of the user. Without one, a clone that this program runs from.
 * @returns `undefined` for npm.
 * @throws {Failure} when it is no clone.
 */
export function findClone(given: string | undefined): string | undefined {
  if (given === undefined) {
    const own = resolve(PACKAGE_FOLDER, "../..");
    return isClone(own) ? own : undefined;
  }
  if (isClone(resolve(given))) return resolve(given);
  throw usageFailure(`"${given}" is no clone of Cloche's repository`);
}

function isClone(folder: string): boolean {
  return existsSync(join(folder, "guest/rust/plugin/Cargo.toml"));
}

/** What package.json has for a package: a version, or `file:` and the place in the clone. */
export function packageSource(name: string, project: string, clone: string | undefined): string {
  const known = VERSIONS[name];
  if (known !== undefined) return known;
  if (clone === undefined) return `^${ownVersion()}`;
  return `file:${slashed(relative(project, join(clone, FOLDERS[name] ?? "")))}`;
}

/** What Cargo.toml has for the crate `plugin`. */
export function crateSource(project: string, clone: string | undefined): string {
  if (clone === undefined) return JSON.stringify(ownVersion());
  const path = slashed(relative(project, join(clone, "guest/rust/plugin")));
  return `{ path = ${JSON.stringify(path)} }`;
}

function ownVersion(): string {
  const text = readFileSync(join(PACKAGE_FOLDER, "package.json"), "utf8");
  return (JSON.parse(text) as { readonly version: string }).version;
}

function slashed(path: string): string {
  return path.split(sep).join("/");
}
