// Builds the transform and the compiler's API, with the AssemblyScript sources of the SDK in them.
//
//   node build.mjs            into dist/, with type declarations
//   node build.mjs <folder>   the scripts alone, into another folder
import { readdirSync, rmSync } from "node:fs";
import { join, resolve } from "node:path";
import { build } from "esbuild";
import { compileProject } from "../../scripts/tsc.mjs";
import { librarySources, NAME } from "./library-sources.mjs";

const [folder] = process.argv.slice(2);
const outdir = resolve(folder ?? join(import.meta.dirname, "dist"));
process.chdir(import.meta.dirname);
rmSync(outdir, { recursive: true, force: true });

await build({
  absWorkingDir: import.meta.dirname,
  entryPoints: ["src/index.ts", "src/compile.ts"],
  outdir,
  bundle: true,
  splitting: true,
  format: "esm",
  target: "es2022",
  external: ["assemblyscript"],
  logLevel: "warning",
  plugins: [
    {
      name: "library-sources",
      setup(bundler) {
        bundler.onResolve({ filter: new RegExp(`^${NAME}$`) }, ({ path }) => ({
          path,
          namespace: NAME,
        }));
        bundler.onLoad({ filter: /.*/, namespace: NAME }, () => ({
          contents: librarySources(),
          loader: "json",
        }));
      },
    },
  ],
});

if (folder === undefined) {
  compileProject("tsconfig.build.json");
  for (const file of readdirSync("dist/types")) {
    if (file !== "compile.d.ts") rmSync(join("dist/types", file));
  }
}
