// Runs the tests in browsers, part by part: three files at a time; then the hostile corpus, two at a time,
// whose tests hold the page against the clock; then those that flood it or take all its memory, one by one.
//
//   node scripts/e2e.mjs [shared] [hostile] [alone]
import { spawnSync } from "node:child_process";
import { rmSync } from "node:fs";
import { availableParallelism } from "node:os";
import { resolve } from "node:path";

const TWO = `--workers=${Math.min(2, availableParallelism())}`;
/** One more than two cores: many tests wait for a time limit or for a browser. */
const THREE = `--workers=${Math.min(3, availableParallelism() + 1)}`;
/** In this order. `scripts/test.mjs` runs the first beside others. */
export const PARTS = {
  shared: ["--grep-invert=@alone|hostile/", THREE],
  // By the folder, since Playwright then reads no other files.
  hostile: ["--grep-invert=@alone", "e2e/hostile/", TWO],
  alone: ["--grep=@alone", "--workers=1"],
};

/** Runs a part. Returns whether all went well. */
function run(part) {
  const report = `build/e2e-${part}.json`;
  rmSync(report, { force: true });
  const env = { ...process.env, CLOCHE_E2E_REPORT: report };
  const command = ["playwright", "test", ...PARTS[part]];
  return spawnSync("npx", command, { stdio: "inherit", env }).status === 0;
}

if (process.argv[1] === import.meta.filename) {
  process.chdir(resolve(import.meta.dirname, ".."));
  const asked = process.argv.slice(2);
  const results = (asked.length > 0 ? asked : Object.keys(PARTS)).map(run);
  process.exit(results.every(Boolean) ? 0 : 1);
}
