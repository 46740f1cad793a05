/** Playwright's `test` on the pages of the built demo. */

import { type ConsoleMessage, expect, type Page } from "@playwright/test";
import { DEMO_PORT } from "./ports.ts";
import { test as base } from "./test.ts";

/** The address of a page of the demo. */
export function addressOf(path: string): string {
  return `http://localhost:${DEMO_PORT}/${path}`;
}

/**
 * A test takes `page`, which is loaded anew, or `sharedPage`, which is as the test before left it that took it:
 * loading a page takes longer than most tests. It fails if the page complains. All work in one tab, in the browser of
 * the other tests: a fixture for all tests of a file would make Playwright start a browser for it.
 *
 * @param isReady Resolves when the page has loaded its plugins.
 * @param script Runs on the page before its own, and in that tab from then on.
 */
export function testOn(path: string, isReady: (page: Page) => Promise<void>, script?: () => void) {
  /** What went wrong on the page without a test looking for it. */
  let complaints: string[] = [];
  /** The file whose tests share what is in the tab. */
  let sharedBy: string | undefined;
  let hasScript = false;

  const onPageError = (error: Error) => void complaints.push(String(error));
  const onConsole = (message: ConsoleMessage) => {
    if (["error", "warning"].includes(message.type())) complaints.push(message.text());
  };

  async function load(tab: Page): Promise<void> {
    if (script !== undefined && !hasScript) await tab.addInitScript(script);
    hasScript = true;
    // Nothing but the end of its address would be loaded.
    if (tab.url().includes("#")) await tab.goto("about:blank");
    await tab.goto(addressOf(path));
    await isReady(tab);
  }

  function expectNoComplaints(browserName: string): void {
    // Firefox says this of any worker that is terminated while its guest spins under JSPI.
    const isFirefoxAtEnd = (text: string) =>
      browserName === "firefox" && text === "uncaught exception: undefined";
    expect(complaints.filter((text) => !isFirefoxAtEnd(text))).toEqual([]);
  }

  return base.extend<{ page: Page; sharedPage: Page; watchedTab: Page }>({
    watchedTab: async ({ tab, viewport }, use) => {
      if (viewport !== null) await tab.setViewportSize(viewport);
      complaints = [];
      tab.on("pageerror", onPageError).on("console", onConsole);
      await use(tab);
      tab.off("pageerror", onPageError).off("console", onConsole);
    },
    page: async ({ watchedTab: tab, browserName }, use) => {
      sharedBy = undefined;
      await load(tab);
      await use(tab);
      expectNoComplaints(browserName);
    },
    sharedPage: async ({ watchedTab: tab, browserName }, use, { file }) => {
      if (sharedBy !== file) await load(tab);
      sharedBy = file;
      await use(tab);
      expectNoComplaints(browserName);
    },
  });
}
