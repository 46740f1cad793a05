// Checks that imports in src/ point down the list of layers (ARCHITECTURE.md), never up or sideways.
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve, sep } from "node:path";
import { parseAst } from "vite";

/** From the bottom up. A file may import from its own layer and from those before it. */
const LAYERS = [
  "errors",
  "limits",
  "codec",
  "abi",
  "rewrite",
  "wasi",
  "protocol",
  "worker",
  "frame",
  "host",
  "wasmer",
  "index",
];

/** Layers of one level: they stand beside each other and do not import each other. */
const SIBLINGS = [
  ["errors", "limits"],
  ["worker", "frame", "host"],
  ["wasmer", "index"],
];

/** Packages each layer may import; everything else stays out of the library. */
const PACKAGES = {
  protocol: ["comlink"],
  worker: ["comlink"],
  host: ["comlink", "fflate"],
  wasmer: ["@wasmer/wasi", "@wasmer/wasmfs"],
};

const root = resolve(import.meta.dirname, "..", "src");

function layerOf(file) {
  return relative(root, file)
    .split(sep)[0]
    .replace(/(\.test|\.d)?\.ts$/, "");
}

function importsOf(file) {
  const { body } = parseAst(readFileSync(file, "utf8"), { lang: "ts" });
  return body.flatMap(({ source }) => source?.value ?? []);
}

function violation(file, specifier) {
  const layer = layerOf(file);
  const isTest = /\.test(-kit)?\.ts$/.test(file);
  if (!specifier.startsWith(".")) {
    const allowed = isTest || specifier.startsWith("#") || PACKAGES[layer]?.includes(specifier);
    return allowed ? undefined : `package "${specifier}", expected none`;
  }
  const target = layerOf(join(dirname(file), specifier));
  if (!LAYERS.includes(target)) return `layer "${target}", expected one of ${LAYERS.join(", ")}`;
  if (target === layer) return undefined;
  if (LAYERS.indexOf(target) > LAYERS.indexOf(layer)) return `"${target}", a layer above it`;
  const besides = SIBLINGS.find((level) => level.includes(layer) && level.includes(target));
  return besides === undefined ? undefined : `"${target}", a layer beside it`;
}

const files = readdirSync(root, { recursive: true })
  .filter((file) => file.endsWith(".ts"))
  .map((file) => join(root, file));
const found = files.flatMap((file) =>
  importsOf(file).flatMap((specifier) => {
    const why = violation(file, specifier);
    return why === undefined ? [] : [`src/${relative(root, file)} imports ${why} ("${specifier}")`];
  }),
);

if (found.length > 0) {
  console.error(found.join("\n"));
  process.exit(1);
}
console.log(`layers: ${files.length} files, imports point down`);
