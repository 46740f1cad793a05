/** Playwright's `test` with a page that has the library on `window.cloche`. */

import { test as base, type Page } from "@playwright/test";
import { ISOLATED_PORT, PLAIN_PORT } from "./ports.ts";

/** The harness with the headers that isolate a page, and without. */
export const ISOLATED = `http://localhost:${ISOLATED_PORT}/`;
export const PLAIN = `http://localhost:${PLAIN_PORT}/`;

export const test = base.extend<{ harness: Page }>({
  harness: async ({ page }, use) => {
    await openHarness(page, ISOLATED);
    await use(page);
  },
});

/** Opens the harness at an address and waits for the library. */
export async function openHarness(page: Page, address: string): Promise<void> {
  await page.goto(address);
  await page.waitForFunction(() => "cloche" in window);
}

export { expect } from "@playwright/test";
