// Runs the tests in browsers: those that measure time by themselves, all others two files at a time.
import { spawnSync } from "node:child_process";
import { rmSync } from "node:fs";

let isGreen = true;
for (const part of ["others", "hostile"]) {
  rmSync(`build/e2e-${part}.json`, { force: true });
  const env = { ...process.env, CLOCHE_E2E_PART: part };
  const { status } = spawnSync("npx", ["playwright", "test"], { stdio: "inherit", env });
  isGreen &&= status === 0;
}
process.exit(isGreen ? 0 : 1);
