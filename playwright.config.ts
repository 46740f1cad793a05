import { defineConfig } from "@playwright/test";
import { DEMO_PORT, ISOLATED_PORT, PLAIN_PORT } from "./e2e/harness/ports.ts";
import {
  ANY_BROWSER,
  EPOCH,
  type HarnessOptions,
  PAGE_ONLY,
  WORKER_ONLY,
} from "./e2e/harness/test.ts";
import { findBrowser, findWebKit } from "./scripts/browsers.mjs";

const firefox = findBrowser("firefox");

// A missing Firefox is skipped; a missing Chromium is an error, Playwright's own.
const BROWSERS = [
  {
    name: "chromium" as const,
    use: {
      browserName: "chromium" as const,
      // Headless Chromium gives a sandboxed frame a process of its own only with this argument.
      launchOptions: { args: ["--site-per-process"], ...findBrowser("chromium") },
    },
  },
  ...(firefox === undefined
    ? []
    : [
        {
          name: "firefox" as const,
          use: { browserName: "firefox" as const, launchOptions: firefox },
        },
      ]),
];

/** Tests of what goes another way for a strictly isolated plugin. They run in both isolations. */
const IN_BOTH_ISOLATIONS = {
  chromium: /e2e\/(calls|ends|host-functions|interruption|lock-down)\.test\.ts$/,
  // There a strict frame is in the page's process, as a worker of the page is.
  firefox: /e2e\/(calls|lock-down)\.test\.ts$/,
} as const;

/**
 * Tests of the core, which run in WebKit too: what an engine, its workers, memory and timers can do
 * another way. Left out is what only computes, as WASI's calls and the files of an instance do, what concerns
 * only the page, and all attacks that Cloche answers before the engine does.
 */
const IN_WEBKIT =
  /e2e\/(calls|commands|conformance|demo-in-webkit|doctor|ends|failures|hand-made-.*|host-functions|in-flight|interruption|large-calls|lock-down|mounts|output|resources|restart|schema|system|types|hostile\/(swallowed|traps))\.test\.ts$/;

/** Traps outside of calls, which an engine words the same way, and a test of many rounds. */
const MORE_TRAPS =
  / in (the start section|_initialize|__alloc_buffer|__free_buffer) is a trap|a hundred stack overflows/;

/** Tests of what is the same in Node. */
const IN_NODE =
  /e2e\/(calls|commands|conformance|ends|events|failures|foreign-guests|hand-made-.*|host-functions|in-flight|interruption|large-calls|lock-down|mounts|output|replay|resources|restart.*|schema|system|types|wasi|wasmer)\.test\.ts$/;

/**
 * Tests of what depends on the engine, and not on the browser around it: Node runs them on Chromium's, and
 * Chromium only those that need a page.
 */
const OF_THE_ENGINE =
  /e2e\/(commands|failures|foreign-guests|hand-made-.*|mounts|restart-files|restart-starts|system|types|wasi)\.test\.ts$/;

/** Tests of pages that the other browsers have tests of their own for. */
const ONLY_IN_WEBKIT = /e2e\/demo-in-webkit\.test\.ts$/;

/** Tests that need no browser. They run once, in the project of Node. */
const WITHOUT_BROWSER = /e2e\/(documents|packages\/(declarations|node))\.test\.ts$/;

/** Tests of what other tools and people's writing lead to, whatever the browser: Chromium runs them. */
const IN_ONE_BROWSER = /e2e\/(examples|guides|site|packages\/bundlers)\.test\.ts$/;

/** `CLOCHE_NODE` names a later Node than the one that runs the tests. */
const hasMultipleMemories =
  process.env["CLOCHE_NODE"] !== undefined || Number.parseInt(process.versions.node, 10) >= 22;

export default defineConfig<object, HarnessOptions>({
  testDir: "e2e",
  outputDir: "build/e2e-results",
  forbidOnly: process.env["CI"] !== undefined,
  // The only leniency: a busy machine can delay a test. The report names each test that was retried.
  retries: 2,
  fullyParallel: false,
  // `scripts/e2e.mjs` raises it for the tests that may run beside others.
  workers: 1,
  // Twice Playwright's own: on a busy machine with two cores, tests of many plugins took all of that.
  timeout: 60_000,
  reporter: [
    ["list"],
    ["json", { outputFile: process.env["CLOCHE_E2E_REPORT"] ?? "build/e2e.json" }],
  ],
  use: {
    baseURL: `http://localhost:${DEMO_PORT}`,
    // Recording every test would take a fifth of the time.
    trace: "on-first-retry",
  },
  projects: [
    ...BROWSERS.flatMap(({ name, use }) => [
      ...(name === "chromium"
        ? [
            { name, use, testIgnore: [OF_THE_ENGINE, WITHOUT_BROWSER, ONLY_IN_WEBKIT] },
            {
              name: "chromium-pages",
              use,
              testMatch: OF_THE_ENGINE,
              grep: new RegExp(`${PAGE_ONLY.tag}|${EPOCH.tag}`),
            },
          ]
        : [
            {
              name,
              use,
              testIgnore: [WITHOUT_BROWSER, IN_ONE_BROWSER, ONLY_IN_WEBKIT],
              grepInvert: new RegExp(ANY_BROWSER.tag),
            },
          ]),
      {
        name: `${name}-strict`,
        testMatch: IN_BOTH_ISOLATIONS[name],
        grepInvert: new RegExp(WORKER_ONLY.tag),
        use: { ...use, isolation: "strict" as const },
      },
    ]),
    {
      name: "node",
      testMatch: [IN_NODE, WITHOUT_BROWSER],
      grepInvert: new RegExp(hasMultipleMemories ? PAGE_ONLY.tag : `${PAGE_ONLY.tag}|${EPOCH.tag}`),
      use: { platform: "node" as const },
    },
    ...(findWebKit() === undefined
      ? []
      : [
          {
            name: "webkit",
            testMatch: IN_WEBKIT,
            grepInvert: MORE_TRAPS,
            use: { platform: "webkit" as const },
          },
        ]),
  ],
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
