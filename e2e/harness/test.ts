/** Playwright's `test` with a page that has the library on `window.cloche`. */

import { test as base, type Page } from "@playwright/test";
import type { Isolation } from "cloche";
import { ISOLATED_PORT, PLAIN_PORT } from "./ports.ts";

/** The harness with the headers that isolate a page, and without. */
export const ISOLATED = `http://localhost:${ISOLATED_PORT}/`;
export const PLAIN = `http://localhost:${PLAIN_PORT}/`;

/** Every way to wait for the page, where it works. JSPI needs no headers, so it is tried on a page without. */
export const BLOCKING_WAYS = [
  { blocking: "jspi", address: PLAIN },
  { blocking: "shared-memory", address: ISOLATED },
] as const;

/** What a project of `playwright.config.ts` may set. */
export interface HarnessOptions {
  /** How plugins and commands are isolated where a test does not say. */
  isolation: Isolation;
}

export const test = base.extend<HarnessOptions & { harness: Page }>({
  isolation: ["worker", { option: true }],
  page: async ({ page, isolation }, use) => {
    await page.addInitScript((isolation) => {
      window.isolation = isolation;
    }, isolation);
    await use(page);
  },
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

/** Opens the harness without isolation and under a Content-Security-Policy. */
export async function openHarnessUnder(page: Page, policy: string): Promise<void> {
  await page.route(
    PLAIN,
    async (route) => {
      const response = await route.fetch();
      const headers = { ...response.headers(), "Content-Security-Policy": policy };
      await route.fulfill({ response, headers });
    },
    { times: 1 },
  );
  await openHarness(page, PLAIN);
}

export { expect } from "@playwright/test";
