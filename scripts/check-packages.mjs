// Packs every package and checks what would be published: its shape (publint), its types as TypeScript
// resolves them (arethetypeswrong), and that the packages fit each other.
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { checkPackage, createPackageFromTarballData } from "@arethetypeswrong/core";
import { publint } from "publint";
import { formatMessage } from "publint/utils";
import { listPackages, packPackages } from "./pack.mjs";

/** Entries without TypeScript's types, by package. */
const UNTYPED = {
  // Its types are AssemblyScript, whose imports have no extension.
  "@cloche/assemblyscript": ["."],
  "@cloche/javascript": ["./template.wasm"],
};

/** Resolutions of `require`, and of compilers without `exports`: the packages are ES modules. */
const IGNORED_RESOLUTIONS = ["node10", "node16-cjs"];

const packages = listPackages();
const manifests = new Map(packages.map(({ manifest }) => [manifest.name, manifest]));
const folder = mkdtempSync(join(tmpdir(), "cloche-check-"));
const found = [];
try {
  for (const { name, tarball, files } of packPackages(folder)) {
    const manifest = manifests.get(name);
    const bytes = readFileSync(tarball);
    const problems = [
      ...(await shapeProblems(manifest, bytes)),
      ...(await typeProblems(name, bytes)),
      ...fileProblems(files),
      ...manifestProblems(manifest),
      ...aliasProblems(manifest),
    ];
    found.push(...problems.map((problem) => `${name}: ${problem}`));
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
for (const problem of found) console.error(problem);
console.log(`packages: ${manifests.size} packed, ${found.length} problems`);
process.exitCode = found.length === 0 ? 0 : 1;

async function shapeProblems(manifest, { buffer, byteOffset, byteLength }) {
  const tarball = buffer.slice(byteOffset, byteOffset + byteLength);
  const { messages } = await publint({ pack: { tarball }, strict: true });
  return messages.map((message) => formatMessage(message, manifest, { color: false }));
}

async function typeProblems(name, bytes) {
  const untyped = UNTYPED[name] ?? [];
  const { problems = [] } = await checkPackage(createPackageFromTarballData(bytes), {
    excludeEntrypoints: untyped,
  });
  return problems
    .filter(({ resolutionKind, resolutionOption }) => {
      const isNode16 = resolutionOption === "node16" && resolutionKind === undefined;
      return !IGNORED_RESOLUTIONS.includes(resolutionKind) && !isNode16;
    })
    .map(({ kind, entrypoint = "", resolutionKind = "" }) =>
      ["types", entrypoint, resolutionKind, kind].filter(Boolean).join(" "),
    );
}

function fileProblems(files) {
  const needed = ["package.json", "README.md", "LICENSE"];
  return needed.filter((file) => !files.includes(file)).map((file) => `lacks ${file}`);
}

/** What npm needs to publish it, and whether it takes the other packages in the versions they have. */
function manifestProblems({ version, publishConfig, repository, engines, ...manifest }) {
  const problems = [];
  const { version: ours, engines: needs } = manifests.get("cloche");
  if (version !== ours) problems.push(`has version ${version}, and cloche ${ours}`);
  if (publishConfig?.access !== "public" || publishConfig.provenance !== true)
    problems.push('lacks "publishConfig": { "access": "public", "provenance": true }');
  if (repository?.url === undefined) problems.push("lacks the repository that provenance names");
  if (engines?.node !== needs.node) problems.push(`has engines ${engines?.node}`);
  for (const kind of ["dependencies", "peerDependencies"]) {
    for (const [name, range] of Object.entries(manifest[kind] ?? {})) {
      const other = manifests.get(name);
      if (other !== undefined && range !== other.version)
        problems.push(`takes ${name} ${range}, which has version ${other.version}`);
    }
  }
  return problems;
}

/** Whether Parcel and older tools, which read `alias` in place of `exports`, find the same. */
function aliasProblems({ exports, alias }) {
  if (alias === undefined) return [];
  const ofPages = Object.entries(exports).filter(
    ([path, entry]) => ![".", "./node"].includes(path) && entry.default !== undefined,
  );
  const wanted = Object.fromEntries(ofPages.map(([path, entry]) => [path, entry.default]));
  return isDeepStrictEqual(alias, wanted) ? [] : ["has another alias than its exports say"];
}
