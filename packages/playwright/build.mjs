// Builds the fixture and the script of its page, with declarations, into dist/.
import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { build } from "esbuild";

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

execFileSync("npx", ["tsc", "-p", "tsconfig.build.json"], { stdio: "inherit" });
for (const file of readdirSync("dist/types", { recursive: true })) {
  if (!file.endsWith(".d.ts")) continue;
  const path = join("dist/types", file);
  // Node's resolution finds declarations by the name of the script.
  const text = readFileSync(path, "utf8").replaceAll(/(["']\.{1,2}\/[^"']+)\.ts(["'])/g, "$1.js$2");
  writeFileSync(path, text);
}
