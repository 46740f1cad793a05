/**
 * Playwright's `test` with pages that have the library on `window.cloche`.
 *
 * A test works on `harness`, which it shares with the other tests of its file and which is tidied up
 * after each of them. One that changes the page itself, or needs a page of its own for another
 * reason, takes `page` and opens it with {@link openHarness}.
 */

import { test as base, type Page } from "@playwright/test";
import type { Isolation } from "cloche";
import { NodeBrowser } from "./node-page.ts";
import { ISOLATED, PLAIN, setIsolation } from "./open-harness.ts";
import { SharedPages } from "./shared-pages.ts";
import { WebKitBrowser } from "./webkit-page.ts";

export { expect } from "@playwright/test";
export { ISOLATED, openHarness, openHarnessUnder, PLAIN } from "./open-harness.ts";

/** Marks a test that floods the page or takes all its memory, so that nothing else may run beside it. */
export const ALONE = { tag: "@alone" } as const;

/** Marks a test of what a strictly isolated plugin can't have, so that it runs in a worker only. */
export const WORKER_ONLY = { tag: "@worker-only" } as const;

/** Marks a test of what only a page has, so that it doesn't run in Node. */
export const PAGE_ONLY = { tag: "@page-only" } as const;

/** Marks a test of interruption by epoch, which needs multiple memories: Node 20 and WebKit have none. */
export const EPOCH = { tag: "@epoch" } as const;

/** Marks a test of a guest that waits by JSPI: Node has it from 25 on, and WebKit not yet. */
export const JSPI = { tag: "@jspi" } as const;

/** Marks a test of calls that travel by shared memory, which on pages needs interruption by epoch. */
export const SHARED_LANE = { tag: "@shared-lane" } as const;

/** Marks a test of a guest that spins without checks, whose worker the browser has to end by itself. */
export const ENDS_WORKERS = { tag: "@ends-workers" } as const;

/** Marks a test of files that the browser keeps. */
export const STORAGE = { tag: "@storage" } as const;

/** Marks a test that needs Playwright's hold on a page, such as its answers to requests. */
export const PLAYWRIGHT = { tag: "@playwright" } as const;

/** Marks a test of what our own pages, tools and files do, whatever the browser: Chromium runs it, Firefox does not. */
export const ANY_BROWSER = { tag: "@any-browser" } as const;

/** Why a test with a tag can't run in WebKit. */
const NOT_IN_WEBKIT = new Map<string, string>([
  [EPOCH.tag, "WebKit has no multiple memories"],
  [JSPI.tag, "WebKit has no JSPI"],
  [SHARED_LANE.tag, 'WebKit has no multiple memories, which lane "shared-memory" needs'],
  [ENDS_WORKERS.tag, "WebKit does not end a worker whose Wasm spins"],
  [STORAGE.tag, "WebKit has no storage in automation"],
  [PLAYWRIGHT.tag, "WebDriver has no means for this"],
]);

/** Marks a test of a guest that waits by JSPI on a page. */
export const JSPI_ON_PAGES = { tag: [PAGE_ONLY.tag, JSPI.tag] };

/**
 * Every way to wait for the page, where it works, with the details of its tests. JSPI needs no headers,
 * so it is tried on a page without.
 */
export const BLOCKING_WAYS = [
  { blocking: "jspi", address: PLAIN, details: JSPI_ON_PAGES },
  { blocking: "shared-memory", address: ISOLATED, details: WORKER_ONLY },
] as const;

interface Fixtures {
  /** Where `harness` is. */
  address: string;
  /** The file's page at `address`. */
  harness: Page;
  /** The file's page at another address. */
  harnessAt: (address: string) => Promise<Page>;
  /** Skips what the platform lacks, and says why. */
  skipped: void;
}

/** What a project of `playwright.config.ts` may set. */
export interface HarnessOptions {
  /** How plugins and commands are isolated where a test does not say. */
  isolation: Isolation;
  /** What the tests run in. In Node, a page is a process; WebKit is driven by WebDriver. */
  platform: "browser" | "node" | "webkit";
}

interface WorkerFixtures {
  sharedPages: SharedPages;
  /** An empty tab for tests that open a page first of all, one after the other. */
  tab: Page;
}

export const test = base.extend<Fixtures, HarnessOptions & WorkerFixtures>({
  isolation: ["worker", { option: true, scope: "worker" }],
  platform: ["browser", { option: true, scope: "worker" }],
  browser: [
    async ({ playwright, browserName, platform }, use) => {
      const openBrowser = {
        browser: () => playwright[browserName].launch(),
        node: () => NodeBrowser.create(),
        webkit: () => WebKitBrowser.launch(),
      };
      const browser = await openBrowser[platform]();
      await use(browser);
      await browser.close();
    },
    { scope: "worker" },
  ],
  skipped: [
    async ({ platform }, use, testInfo) => {
      const reasons = testInfo.tags.flatMap((tag) => NOT_IN_WEBKIT.get(tag) ?? []);
      testInfo.skip(platform === "webkit" && reasons.length > 0, reasons.join("; "));
      await use();
    },
    { auto: true },
  ],
  address: [ISOLATED, { option: true }],
  sharedPages: [
    async ({ browser, isolation }, use) => {
      const pages = new SharedPages(browser, isolation);
      await use(pages);
      await pages.close();
    },
    { scope: "worker" },
  ],
  tab: [
    async ({ browser, isolation }, use) => {
      const page = await browser.newPage();
      await setIsolation(page, isolation);
      await use(page);
      await page.close();
    },
    { scope: "worker" },
  ],
  page: async ({ page, isolation }, use) => {
    await setIsolation(page, isolation);
    await use(page);
  },
  harnessAt: async ({ sharedPages }, use, { file, tags }) => {
    await use((address) => sharedPages.at(address, file));
    await sharedPages.tidy(tags.includes(ALONE.tag));
  },
  harness: async ({ address, harnessAt }, use) => use(await harnessAt(address)),
});
