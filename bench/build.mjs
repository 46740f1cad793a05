// Builds what the bench serves: the library, the scripts of its pages and workers, and guests.
import { execFileSync } from "node:child_process";
import { readdir, readFile, writeFile } from "node:fs/promises";
import { basename, join, resolve } from "node:path";
import { build } from "esbuild";
import wabt from "wabt";

const root = resolve(import.meta.dirname, "..");
const PAGE_SCRIPTS = [
  "page",
  "bare-worker",
  "codec-worker",
  "comlink-worker",
  "file-system-worker",
  "host-call-worker",
  "output-worker",
];

/**
 * @param {string} scripts The directory to build into.
 * @param {object} options
 * @param {boolean} options.isLibraryBuilt Whether to take the library as it is in `dist`.
 */
export async function buildBench(scripts, { isLibraryBuilt }) {
  if (!isLibraryBuilt)
    execFileSync(process.execPath, ["scripts/build.mjs"], { stdio: "inherit", cwd: root });
  const shared = { absWorkingDir: root, outdir: scripts, bundle: true, logLevel: "warning" };
  await build({
    ...shared,
    entryPoints: [
      ...PAGE_SCRIPTS.map((name) => ({ in: `bench/${name}.ts`, out: name })),
      { in: "dist/worker.js", out: "cloche-worker" },
    ],
    format: "esm",
    minify: true,
    target: "es2022",
  });
  const node = { ...shared, format: "esm", platform: "node" };
  await build({ ...node, entryPoints: ["bench/file-system-node.ts"] });
  for (const file of await readdir(join(root, "bench"))) {
    if (file.endsWith(".wat")) await assemble(join(root, "bench", file), scripts);
  }
}

/** Assembles a module, repeating the lines that are marked `;; repeated N times`. */
async function assemble(file, scripts) {
  const written = await readFile(file, "utf8");
  const text = written.replace(/^ *;; repeated (\d+) times\n(.*)$/gm, (_, times, line) =>
    line.repeat(Number(times)),
  );
  const name = basename(file, ".wat");
  const module = (await wabt()).parseWat(name, text, { bulk_memory: true });
  await writeFile(join(scripts, `${name}.wasm`), module.toBinary({}).buffer);
}
