// Builds the library into dist/: the worker as one self-contained file, the library with that file
// inlined as text, and the type declarations.
import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { build } from "esbuild";

const root = resolve(import.meta.dirname, "..");
process.chdir(root);
rmSync("dist", { recursive: true, force: true });

const shared = {
  bundle: true,
  format: "esm",
  target: ["chrome111", "firefox115", "safari16.4"],
  legalComments: "inline",
  logLevel: "warning",
};

await build({
  ...shared,
  entryPoints: { worker: "src/worker/entry.ts" },
  outdir: "dist",
  minify: true,
});

/** Resolves `#worker-source` to the text of the worker built above. */
const inlineWorker = {
  name: "inline-worker",
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^#worker-source$/ }, ({ path }) => ({ path, namespace: "worker" }));
    onLoad({ filter: /.*/, namespace: "worker" }, () => ({
      contents: readFileSync("dist/worker.js", "utf8"),
      loader: "text",
    }));
  },
};

await build({
  ...shared,
  entryPoints: { index: "src/index.ts" },
  outdir: "dist",
  plugins: [inlineWorker],
});

execFileSync("npx", ["tsc", "-p", "tsconfig.build.json"], { stdio: "inherit" });
// The compiler leaves the sources' ".ts" in declarations, where Node's resolution wants ".js".
for (const file of readdirSync("dist/types", { recursive: true })) {
  if (!file.endsWith(".d.ts")) continue;
  const path = join("dist/types", file);
  const text = readFileSync(path, "utf8");
  writeFileSync(path, text.replaceAll(/(from |import\()"(\.[^"]*)\.ts"/g, '$1"$2.js"'));
}
writeFileSync("dist/types/worker.d.ts", "export {};\n");
