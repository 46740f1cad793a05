// Checks that imports in src/ point down the list of layers (ARCHITECTURE.md), never up or sideways.
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve, sep } from "node:path";
import { parseAst } from "vite";

/** From the bottom up. A file may import from its own layer and from those before it. */
const LAYERS = [
  "errors",
  "limits",
  "wording",
  "brands",
  "codec",
  "abi",
  "stack",
  "schema",
  "rewrite",
  "files",
  "wasi",
  "protocol",
  "worker",
  "frame",
  "host",
  "wasmer",
  "index",
  "slim",
  "node",
];

/** Layers of the same level, which do not import each other. */
const SIBLINGS = [
  ["errors", "limits"],
  ["worker", "frame", "host"],
  ["wasmer", "index", "node"],
  ["wasmer", "slim", "node"],
];

/**
 * Layers that have inner layers, from the bottom up. "." stands for all other files in the layer's own
 * folder.
 */
const INNER_LAYERS = {
  files: [".", "changes", "file-system"],
  host: ["time", "platform", "events", "recording", "grants", "instance", "calls", "files", "."],
};

/** Inner layers of the same level. */
const INNER_SIBLINGS = { host: [["calls", "files"]] };

/** The packages that each layer may import. */
const PACKAGES = {
  protocol: ["comlink"],
  worker: ["comlink"],
  host: ["comlink", "fflate"],
  wasmer: ["@wasmer/wasi", "@wasmer/wasmfs"],
};

const root = resolve(import.meta.dirname, "..", "src");

/** The only folder that may import from Node. */
const NODE_PLATFORM = join(root, "host/platform/node/");

/** The path of a file below `src`, as a list of names. */
function placeOf(file) {
  return relative(root, file)
    .replace(/(\.test|\.test-kit|\.d)?\.ts$/, "")
    .split(sep);
}

function innerLayerOf([layer, inner]) {
  return INNER_LAYERS[layer].includes(inner) ? inner : ".";
}

function importsOf(file) {
  const { body } = parseAst(readFileSync(file, "utf8"), { lang: "ts" });
  return body.flatMap(({ source }) => source?.value ?? []);
}

/** The reason why a layer may not import another, or `undefined`. */
function upwards(from, to, layers, siblings = []) {
  if (from === to) return undefined;
  if (layers.indexOf(to) > layers.indexOf(from)) return `"${to}", a layer above "${from}"`;
  const isBeside = siblings.some((level) => level.includes(from) && level.includes(to));
  return isBeside ? `"${to}", a layer beside "${from}"` : undefined;
}

function violation(file, specifier) {
  const [layer, ...rest] = placeOf(file);
  const isTest = /\.test(-kit)?\.ts$/.test(file);
  if (!specifier.startsWith(".")) {
    const isBuilt = specifier.startsWith("#");
    const isOfNode = file.startsWith(NODE_PLATFORM) && specifier.startsWith("node:");
    const allowed = isTest || isBuilt || isOfNode || PACKAGES[layer]?.includes(specifier);
    return allowed ? undefined : `package "${specifier}"`;
  }
  // What a test runs on may need the layers above: a file system is best asked by a guest.
  if (isTest && specifier.endsWith(".test-kit.ts")) return undefined;
  const target = placeOf(join(dirname(file), specifier));
  if (!LAYERS.includes(target[0])) return `"${target[0]}", no layer of ${LAYERS.join(", ")}`;
  if (target[0] !== layer) return upwards(layer, target[0], LAYERS, SIBLINGS);
  if (isTest || INNER_LAYERS[layer] === undefined) return undefined;
  const [from, to] = [innerLayerOf([layer, ...rest]), innerLayerOf(target)];
  return upwards(from, to, INNER_LAYERS[layer], INNER_SIBLINGS[layer]);
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
