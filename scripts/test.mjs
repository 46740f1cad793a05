// The whole test: static checks, unit tests, and e2e in real browsers as far as it may run beside
// others; beside them the programs, a brief run of the bench, the tests of the CLI, the guests and the
// rewriter's fuzzing; then the rest of e2e. Ends with a table of where the time went and the number of tests over all runners.
import { spawn } from "node:child_process";
import { mkdirSync, rmSync } from "node:fs";
import { resolve } from "node:path";
import { PARTS } from "./e2e.mjs";
import { readBrowserTests, readUnitTests } from "./test-reports.mjs";

process.chdir(resolve(import.meta.dirname, ".."));
rmSync("build", { recursive: true, force: true });
mkdirSync("build");

/** The exit code of a script that needs a toolchain which is missing. */
const NO_TOOLCHAIN = 3;

const isCi = process.env.CI !== undefined;
const startMs = performance.now();
const total = { passed: 0, failed: 0, skipped: 0 };
const stages = [];
let isGreen = true;

/** Runs a command. One that runs beside another prints its output when it ends. */
async function run(title, command, args, { isBeside = false } = {}) {
  const stage = { title, fromMs: performance.now() - startMs };
  if (!isBeside) console.log(`\n== ${title}`);
  const output = isBeside ? "pipe" : "inherit";
  const child = spawn(command, args, { stdio: ["ignore", output, output] });
  const chunks = [];
  for (const stream of [child.stdout, child.stderr])
    stream?.on("data", (chunk) => chunks.push(chunk));
  const status = await new Promise((done) => {
    child.once("error", () => done(1));
    child.once("close", done);
  });
  const text = Buffer.concat(chunks).toString();
  if (isBeside) console.log(`\n== ${title}\n${text}`);
  stages.push({ ...stage, tookMs: performance.now() - startMs - stage.fromMs });
  return { status, text };
}

function expectGreen(title, { status }) {
  if (status === 0) return;
  console.error(`\n${title} failed`);
  isGreen = false;
}

/** Runs a script that counts its own tests, and may need a toolchain that not every machine has. */
async function runCounting(title, args, whatIsMissing) {
  const result = await run(title, "node", args, { isBeside: true });
  if (result.status === NO_TOOLCHAIN && !isCi) {
    console.log(whatIsMissing);
    total.skipped += 1;
    return;
  }
  expectGreen(title, result);
  for (const [, passed, failed] of result.text.matchAll(/(\d+) passed; (\d+) failed/g))
    addToTotal({ passed: Number(passed), failed: Number(failed), skipped: 0 });
}

function addToTotal(counts) {
  for (const key of Object.keys(total)) total[key] += counts[key];
}

/** Runs parts of e2e. */
async function runBrowserTests(...parts) {
  const title = `e2e, ${parts.join(" and ")}`;
  expectGreen(title, await run(title, "node", ["scripts/e2e.mjs", ...parts]));
}

const statics = run("static checks", "npm", ["run", "static"]);

async function inFront() {
  expectGreen("static checks", await statics);
  expectGreen("unit tests", await run("unit tests", "npm", ["run", "unit"]));
  await readyForBrowsers;
  expectGreen("build of e2e", await run("build of e2e", "npm", ["run", "e2e:build"]));
  await runBrowserTests("shared");
}

/** What e2e needs. Returns whether there is a browser. */
async function readyBrowsers() {
  // Python, Ruby and QuickJS are large, and so are bundlers: a run without them skips their tests and says so.
  if (isCi) {
    for (const name of ["programs", "user-tools"])
      expectGreen(name, await run(name, "npm", ["run", name], { isBeside: true }));
  }
  const browser = await run("browser", "node", ["scripts/ensure-browser.mjs"], { isBeside: true });
  expectGreen("browser", browser);
  if (browser.status !== 0) return false;
  // They build the library, which the site and the release read.
  await statics;
  const site = await run("site", "npm", ["run", "docs:build"], { isBeside: true });
  expectGreen("site", site);
  const release = ["run", "release", "--", "--dry-run"];
  expectGreen("release", await run("release, dry run", "npm", release, { isBeside: true }));
  return true;
}

const readyForBrowsers = readyBrowsers();

async function besides() {
  const hasBrowser = await readyForBrowsers;
  if (hasBrowser) await runCounting("bench, briefly", ["bench/run.mjs", "--brief", "--built"], "");
  expectGreen("cli", await run("cli", "npm", ["run", "cli"], { isBeside: true }));
  await runCounting(
    "guests",
    ["scripts/build-guests.mjs", "--check", "--test"],
    "The guests were not rebuilt: their toolchain is missing. CI has it.",
  );
  if (!hasBrowser) return;
  await runCounting(
    "fuzzing",
    ["fuzz/run.mjs", "--modules", "150"],
    "The rewriter was not fuzzed: binaryen, which generates modules, is missing. CI has it.",
  );
}

await Promise.all([inFront(), besides()]);
await runBrowserTests("hostile", "alone");

const units = ["build/unit.json", "build/cli.json"].map(readUnitTests);
for (const part of units) addToTotal(part);
const browsers = Object.keys(PARTS).map((part) => readBrowserTests(part, `build/e2e-${part}.json`));
for (const part of browsers) addToTotal(part);

const troubles = browsers.flatMap(({ troubles }) => troubles);
if (troubles.length > 0) console.log(`\n${troubles.join("\n")}`);

const seconds = (ms) => `${(ms / 1000).toFixed(0).padStart(6)} s`;
console.log("\nWhere the time went (those that begin early ran beside others):");
for (const { title, fromMs, tookMs } of stages)
  console.log(`${seconds(tookMs)}  ${title}, from ${(fromMs / 1000).toFixed(0)} s`);
console.log("Slowest files:");
const files = [...units, ...browsers].flatMap(({ files }) =>
  files.toSorted((a, b) => b.ms - a.ms).slice(0, 8),
);
for (const { name, ms } of files) console.log(`${seconds(ms)}  ${name}`);
console.log(`${seconds(performance.now() - startMs)}  in all`);

console.log(`\n${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`);
process.exit(isGreen && total.failed === 0 && total.passed > 0 ? 0 : 1);
