// Bundles the sources of the CLI into dist/cli.js, without its dependencies, and the script of pages that
// are examined into dist/page-doctor.js; copies what templates share.
import { copyFileSync } from "node:fs";
import { resolve } from "node:path";
import { build } from "esbuild";

await build({
  absWorkingDir: import.meta.dirname,
  entryPoints: ["src/cli.ts"],
  outdir: "dist",
  bundle: true,
  packages: "external",
  format: "esm",
  platform: "node",
  target: "node20",
  logLevel: "warning",
});

await build({
  absWorkingDir: import.meta.dirname,
  entryPoints: { "page-doctor": "src/page/doctor.ts" },
  outdir: "dist",
  bundle: true,
  minify: true,
  // Not the paths of the repository.
  tsconfigRaw: {},
  format: "iife",
  globalName: "pageDoctor",
  platform: "browser",
  target: ["chrome111", "firefox128", "safari16.4"],
  logLevel: "warning",
});

copyFileSync(
  resolve(import.meta.dirname, "../../guest/c/plugin.h"),
  resolve(import.meta.dirname, "dist/plugin.h"),
);
