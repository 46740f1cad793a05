// Builds the library into dist/: each engine's worker as one self-contained file, the library with
// those files inlined as text, or without, the type declarations, and the licences of what is bundled.
import { createHash } from "node:crypto";
import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { build } from "esbuild";
import { plainMembers } from "./plain-members.mjs";
import { compileProject } from "./tsc.mjs";

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

// These scripts run as classic workers and as modules: on an opaque origin no browser starts a module
// worker from a blob.
await build({
  ...shared,
  format: "iife",
  entryPoints: {
    worker: "src/worker/entry.ts",
    "wasmer-worker": "src/wasmer/engine/worker-entry.ts",
  },
  outdir: "dist",
  minify: true,
  ...plainMembers,
});

/** Resolves `#platform/x` to the file `x` of a browser or of Node. */
const choosePlatform = (name) => ({
  name: "choose-platform",
  setup({ onResolve }) {
    const folder = resolve(root, "src/host/platform", name);
    onResolve({ filter: /^#platform\// }, ({ path }) => ({
      path: `${path.replace("#platform", folder)}.ts`,
    }));
  },
});

/** Resolves `#worker-source` and the like to the texts of the workers built before. */
const inlineWorker = {
  name: "inline-worker",
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^#([a-z]+-)?worker-source$/ }, ({ path }) => ({
      path: path.replace(
        /^#(.*)-source$/,
        path.startsWith("#node-") ? "dist/$1.cjs" : "dist/$1.js",
      ),
      namespace: "worker",
    }));
    onLoad({ filter: /.*/, namespace: "worker" }, ({ path }) => ({
      contents: readFileSync(path, "utf8"),
      loader: "text",
    }));
  },
};

/** Resolves `#worker-source` to no text. */
const omitWorker = {
  name: "omit-worker",
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^#worker-source$/ }, ({ path }) => ({ path, namespace: "no-worker" }));
    onLoad({ filter: /.*/, namespace: "no-worker" }, () => ({ contents: "", loader: "text" }));
  },
};

/** Resolves `#frame-script` to the text of the frame's script and its hash. */
const inlineFrameScript = {
  name: "inline-frame-script",
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^#frame-script$/ }, ({ path }) => ({ path, namespace: "frame" }));
    onLoad({ filter: /.*/, namespace: "frame" }, async () => {
      const { outputFiles } = await build({
        ...shared,
        entryPoints: ["src/frame/entry.ts"],
        format: "iife",
        minify: true,
        write: false,
      });
      const frameScript = outputFiles[0].text.trim();
      const hash = createHash("sha256").update(frameScript).digest("base64");
      return {
        contents: JSON.stringify({ frameScript, frameScriptHash: `sha256-${hash}` }),
        loader: "json",
      };
    });
  },
};

await build({
  ...shared,
  entryPoints: {
    index: "src/index.ts",
    schema: "src/schema/index.ts",
    wasmer: "src/wasmer/index.ts",
  },
  outdir: "dist",
  plugins: [choosePlatform("browser"), inlineWorker, inlineFrameScript],
});

await build({
  ...shared,
  entryPoints: { slim: "src/slim.ts" },
  outdir: "dist",
  plugins: [choosePlatform("browser"), omitWorker, inlineFrameScript],
});

const forNode = { ...shared, target: "node20", platform: "node" };

// Not a module: a worker could start one only from a file. Its names must not become the global's, which
// nothing could delete.
await build({
  ...forNode,
  format: "iife",
  entryPoints: { "node-worker": "src/host/platform/node/worker-bootstrap.ts" },
  outdir: "dist",
  outExtension: { ".js": ".cjs" },
  minify: true,
  plugins: [inlineWorker],
});

await build({
  ...forNode,
  entryPoints: { node: "src/index.ts", folders: "src/node.ts" },
  outdir: "dist",
  plugins: [choosePlatform("node"), inlineWorker],
});

compileProject("tsconfig.build.json");
publishDeclarations([
  "dist/types/index.d.ts",
  "dist/types/slim.d.ts",
  "dist/types/schema/index.d.ts",
  "dist/types/node.d.ts",
  "dist/types/wasmer/index.d.ts",
]);
// The worker's scripts export nothing.
for (const file of ["worker.d.ts", "worker.d.cts"]) {
  writeFileSync(`dist/types/${file}`, "export {};\n");
}
writeFileSync("dist/THIRD-PARTY.txt", licences(["@wasmer/wasi", "@wasmer/wasmfs"]));

/**
 * Keeps the declarations that the entries reach, which must be in the package, and replaces ".ts" in
 * their imports by ".js", which Node's resolution requires.
 */
function publishDeclarations(entries) {
  const reached = new Set(entries);
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

/** The licences of bundled packages and of their bundled dependencies. */
function licences(packages) {
  const names = new Set(packages);
  const texts = ["wasmer-worker.js and wasmer.js contain the following packages."];
  for (const name of names) {
    const folder = join("node_modules", name);
    const { version, license, dependencies } = JSON.parse(
      readFileSync(join(folder, "package.json"), "utf8"),
    );
    for (const dependency of Object.keys(dependencies ?? {})) names.add(dependency);
    const file = readdirSync(folder).find((each) => /^licen[cs]e/i.test(each));
    const text = file === undefined ? "" : `\n\n${readFileSync(join(folder, file), "utf8").trim()}`;
    texts.push(`${name} ${version}, ${license}${text}`);
  }
  return `${texts.join("\n\n---\n\n")}\n`;
}
