// Builds the library and the bench, runs it in browsers, prints the results and writes them as data and
// as a page with plots.
//
//   npm run bench -- [--only <group>] [--browser chromium|firefox] [--out <folder>] [--timeout <seconds>] [--brief] [--built]
//
// Default: all groups, in every browser that is installed, one after the other, into build/bench/results.
// With --brief every group runs once, in all browsers at the same time, only to check that it works and
// that every goal has its rows: the numbers mean nothing. With --built it takes the library as it is in dist.
import { execFileSync } from "node:child_process";
import { mkdir, writeFile } from "node:fs/promises";
import { arch, availableParallelism, cpus, release, totalmem, type } from "node:os";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { findBrowser } from "../scripts/browsers.mjs";
import { buildBench } from "./build.mjs";
import { checkGoals, describeGoals, readGoals } from "./goals.mjs";
import { plotPage } from "./plots.mjs";
import { describeTables } from "./report.mjs";
import { rowOf } from "./results.mjs";
import { runInBrowser } from "./run-in-browser.mjs";

const BROWSERS = ["chromium", "firefox"];

const { values: options } = parseArgs({
  options: {
    only: { type: "string" },
    browser: { type: "string" },
    out: { type: "string" },
    timeout: { type: "string", default: "1800" },
    brief: { type: "boolean", default: false },
    built: { type: "boolean", default: false },
  },
});
const { only, brief: isBrief } = options;

const root = resolve(import.meta.dirname, "..");
const scripts = join(root, "build/bench");
await buildBench(scripts, { isLibraryBuilt: options.built });

const browsers =
  options.browser === undefined
    ? BROWSERS.filter((name) => findBrowser(name) !== undefined)
    : [options.browser];
if (browsers.length === 0) throw new Error("Cannot run the bench: there is no browser");
const settings = { scripts, only, isBrief, seconds: Number(options.timeout) };
const startedAt = new Date().toISOString();
const runs = isBrief
  ? await Promise.all(browsers.map((name) => runInBrowser(name, settings)))
  : await inTurns(browsers, (name) => runInBrowser(name, settings));
addFileSystemInNode();
const results = { startedAt, machine: machine(), isBrief, runs };
const goals = await readGoals();
const findings = checkGoals(goals, runs);
const measured = findings.filter(({ state }) => state !== "not measured");
await write(options.out ?? join(scripts, isBrief ? "brief" : "results"));
if (isBrief) reportBriefly();
else {
  for (const { browser, tables } of runs) console.log(`${browser}\n\n${describeTables(tables)}\n`);
  console.log(describeGoals(measured));
}

async function inTurns(items, work) {
  const done = [];
  for (const item of items) done.push(await work(item));
  return done;
}

function machine() {
  const [{ model } = { model: "unknown" }] = cpus();
  const gibibytes = Math.round(totalmem() / 2 ** 30);
  return {
    ...{ processor: model.trim(), cores: availableParallelism(), gibibytes },
    ...{ system: `${type()} ${release()}`, architecture: arch(), node: process.version },
  };
}

async function write(folder) {
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, "results.json"), `${JSON.stringify(results, undefined, 1)}\n`);
  await writeFile(join(folder, "results.html"), await plotPage(results, measured));
  if (!isBrief) console.log(`Written to ${join(folder, "results.json")} and results.html\n`);
}

/** Prints which groups produced numbers, and fails if one did not, or a goal has no rows. */
function reportBriefly() {
  const isMeasured = ({ samples }) =>
    samples.length > 0 && samples.every((sample) => Number.isFinite(sample) && sample >= 0);
  const outcomes = runs.flatMap(({ browser, tables: all }) =>
    [...new Set(all.map(({ group }) => group))].map((group) => {
      const tables = all.filter((table) => table.group === group);
      const isComplete = tables.every(({ rows }) => rows.length > 0 && rows.every(isMeasured));
      console.log(`${browser}, ${group}: ${isComplete ? `${tables.length} tables` : "no numbers"}`);
      return isComplete;
    }),
  );
  if (only === undefined) {
    const missing = findings.filter(({ state, goal }) => state === "not measured" && !goal.until);
    for (const { browser, goal } of missing) console.log(`${browser}, no rows for: ${goal.what}`);
    outcomes.push(missing.length === 0);
  }
  const failed = outcomes.filter((isGood) => !isGood).length;
  console.log(`${outcomes.length - failed} passed; ${failed} failed`);
  if (failed > 0) process.exitCode = 1;
}

/** Adds the table of the cost of files in Node, with the rows of the browsers for the same workload. */
function addFileSystemInNode() {
  const withFiles = runs.filter(({ tables }) =>
    tables.some(({ group }) => group === "file-system"),
  );
  if (withFiles.length === 0) return;
  const script = join(scripts, "file-system-node.js");
  const args = ["--no-warnings", script, scripts, ...(isBrief ? ["--brief"] : [])];
  const table = JSON.parse(execFileSync(process.execPath, args).toString());
  for (const { browser, tables } of withFiles) {
    const inBrowser = tables.find(({ title }) => title === table.title);
    const { samples } = rowOf(inBrowser, inBrowser.baseline);
    const name = `Cloche in ${browser}`;
    const headlines = { [name]: "64 MiB written and read: Cloche to node:wasi on a disk" };
    const rows = [...table.rows, { name, samples }];
    tables.push({ ...table, group: "file-system in Node", page: "isolated", headlines, rows });
  }
}
