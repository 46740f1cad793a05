// The whole test: everything that needs no browser, the guests, then e2e and the rewriter's fuzzing in
// real browsers. Ends with the number of tests over all runners.
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { resolve } from "node:path";
import { stripVTControlCharacters } from "node:util";

process.chdir(resolve(import.meta.dirname, ".."));
rmSync("build", { recursive: true, force: true });
mkdirSync("build");

/** What a script exits with where there is no toolchain for it. */
const NO_TOOLCHAIN = 3;

const total = { passed: 0, failed: 0, skipped: 0 };
const troubles = [];
let isGreen = true;

function run(title, command, args, options = {}) {
  console.log(`\n== ${title}`);
  const result = spawnSync(command, args, { stdio: "inherit", encoding: "utf8", ...options });
  if (result.stdout) process.stdout.write(result.stdout);
  return result;
}

function expectGreen(title, { status }) {
  if (status === 0) return;
  console.error(`\n${title} failed`);
  isGreen = false;
}

/** Runs a script that counts its own tests, and needs what not every machine has. */
function runWhereToolchain(title, args, whatIsMissing) {
  const result = run(title, "node", args, { stdio: ["ignore", "pipe", "inherit"] });
  if (result.status === NO_TOOLCHAIN && process.env.CI === undefined) {
    console.log(whatIsMissing);
    total.skipped += 1;
    return;
  }
  expectGreen(title, result);
  for (const [, passed, failed] of result.stdout.matchAll(/(\d+) passed; (\d+) failed/g)) {
    total.passed += Number(passed);
    total.failed += Number(failed);
  }
}

/** Notes what failed in a browser, or did so at first: how it ended is far above by then. */
function noteTroubles({ title, specs, suites = [] }, within) {
  const name = `${within}${title} › `;
  for (const suite of suites) noteTroubles(suite, name);
  for (const spec of specs) {
    for (const { projectName, status, results } of spec.tests) {
      if (status !== "unexpected" && status !== "flaky") continue;
      const message = stripVTControlCharacters(results[0].error?.message ?? results[0].status);
      const lines = message.split("\n").filter((line) => line.trim() !== "");
      const what = status === "flaky" ? "failed at first" : "failed";
      troubles.push(`${what}: [${projectName}] ${name}${spec.title}`);
      troubles.push(...lines.slice(0, 5).map((line) => `    ${line}`));
    }
  }
}

expectGreen("check", run("check", "npm", ["run", "check"]));
if (existsSync("build/unit.json")) {
  const unit = JSON.parse(readFileSync("build/unit.json", "utf8"));
  total.passed += unit.numPassedTests;
  total.failed += unit.numFailedTests;
  total.skipped += unit.numPendingTests;
}

runWhereToolchain(
  "guests",
  ["scripts/build-guests.mjs", "--check", "--test"],
  "The guests were not rebuilt: no toolchain for them here. CI has one.",
);

// Python, Ruby and QuickJS are large, and a run without them says that it skipped their tests.
if (process.env.CI !== undefined)
  expectGreen("programs", run("programs", "npm", ["run", "programs"]));

expectGreen("e2e", run("e2e", "npm", ["run", "e2e"]));
for (const report of ["build/e2e-shared.json", "build/e2e-alone.json"]) {
  if (!existsSync(report)) continue;
  const { stats, suites } = JSON.parse(readFileSync(report, "utf8"));
  for (const suite of suites) noteTroubles(suite, "");
  total.passed += stats.expected + stats.flaky;
  total.failed += stats.unexpected;
  total.skipped += stats.skipped;
}

runWhereToolchain(
  "fuzz",
  ["fuzz/run.mjs", "--modules", "300"],
  "The rewriter was not fuzzed: no binaryen to generate modules here. CI has one.",
);

if (troubles.length > 0) console.log(`\n${troubles.join("\n")}`);
console.log(`\n${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`);
process.exit(isGreen && total.failed === 0 && total.passed > 0 ? 0 : 1);
