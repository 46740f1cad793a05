// Bundles the sources of the CLI into dist/cli.js. Its dependencies stay outside.
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
