/** Playwright's `test` on the playground: each test loads it anew, in one tab, and fails if it complains. */

import { test as base, expect, type Locator, type Page } from "@playwright/test";
import axe from "axe-core";
import { DEMO_PORT } from "./ports.ts";

export const ADDRESS: string = `http://localhost:${DEMO_PORT}/demo/playground/index.html`;

/** What went wrong on the page without a test looking for it. */
let complaints: string[] = [];

export const test = base.extend<{ page: Page }, { tab: Page }>({
  tab: [
    async ({ browser }, use) => {
      const page = await browser.newPage();
      page.on("pageerror", (error) => complaints.push(String(error)));
      page.on("console", (message) => {
        if (["error", "warning"].includes(message.type())) complaints.push(message.text());
      });
      await use(page);
      await page.close();
    },
    { scope: "worker" },
  ],
  page: async ({ tab, viewport, browserName }, use) => {
    if (viewport !== null) await tab.setViewportSize(viewport);
    complaints = [];
    await tab.goto("about:blank");
    await tab.goto(ADDRESS);
    await expect(stateOf(tab)).toContainText("Ready");
    await use(tab);
    // Firefox says this of any worker that is terminated while its guest spins under JSPI.
    const isFirefoxAtEnd = (text: string) =>
      browserName === "firefox" && text === "uncaught exception: undefined";
    expect(complaints.filter((text) => !isFirefoxAtEnd(text))).toEqual([]);
  },
});

/** The state of the open program. */
export function stateOf(page: Page): Locator {
  return page.locator(".program-bar .state");
}

/** What axe finds on the page, as lines to read. */
export async function findingsOfAxe(page: Page): Promise<string[]> {
  await page.evaluate(axe.source);
  return page.evaluate(async () => {
    const { violations } = await (globalThis as unknown as { axe: typeof axe }).axe.run();
    return violations.flatMap(({ id, help, nodes }) =>
      nodes.map(({ html }) => `${id}: ${help}: ${html}`),
    );
  });
}
