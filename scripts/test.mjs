// The whole test: everything that needs no browser, the guests, then e2e in real browsers. Ends with
// the number of tests over all runners.
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { resolve } from "node:path";

process.chdir(resolve(import.meta.dirname, ".."));
rmSync("build", { recursive: true, force: true });
mkdirSync("build");

/** What `build-guests.mjs` exits with where there is no toolchain for guests. */
const NO_TOOLCHAIN = 3;

const total = { passed: 0, failed: 0, skipped: 0 };
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

expectGreen("check", run("check", "npm", ["run", "check"]));
if (existsSync("build/unit.json")) {
  const unit = JSON.parse(readFileSync("build/unit.json", "utf8"));
  total.passed += unit.numPassedTests;
  total.failed += unit.numFailedTests;
  total.skipped += unit.numPendingTests;
}

const guests = run("guests", "node", ["scripts/build-guests.mjs", "--check", "--test"], {
  stdio: ["ignore", "pipe", "inherit"],
});
if (guests.status === NO_TOOLCHAIN && process.env.CI === undefined) {
  console.log("The guests were not rebuilt: no toolchain for them here. CI has one.");
  total.skipped += 1;
} else {
  expectGreen("guests", guests);
  for (const [, passed, failed] of guests.stdout.matchAll(/(\d+) passed; (\d+) failed/g)) {
    total.passed += Number(passed);
    total.failed += Number(failed);
  }
}

// Python, Ruby and QuickJS are large, and a run without them says that it skipped their tests.
if (process.env.CI !== undefined)
  expectGreen("programs", run("programs", "npm", ["run", "programs"]));

expectGreen("e2e", run("e2e", "npm", ["run", "e2e"]));
if (existsSync("build/e2e.json")) {
  const { stats } = JSON.parse(readFileSync("build/e2e.json", "utf8"));
  total.passed += stats.expected + stats.flaky;
  total.failed += stats.unexpected;
  total.skipped += stats.skipped;
}

console.log(`\n${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`);
process.exit(isGreen && total.failed === 0 && total.passed > 0 ? 0 : 1);
