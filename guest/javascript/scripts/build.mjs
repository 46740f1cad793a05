// Builds the package into dist/: the template that plugins are linked from, the tools and their types.
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { build } from "esbuild";
import wabt from "wabt";
import { compileProject } from "../../../scripts/tsc.mjs";

const root = resolve(import.meta.dirname, "..");
const dist = join(root, "dist");
rmSync(dist, { recursive: true, force: true });
mkdirSync(dist);

const shared = { absWorkingDir: root, bundle: true, format: "esm", logLevel: "warning" };
const tools = { ...shared, packages: "external", target: "es2023", outdir: dist };

async function textOf(entry, options) {
  const { outputFiles } = await build({
    ...shared,
    entryPoints: [entry],
    write: false,
    ...options,
  });
  return outputFiles[0].text;
}

/** The runtime as a function of what the shim lends it. */
const runtime = await textOf("src/runtime/index.ts", {
  format: "iife",
  globalName: "runtime",
  target: "es2023",
  minify: true,
  banner: { js: "(natives) => {" },
  footer: { js: "return runtime.dispatch; }" },
});

const toolkit = await wabt();
const text = toolkit.parseWat("shim.wat", readFileSync(join(root, "shim/shim.wat"), "utf8"));
const shim = text.toBinary({}).buffer;
text.destroy();

const maker = join(dist, "template.mjs");
await build({ ...shared, entryPoints: ["src/wasm/template.ts"], outfile: maker, platform: "node" });
const { makeTemplate } = await import(pathToFileURL(maker).href);
rmSync(maker);
const engine = readFileSync(new URL(import.meta.resolve("quickjs-wasi/quickjs.wasm")));
writeFileSync(join(dist, "template.wasm"), await makeTemplate(engine, shim, runtime));
const licence = readFileSync(
  new URL("LICENSE", import.meta.resolve("quickjs-wasi/package.json")),
  "utf8",
);
writeFileSync(
  join(dist, "THIRD-PARTY.txt"),
  "template.wasm, and so every plugin, contains QuickJS-ng as quickjs-wasi builds it. QuickJS-ng is by\n" +
    "Fabrice Bellard, Charlie Gordon and contributors, under the MIT licence too\n" +
    `(https://github.com/quickjs-ng/quickjs). quickjs-wasi:\n\n${licence}`,
);

await build({ ...tools, entryPoints: ["src/plugin.ts", "src/compile.ts"], splitting: true });
await build({ ...tools, entryPoints: ["src/build.ts"], platform: "node" });
compileProject(join(root, "tsconfig.build.json"));
publishDeclarations(
  ["plugin", "build", "compile"].map((name) => join(dist, "types", `${name}.d.ts`)),
);

/** Keeps the declarations that the entries reach, with imports that Node resolves. */
function publishDeclarations(entries) {
  const reached = new Set(entries);
  for (const path of reached) {
    const declarations = readFileSync(path, "utf8").replaceAll(
      /(from "\.[^"]+)\.ts"/g,
      (_match, before) => {
        reached.add(join(dirname(path), `${before.slice('from "'.length)}.d.ts`));
        return `${before}.js"`;
      },
    );
    writeFileSync(path, declarations);
  }
  for (const file of readdirSync(join(dist, "types"), { recursive: true })) {
    const path = join(dist, "types", file);
    if (file.endsWith(".d.ts") && !reached.has(path)) rmSync(path);
  }
}
