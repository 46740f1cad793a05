// Builds the fixture and the script of its page, with declarations, into dist/.
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { build } from "esbuild";
import { buildDeclarations } from "../build-package.mjs";

process.chdir(import.meta.dirname);
rmSync("dist", { recursive: true, force: true });

const shared = {
  outdir: "dist",
  bundle: true,
  // Not the paths of the repository.
  tsconfigRaw: {},
  format: "esm",
  logLevel: "warning",
};

await build({
  ...shared,
  entryPoints: { index: "./src/index.ts" },
  external: ["@playwright/test", "cloche"],
  platform: "node",
  target: "node20",
});

await build({
  ...shared,
  entryPoints: { page: "./src/page/entry.ts" },
  // The page has the version that the test has.
  external: ["cloche"],
  target: ["chrome111", "firefox128", "safari16.4"],
});

const licence = new URL("../LICENSE", import.meta.resolve("devalue"));
writeFileSync(
  "dist/THIRD-PARTY.txt",
  `index.js and page.js contain devalue.\n\n${readFileSync(licence, "utf8")}`,
);

buildDeclarations();
