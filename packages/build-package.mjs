// Builds a package into its dist/, with declarations.
import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { buildSync } from "esbuild";
import { compileProject } from "../scripts/tsc.mjs";

/**
 * @param {string} folder The folder of the package.
 * @param {Record<string, string>} entryPoints The source of each entry, by the name of its script.
 */
export function buildPackage(folder, entryPoints = { index: "./src/index.ts" }) {
  process.chdir(folder);
  rmSync("dist", { recursive: true, force: true });
  buildSync({
    entryPoints,
    outdir: "dist",
    bundle: true,
    packages: "external",
    // Not the paths of the repository.
    tsconfigRaw: {},
    format: "esm",
    target: "es2022",
    logLevel: "warning",
  });
  buildDeclarations();
}

/** Writes the declarations of the package in the current folder into dist/types. */
export function buildDeclarations() {
  compileProject("tsconfig.build.json");
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
