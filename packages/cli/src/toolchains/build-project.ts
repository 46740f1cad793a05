/** Builds a project into a module, with its declarations beside it. */

import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { declarePlugin, findSchema } from "cloche/schema";
import { interfaceName } from "../module/interface-name.ts";
import { buildAssemblyScript } from "./assemblyscript.ts";
import { buildC } from "./c.ts";
import { buildJavaScript } from "./javascript.ts";
import type { Project, Toolchain } from "./project.ts";
import { buildRust } from "./rust.ts";

const BUILDERS: Readonly<
  Record<Toolchain, (project: Project, isRelease: boolean) => Promise<Uint8Array<ArrayBuffer>>>
> = {
  rust: buildRust,
  c: buildC,
  assemblyscript: buildAssemblyScript,
  javascript: buildJavaScript,
};

/** How to build. */
export interface BuildOptions {
  /** Optimized, without debug information. */
  readonly isRelease: boolean;
  /** The module to write. Default: `build/<name>.wasm` in the project's folder. */
  readonly out: string | undefined;
}

/**
 * Builds, and writes the module and its declarations.
 *
 * @returns A line for a person about what was built.
 * @throws {Failure} when it cannot be built; its diagnostics were printed.
 */
export async function buildProject(
  project: Project,
  { isRelease, out }: BuildOptions,
): Promise<string> {
  const startMs = performance.now();
  const bytes = await BUILDERS[project.toolchain](project, isRelease);
  const file = resolve(out ?? join(project.folder, "build", `${project.name}.wasm`));
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, bytes);
  const schema = findSchema(bytes);
  if (schema !== undefined) {
    const declarations = declarePlugin(schema, { name: interfaceName(project.name) });
    writeFileSync(`${file.replace(/\.wasm$/, "")}.d.ts`, declarations);
  }
  const seconds = ((performance.now() - startMs) / 1000).toFixed(1);
  return `${relative(process.cwd(), file)}: ${Math.ceil(bytes.length / 1024)} KiB in ${seconds} s`;
}
