// Builds the library into dist/: the worker as one self-contained file, the library with that file
// inlined as text, and the type declarations.
import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { build } from "esbuild";

const root = resolve(import.meta.dirname, "..");
process.chdir(root);
rmSync("dist", { recursive: true, force: true });

const shared = {
  bundle: true,
  format: "esm",
  target: ["chrome111", "firefox128", "safari16.4"],
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
publishDeclarations("dist/types/index.d.ts");
writeFileSync("dist/types/worker.d.ts", "export {};\n");

/**
 * Keeps the declarations that the entry reaches, which must not lead out of the package, and writes
 * ".js" where the compiler leaves the sources' ".ts": Node's resolution wants it.
 */
function publishDeclarations(entry) {
  const reached = new Set([entry]);
  for (const path of reached) {
    const text = readFileSync(path, "utf8").replaceAll(
      /((?:from |import\()")([^"]+)"/g,
      (_match, before, specifier) => {
        if (!specifier.startsWith(".")) throw new Error(`${path} imports "${specifier}"`);
        reached.add(join(dirname(path), specifier.replace(/\.ts$/, ".d.ts")));
        return `${before}${specifier.replace(/\.ts$/, ".js")}"`;
      },
    );
    writeFileSync(path, text);
  }
  for (const file of readdirSync("dist/types", { recursive: true })) {
    const path = join("dist/types", file);
    if (file.endsWith(".d.ts") && !reached.has(path)) rmSync(path);
  }
}
