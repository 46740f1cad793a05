/** Builds AssemblyScript with `asc` and the SDK's transform. */

import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { Failure } from "../failure.ts";
import { resolveFrom } from "./packages.ts";
import { runProgram } from "./programs.ts";
import type { Project } from "./project.ts";

export async function buildAssemblyScript(
  { folder, entry }: Project,
  isRelease: boolean,
): Promise<Uint8Array<ArrayBuffer>> {
  const compiler = resolveFrom(folder, "assemblyscript/bin/asc.js");
  const transform = resolveFrom(folder, "@cloche/assemblyscript");
  const out = mkdtempSync(join(tmpdir(), "cloche-build-"));
  try {
    const file = join(out, "plugin.wasm");
    const args = [relative(folder, entry), "--transform", transform, "--outFile", file];
    const options = isRelease ? ["-O3"] : ["--debug"];
    const { exitCode, stdout } = await runProgram(
      process.execPath,
      [compiler, ...args, ...options],
      { cwd: folder },
    );
    process.stderr.write(stdout);
    if (exitCode !== 0) throw new Failure("Cannot build: asc failed, see above");
    return new Uint8Array(readFileSync(file));
  } finally {
    rmSync(out, { recursive: true, force: true });
  }
}
