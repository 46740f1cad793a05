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
          use: {
            browserName: "firefox" as const,
            launchOptions: {
              ...firefox,
              // Else it starts a process ahead for each page, which takes a fifth of the time of opening one.
              firefoxUserPrefs: { "dom.ipc.processPrelaunch.enabled": false },
            },
          },
        },
      ]),
];

/**
 * Tests of strictly isolated plugins, and of what goes another way for them. Those of the latter run in both
 * isolations.
 */
const IN_STRICT_ISOLATION = {
  chromium: /e2e\/(calls|ends|host-functions|interruption|lock-down|strict)\.test\.ts$/,
  // There a strict frame is in the page's process, as a worker of the page is.
  firefox: /e2e\/(lock-down|strict)\.test\.ts$/,
} as const;
const ONLY_STRICT = /e2e\/strict\.test\.ts$/;

/**
 * Tests that run in WebKit too, a third engine: of what its workers, memory, timers, waits and interruption can do
 * another way, and of what `docs/browsers.md` says of it. Left out is what two engines have shown to be the same and
 * what follows from what WebKit is tried on: what only computes, as schemas and odd guests do; commands and mounts,
 * which use the same worker and files; calls in flight, whose lane here is the one of single calls; what concerns
 * only the page; and all attacks that Cloche answers before the engine does.
 */
const IN_WEBKIT =
  /e2e\/(calls|demo-in-webkit|doctor|ends|failures|host-functions|interruption|large-calls|lock-down|output|restart|system|hostile\/(swallowed|traps))\.test\.ts$/;

/** Traps outside of calls, which an engine words the same way, and a test of many rounds. */
const MORE_TRAPS =
  / of trap in (the start section|_initialize|__alloc_buffer|__free_buffer) is a trap|thirty stack overflows/;

/** Tests of what is the same in Node. */
const IN_NODE =
  /e2e\/(calls|commands|conformance|ends|events|failures|foreign-guests|hand-made-.*|host-functions|in-flight|interruption|large-calls|lock-down|mounts|output|replay|resources|restart.*|schema|system|types|wasi|wasmer)\.test\.ts$/;

/**
 * Files of tests of what depends on the engine, and not on the browser around it: Node runs them on Chromium's,
 * Firefox on its own, and Chromium only those that need a page, which their tags tell.
 */
const OF_THE_ENGINE =
  "commands|conformance|events|failures|foreign-guests|hand-made-.*|mounts|replay|resources|restart-files|restart-starts|schema|system|types|wasi|wasmer";
const LEFT_TO_NODE = new RegExp(
  `^chromium (${OF_THE_ENGINE})\\.test\\.ts (?!.*(${PAGE_ONLY.tag}|${EPOCH.tag}))`,
);

/** Those of them that compare texts and values by the library's own code, which no engine takes for another. */
const IN_NODE_ALONE = /e2e\/(replay|schema)\.test\.ts$/;

/** For few tests: to start a browser in each worker takes as long as they do. */
const ONE_BROWSER = 1;

/** Tests of pages that the other browsers have tests of their own for. */
const ONLY_IN_WEBKIT = /e2e\/demo-in-webkit\.test\.ts$/;

/** Tests that need no browser. They run once, in the project of Node. */
const WITHOUT_BROWSER = /e2e\/(documents|packages\/(declarations|node))\.test\.ts$/;

/**
 * Tests of what other tools and people's writing lead to, or what paths of an instance's files, whatever the
 * browser: Chromium runs them.
 */
const IN_ONE_BROWSER =
  /e2e\/(examples|guides|site|packages\/bundlers|hostile\/cves-of-paths)\.test\.ts$/;

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
  // Three times Playwright's own: there, a page took that long to load its plugins.
  expect: { timeout: 15_000 },
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
      {
        name,
        use,
        ...(name === "chromium"
          ? {
              testIgnore: [ONLY_STRICT, WITHOUT_BROWSER, ONLY_IN_WEBKIT],
              grepInvert: LEFT_TO_NODE,
            }
          : {
              testIgnore: [
                ONLY_STRICT,
                WITHOUT_BROWSER,
                IN_ONE_BROWSER,
                IN_NODE_ALONE,
                ONLY_IN_WEBKIT,
              ],
              grepInvert: new RegExp(ANY_BROWSER.tag),
            }),
      },
      {
        name: `${name}-strict`,
        testMatch: IN_STRICT_ISOLATION[name],
        grepInvert: new RegExp(WORKER_ONLY.tag),
        use: { ...use, isolation: "strict" as const },
        workers: ONE_BROWSER,
      },
    ]),
    ...(findWebKit() === undefined
      ? []
      : [
          {
            name: "webkit",
            testMatch: IN_WEBKIT,
            grepInvert: MORE_TRAPS,
            use: { platform: "webkit" as const },
            workers: ONE_BROWSER,
          },
        ]),
    {
      name: "node",
      testMatch: [IN_NODE, WITHOUT_BROWSER],
      grepInvert: new RegExp(hasMultipleMemories ? PAGE_ONLY.tag : `${PAGE_ONLY.tag}|${EPOCH.tag}`),
      use: { platform: "node" as const },
    },
  ],
  webServer: {
    command: `node e2e/harness/serve.mjs ${ISOLATED_PORT} ${PLAIN_PORT} ${DEMO_PORT}`,
    port: DEMO_PORT,
    reuseExistingServer: false,
  },
});
