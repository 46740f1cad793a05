// Builds the library and the bench, runs it in a browser and prints the results.
//
//   npm run bench -- [--only <group>] [--browser chromium|firefox] [--json <file>] [--timeout <seconds>] [--brief]
//
// With --brief every group runs once, only to check that it works: the numbers mean nothing.
import { execFileSync } from "node:child_process";
import { readFile, writeFile } from "node:fs/promises";
import { availableParallelism } from "node:os";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { build } from "esbuild";
import wabt from "wabt";
import { openBrowser } from "./browser.mjs";
import { describeTables } from "./report.mjs";
import { serveBench } from "./server.mjs";
import { untilWorkersIdle } from "./worker-threads.mjs";

const { values: options } = parseArgs({
  options: {
    only: { type: "string" },
    browser: { type: "string", default: "chromium" },
    json: { type: "string" },
    timeout: { type: "string", default: "600" },
    brief: { type: "boolean", default: false },
  },
});

const root = resolve(import.meta.dirname, "..");
const scripts = join(root, "build/bench");
process.chdir(root);
execFileSync(process.execPath, ["scripts/build.mjs"], { stdio: "inherit" });
const shared = { outdir: scripts, bundle: true, format: "esm", logLevel: "warning" };
const pageScripts = ["page", "bare-worker", "codec-worker", "comlink-worker", "file-system-worker"];
await build({
  ...shared,
  entryPoints: [
    ...pageScripts.map((name) => ({ in: `bench/${name}.ts`, out: name })),
    { in: "dist/worker.js", out: "cloche-worker" },
  ],
  minify: true,
  target: "es2022",
});
await build({ ...shared, entryPoints: ["bench/file-system-node.ts"], platform: "node" });
await assemble("endless");

const groups = await runInBrowser();
if (groups.has("file-system")) {
  groups.set("file-system in Node", [fileSystemInNode(groups.get("file-system"))]);
}
const tables = [...groups.values()].flat();
if (options.brief) reportBriefly();
else console.log(describeTables(tables));
if (options.json !== undefined) {
  const { browser } = options;
  const environment = { browser, cores: availableParallelism(), platform: process.platform };
  await writeFile(options.json, `${JSON.stringify({ environment, tables }, undefined, 2)}\n`);
}

/** Prints which groups produced numbers, and fails if one did not. */
function reportBriefly() {
  const isMeasured = ({ samples }) =>
    samples.length > 0 && samples.every((sample) => Number.isFinite(sample) && sample >= 0);
  let failed = 0;
  for (const [group, tables] of groups) {
    const isComplete =
      tables.length > 0 &&
      tables.every(({ rows }) => rows.length > 0 && rows.every((row) => isMeasured(row)));
    console.log(`${group}: ${isComplete ? `${tables.length} tables` : "no numbers"}`);
    if (!isComplete) failed += 1;
  }
  console.log(`${groups.size - failed} passed; ${failed} failed`);
  if (failed > 0) process.exitCode = 1;
}

/** Assembles a module from the text beside this file, repeating lines marked `;; repeated N times`. */
async function assemble(name) {
  const written = await readFile(`bench/${name}.wat`, "utf8");
  const text = written.replace(/^ *;; repeated (\d+) times\n(.*)$/gm, (_, times, line) =>
    line.repeat(Number(times)),
  );
  const module = (await wabt()).parseWat(name, text, { bulk_memory: true });
  await writeFile(join(scripts, `${name}.wasm`), module.toBinary({}).buffer);
}

/**
 * Runs the bench page until it finishes, fails or times out.
 *
 * @returns The tables of each group.
 */
async function runInBrowser() {
  const groups = new Map();
  const ending = withResolvers();
  let browser;
  const server = await serveBench({
    scripts,
    plugins: ["public/plugins", "public/plugins/fixtures"].map((folder) => join(root, folder)),
    untilWorkersIdle: () => untilWorkersIdle(browser.pid),
    onReport: (what, body) => {
      if (what === "tables") groups.set(body.group, body.tables);
      else if (what === "done") ending.resolve();
      else ending.reject(new Error(body.message));
    },
  });
  const stop = () => ending.reject(new Error("Cannot finish the bench: interrupted"));
  for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, stop);
  const seconds = Number(options.timeout);
  const timer = setTimeout(() => {
    ending.reject(new Error(`Cannot finish the bench: still running after ${seconds} s`));
  }, seconds * 1000);
  const search = new URLSearchParams({
    ...(options.only !== undefined && { only: options.only }),
    ...(options.brief && { brief: "" }),
  });
  try {
    browser = await openBrowser(options.browser, `${server.address}?${search}`);
    void browser.exited.then((said) => {
      ending.reject(new Error(`Cannot finish the bench: the browser ended\n${said}`));
    });
    await ending.promise;
  } finally {
    clearTimeout(timer);
    await browser?.close();
    server.close();
  }
  return groups;
}

/** The table of the cost of files in Node, with the browser's row for the same workload. */
function fileSystemInNode(tables) {
  const script = join(scripts, "file-system-node.js");
  const args = ["--no-warnings", script, scripts, ...(options.brief ? ["--brief"] : [])];
  const output = execFileSync(process.execPath, args);
  const table = JSON.parse(output.toString());
  const inBrowser = tables.find(({ title }) => title === table.title);
  const { samples } = inBrowser.rows.find(({ name }) => name === inBrowser.baseline);
  const name = `Cloche in ${options.browser}`;
  const headlines = { [name]: "64 MiB written and read: Cloche to node:wasi on a disk" };
  return { ...table, headlines, rows: [...table.rows, { name, samples }] };
}

function withResolvers() {
  const ending = {};
  ending.promise = new Promise((resolve, reject) => Object.assign(ending, { resolve, reject }));
  return ending;
}
