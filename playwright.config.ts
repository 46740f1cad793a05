import { availableParallelism } from "node:os";
import { defineConfig } from "@playwright/test";
import { DEMO_PORT, ISOLATED_PORT, PLAIN_PORT } from "./e2e/harness/ports.ts";
import type { HarnessOptions } from "./e2e/harness/test.ts";
import { findBrowser } from "./scripts/browsers.mjs";

const firefox = findBrowser("firefox");

// Without a Chromium Playwright's own error says so; a missing one is never skipped.
const BROWSERS = [
  {
    name: "chromium",
    use: {
      browserName: "chromium" as const,
      // Without a window, as Playwright has it, Chromium gives sandboxed frames a process only when it is told to.
      launchOptions: { args: ["--site-per-process"], ...findBrowser("chromium") },
    },
  },
  ...(firefox === undefined
    ? []
    : [{ name: "firefox", use: { browserName: "firefox" as const, launchOptions: firefox } }]),
];

/** What holds the page and the ends of calls against the clock, so that nothing else may run beside it. */
const BY_THE_CLOCK = /e2e\/hostile\/.*\.test\.ts$/;

/** Which part `scripts/e2e.mjs` runs; all of it, one test after the other, unless it says. */
const PART = process.env["CLOCHE_E2E_PART"];

/** What has to be the same for a plugin that is isolated strictly, and so is run again with one. */
const IN_BOTH_ISOLATIONS =
  /e2e\/(calls|ends|failures|host-functions|interruption|lock-down|mounts|system)\.test\.ts$/;

/** But for what such a plugin cannot have. */
const NOT_STRICT =
  /waiting by shared-memory|a worker that dies|bytes and a module|by (epoch|terminate)|another interruption/;

export default defineConfig<HarnessOptions>({
  testDir: "e2e",
  outputDir: "build/e2e-results",
  forbidOnly: process.env["CI"] !== undefined,
  // A machine that is busy with something else can starve a browser once; the report names such tests.
  retries: process.env["CI"] === undefined ? 0 : 1,
  fullyParallel: false,
  workers: PART === "others" ? Math.min(2, availableParallelism()) : 1,
  timeout: 30_000,
  reporter: [["list"], ["json", { outputFile: `build/e2e-${PART ?? "all"}.json` }]],
  use: {
    baseURL: `http://localhost:${DEMO_PORT}`,
    // Recording every test takes a fifth of the time of all.
    trace: process.env["CI"] === undefined ? "retain-on-failure" : "on-first-retry",
  },
  projects: BROWSERS.flatMap(({ name, use }) => [
    { name: `${name}-hostile`, testMatch: BY_THE_CLOCK, use },
    { name, testIgnore: BY_THE_CLOCK, use },
    {
      name: `${name}-strict`,
      testMatch: IN_BOTH_ISOLATIONS,
      grepInvert: NOT_STRICT,
      use: { ...use, isolation: "strict" as const },
    },
  ]).filter(({ name }) => PART === undefined || name.endsWith("-hostile") === (PART === "hostile")),
  webServer: [
    { command: `npx vite preview --port ${DEMO_PORT} --strictPort`, port: DEMO_PORT },
    {
      command: `npx vite preview --config e2e/harness/vite.config.ts --port ${ISOLATED_PORT} --strictPort`,
      port: ISOLATED_PORT,
    },
    {
      command: `npx vite preview --config e2e/harness/vite.config.ts --mode plain --port ${PLAIN_PORT} --strictPort`,
      port: PLAIN_PORT,
    },
  ].map((server) => ({ ...server, reuseExistingServer: false })),
});
