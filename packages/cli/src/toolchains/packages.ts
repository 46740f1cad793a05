/** Packages of a project, which this program does not depend on. */

import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { EXIT_CODES, Failure } from "../failure.ts";

/** The path of a module of a package, as the project resolves it. @throws {Failure} when it is not installed. */
export function resolveFrom(folder: string, specifier: string): string {
  try {
    return createRequire(join(folder, "package.json")).resolve(specifier);
  } catch (error) {
    const name = /^(?:@[^/]+\/)?[^/]+/.exec(specifier)?.[0];
    throw new Failure(
      `Cannot build: ${name} is not installed; run npm install`,
      EXIT_CODES.missing,
      error,
    );
  }
}

/** Imports a module of a package. */
export function importFrom<Module>(folder: string, specifier: string): Promise<Module> {
  return import(pathToFileURL(resolveFrom(folder, specifier)).href) as Promise<Module>;
}
