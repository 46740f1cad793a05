// Runs the tests in browsers: two files at a time, then by themselves those that hold the page against
// the clock. Beside another test an attack leaves the page of a two-core machine no core.
import { spawnSync } from "node:child_process";
import { rmSync } from "node:fs";
import { availableParallelism } from "node:os";

const PARTS = {
  shared: ["--grep-invert=@alone|hostile/", `--workers=${Math.min(2, availableParallelism())}`],
  alone: ["--grep=@alone|hostile/", "--workers=1"],
};

let isGreen = true;
for (const [part, args] of Object.entries(PARTS)) {
  const report = `build/e2e-${part}.json`;
  rmSync(report, { force: true });
  const env = { ...process.env, CLOCHE_E2E_REPORT: report };
  const { status } = spawnSync("npx", ["playwright", "test", ...args], { stdio: "inherit", env });
  isGreen &&= status === 0;
}
process.exit(isGreen ? 0 : 1);
