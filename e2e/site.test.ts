/** The built site of the documentation, as a reader sees it. `npm run docs:build` comes first. */

import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { type Browser, expect, type Page, test } from "@playwright/test";
import * as vite from "vite";
import { ROOT } from "./examples/examples.ts";
import { findingsOfAxe, findingsOfAxeInBoth } from "./harness/axe.ts";

const SITE = join(ROOT, "build/docs");

/** Pages with every kind of thing that is on pages. Of the others only the text is looked at. */
const SAMPLES = ["", "calls", "limits", "sdk/rust", "api/cloche.wasmer"];

/** Not there if every test is skipped. */
let server: vite.PreviewServer | undefined;
let site: string;

test.skip(!existsSync(SITE), "the site is not built (npm run docs:build)");

test.beforeAll(async () => {
  const options = { root: ROOT, configFile: false, build: { outDir: SITE } } as const;
  server = await vite.preview({ ...options, preview: { port: 0 } });
  site = server.resolvedUrls?.local[0] ?? "";
});

test.afterAll(() => server?.close());

/** All pages but the reference, which is generated: one of its pages is among the samples. */
function pagesByHand(): string[] {
  return readdirSync(SITE, { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".html") && file !== "404.html" && !file.startsWith("api/"))
    .map((file) => file.replace(/(index)?\.html$/, ""));
}

test("no page fails or asks elsewhere", async ({ browser }) => {
  test.setTimeout(120_000);
  const { page, faults } = await watchedPage(browser);
  for (const path of pagesByHand()) await page.goto(site + path);
  expect(faults).toEqual([]);
  await page.close();
});

test("axe finds nothing in the text of any page", async ({ page }) => {
  test.setTimeout(120_000);
  await page.goto(site);
  const faults: string[] = [];
  for (const path of pagesByHand()) {
    // In one page: to load each and to give it axe would take longer than to look at it.
    await page.evaluate(async (address) => {
      const text = await (await fetch(address)).text();
      const main = new DOMParser().parseFromString(text, "text/html").querySelector("main");
      if (main === null) throw new Error(`${address} has no text`);
      // Axe walks through all that is on the page. What is around the text, code and colours are looked at
      // on the samples: they are the same everywhere, and take most of the time.
      for (const code of main.querySelectorAll("pre")) code.remove();
      document.body.replaceChildren(main);
    }, site + path);
    const options = { rules: { "color-contrast": { enabled: false } } };
    const found = await findingsOfAxe(page, "main", options);
    faults.push(...found.map((finding) => `/${path}: ${finding}`));
  }
  expect(faults).toEqual([]);
});

test("axe finds nothing on whole pages, light or dark", async ({ browser }) => {
  test.setTimeout(120_000);
  const { page, faults } = await watchedPage(browser);
  for (const path of SAMPLES) {
    await page.goto(site + path);
    const found = await findingsOfAxeInBoth(page, "html", async (colorScheme) => {
      await expect(page.locator("html.dark")).toHaveCount(colorScheme === "dark" ? 1 : 0);
    });
    faults.push(...found.map((finding) => `/${path}: ${finding}`));
  }
  expect(faults).toEqual([]);
  await page.close();
});

test("an example runs on its page, and its plugin ends", async ({ page }) => {
  await page.goto(`${site}calls`);
  await page.getByRole("button", { name: "Run", exact: true }).first().click();
  await expect(page.getByLabel("Output of the example").first()).toHaveText(
    "await double([1, 2, 3])[2, 4, 6]",
  );
  await expect.poll(() => page.workers()).toEqual([]);
});

test("the search finds a page by a word in it", async ({ page }) => {
  await page.goto(site);
  await page.getByRole("button", { name: "Search" }).click();
  await page.getByRole("searchbox").fill("queuedCalls");
  await expect(page.getByRole("option").first()).toContainText(/Limits|Pools|Loading|cloche/);
});

/** A page that notes its errors, and what it asks of other servers. */
async function watchedPage(browser: Browser): Promise<{ page: Page; faults: string[] }> {
  const page = await browser.newPage();
  const faults: string[] = [];
  page.on("console", (message) => {
    if (message.type() === "error") faults.push(`${page.url()}: ${message.text()}`);
  });
  page.on("pageerror", (error) => faults.push(`${page.url()}: ${error.message}`));
  page.on("request", (request) => {
    if (!request.url().startsWith(site)) faults.push(`${page.url()}: asks ${request.url()}`);
  });
  return { page, faults };
}
