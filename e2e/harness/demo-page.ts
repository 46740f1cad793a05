/** Playwright's `test` on the pages of the built demo. */

import { test as base, expect, type Page } from "@playwright/test";
import { DEMO_PORT } from "./ports.ts";

/** The address of a page of the demo. */
export function addressOf(path: string): string {
  return `http://localhost:${DEMO_PORT}/${path}`;
}

/**
 * Each test loads the page anew and fails if the page complains. All work in one tab: a tab of its own would
 * take as long as most tests.
 *
 * @param isReady Resolves when the page has loaded its plugins.
 * @param script Runs on the page before its own.
 */
export function testOn(path: string, isReady: (page: Page) => Promise<void>, script?: () => void) {
  /** What went wrong on the page without a test looking for it. */
  let complaints: string[] = [];
  return base.extend<{ page: Page }, { tab: Page }>({
    tab: [
      async ({ browser }, use) => {
        const page = await browser.newPage();
        page.on("pageerror", (error) => complaints.push(String(error)));
        page.on("console", (message) => {
          if (["error", "warning"].includes(message.type())) complaints.push(message.text());
        });
        if (script !== undefined) await page.addInitScript(script);
        await use(page);
        await page.close();
      },
      { scope: "worker" },
    ],
    page: async ({ tab, viewport, browserName }, use) => {
      if (viewport !== null) await tab.setViewportSize(viewport);
      complaints = [];
      // Also loads a page anew that has changed only the end of its address.
      await tab.goto("about:blank");
      await tab.goto(addressOf(path));
      await isReady(tab);
      await use(tab);
      // Firefox says this of any worker that is terminated while its guest spins under JSPI.
      const isFirefoxAtEnd = (text: string) =>
        browserName === "firefox" && text === "uncaught exception: undefined";
      expect(complaints.filter((text) => !isFirefoxAtEnd(text))).toEqual([]);
    },
  });
}
