/** Opens the page that has the library on `window.cloche`. */

import type { Page } from "@playwright/test";
import type { Isolation } from "cloche";
import { ISOLATED_PORT, PLAIN_PORT } from "./ports.ts";

/** The harness with the headers that isolate a page, and without. */
export const ISOLATED = `http://localhost:${ISOLATED_PORT}/`;
export const PLAIN = `http://localhost:${PLAIN_PORT}/`;

/** Sets how a page isolates plugins and commands where a test does not say, from its next opening on. */
export async function setIsolation(page: Page, isolation: Isolation): Promise<void> {
  await page.addInitScript((isolation) => {
    window.isolation = isolation;
  }, isolation);
}

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
