// Finds a Chromium for the tests, else installs one, else says what to do.
import { spawnSync } from "node:child_process";
import { findBrowser } from "./browsers.mjs";

const INSTALLERS = [
  { command: "npx", args: ["playwright", "install", "chromium"], when: () => true },
  {
    command: "apt-get",
    args: ["install", "-y", "--no-install-recommends", "chromium"],
    when: () => process.getuid?.() === 0,
  },
];

for (const { command, args, when } of INSTALLERS) {
  if (findBrowser("chromium") !== undefined) break;
  if (!when()) continue;
  console.log(`No Chromium found; trying: ${command} ${args.join(" ")}`);
  if (command === "apt-get") spawnSync("apt-get", ["update"], { stdio: "inherit" });
  spawnSync(command, args, { stdio: "inherit", timeout: 10 * 60_000 });
}

if (findBrowser("chromium") === undefined) {
  console.error(
    "Cannot find a Chromium to test in: install one (npx playwright install chromium, or your system's package chromium), or name one in the environment variable CLOCHE_CHROMIUM",
  );
  process.exit(1);
}
