/** The library as npm packs and unpacks it, once for the projects of all files. */

import { execFileSync } from "node:child_process";
import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { packPackages } from "../../scripts/pack.mjs";
import { ROOT } from "../examples/examples.ts";

/** Where it is. */
export const PACKED: string = join(ROOT, "build/packed");

/** Packs it. The build of the harness does, see e2e/harness/vite.config.ts. */
export function packLibrary(): void {
  rmSync(PACKED, { recursive: true, force: true });
  mkdirSync(PACKED, { recursive: true });
  for (const { tarball } of packPackages(PACKED, ["cloche"])) {
    execFileSync("tar", ["-xzf", tarball, "-C", PACKED, "--strip-components=1"]);
    rmSync(tarball);
  }
}
