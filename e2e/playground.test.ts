import { test as base, expect, type Page } from "@playwright/test";
import axe from "axe-core";
import { DEMO_PORT } from "./harness/ports.ts";

const ADDRESS = `http://localhost:${DEMO_PORT}/demo/playground/index.html`;

/** What went wrong on the page without a test looking for it. */
let complaints: string[] = [];

/** Each test loads the playground anew, in one tab. */
const test = base.extend<{ page: Page }, { tab: Page }>({
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
  page: async ({ tab }, use) => use(tab),
});

test.beforeEach(async ({ page, viewport }) => {
  if (viewport !== null) await page.setViewportSize(viewport);
  complaints = [];
  await page.goto("about:blank");
  await page.goto(ADDRESS);
  await expect(state(page)).toContainText("Ready");
});

test.afterEach(({ browserName }) => {
  // Firefox says this of any worker that is terminated while its guest spins under JSPI.
  const isFirefoxAtEnd = (text: string) =>
    browserName === "firefox" && text === "uncaught exception: undefined";
  expect(complaints.filter((text) => !isFirefoxAtEnd(text))).toEqual([]);
});

test("opens a plugin of the gallery", async ({ page }) => {
  await page.getByRole("button", { name: "double in AssemblyScript" }).click();
  await expect(page.getByRole("heading", { name: "double-assemblyscript.wasm" })).toBeVisible();
  await expect(state(page)).toContainText("Ready");
});

test("ends a plugin and starts it again", async ({ page }) => {
  await page.getByRole("button", { name: "Kill" }).click();
  await expect(state(page)).toContainText("Ended");
  await page.getByRole("button", { name: "Restart" }).click();
  await expect(state(page)).toContainText("Ready");
});

test("has no findings of axe", async ({ page }) => {
  expect(await findingsOfAxe(page)).toEqual([]);
});

function state(page: Page) {
  return page.locator(".program-bar .state");
}

/** What axe finds on the page, as lines to read. */
async function findingsOfAxe(page: Page): Promise<string[]> {
  await page.evaluate(axe.source);
  return page.evaluate(async () => {
    const { violations } = await (globalThis as unknown as { axe: typeof axe }).axe.run();
    return violations.flatMap(({ id, help, nodes }) =>
      nodes.map(({ html }) => `${id}: ${help}: ${html}`),
    );
  });
}
