// Builds a package that has one entry, src/index.ts, into its dist/, with declarations.
import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { buildSync } from "esbuild";

/** @param {string} folder The folder of the package. */
export function buildPackage(folder) {
  process.chdir(folder);
  rmSync("dist", { recursive: true, force: true });
  buildSync({
    entryPoints: ["./src/index.ts"],
    outdir: "dist",
    bundle: true,
    packages: "external",
    // Not the paths of the repository.
    tsconfigRaw: {},
    format: "esm",
    target: "es2022",
    logLevel: "warning",
  });
  execFileSync("npx", ["tsc", "-p", "tsconfig.build.json"], { stdio: "inherit" });
  for (const file of readdirSync("dist/types", { recursive: true })) {
    if (!file.endsWith(".d.ts")) continue;
    const path = join("dist/types", file);
    // Node's resolution finds declarations by the name of the script.
    const text = readFileSync(path, "utf8").replaceAll(
      /(["']\.{1,2}\/[^"']+)\.ts(["'])/g,
      "$1.js$2",
    );
    writeFileSync(path, text);
  }
}
