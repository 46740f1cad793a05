/** The SDKs of the languages, which a project installs for what it uses. */

import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

/** Imports a module of an SDK that the project has. @throws {TypeError} when it is not installed */
export async function importSdk<Module>(root: string, specifier: string): Promise<Module> {
  let path: string;
  try {
    path = createRequire(join(root, "package.json")).resolve(specifier);
  } catch (cause) {
    const name = specifier.split("/").slice(0, 2).join("/");
    const how = `npm install --save-dev ${name}`;
    throw new TypeError(`${name} is not installed (run ${how})`, { cause });
  }
  return (await import(pathToFileURL(path).href)) as Module;
}
