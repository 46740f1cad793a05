/** The packed library on pages without a bundler, and under the policies that pages have. */

import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Page } from "@playwright/test";
import { expect, test } from "../harness/test.ts";
import { APP, CDN, serveSite } from "./open-site.ts";
import { PackedProjects } from "./packed-project.ts";

let projects: PackedProjects;
/** A page with an import map. */
let mapped: string;
/** A page that esbuild has built. */
let built: string;

test.beforeAll(() => {
  projects = new PackedProjects();
  mapped = projects.create("import-map");
  built = projects.build("esbuild");
});
test.afterAll(() => projects.remove());

async function expectResults(page: Page, ways: readonly string[]): Promise<void> {
  await page.goto(`${APP}?ways=${ways.join(",")}`);
  const results = ways.map((way) => `${way} 42`).join(", ");
  await expect(page.locator("output")).toHaveText(results);
}

const ALL = ["inlined", "wasmer", "strict", "hosted"];

test("the packed library runs by an import map", async ({ page }) => {
  await serveSite(page, APP, [mapped]);
  await expectResults(page, ALL);
});

test("the packed library runs from another origin, with the hosted worker on the page's", async ({
  page,
}) => {
  const html = readFileSync(join(mapped, "index.html"), "utf8");
  await serveSite(page, APP, [mapped]);
  await page.route(`${APP}?*`, (route) =>
    route.fulfill({
      contentType: "text/html",
      body: html.replaceAll('"/node_modules/', `"${CDN}`),
    }),
  );
  const headers = { "Access-Control-Allow-Origin": "*" };
  await serveSite(page, CDN, [join(mapped, "node_modules")], headers);
  await expectResults(page, ALL);
});

/** The Content-Security-Policy of a page, and the ways to run a plugin there. */
const POLICIES = {
  "allows nothing but its own files": [
    "default-src 'none'; connect-src 'self'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self'",
    ["hosted"],
  ],
  "allows blobs for workers": [
    "default-src 'none'; connect-src 'self'; script-src 'self' 'wasm-unsafe-eval'; worker-src blob:",
    ["inlined", "wasmer"],
  ],
  "requires Trusted Types": [
    "require-trusted-types-for 'script'; trusted-types cloche",
    ["inlined", "wasmer", "strict"],
  ],
  "has an opaque origin": ["sandbox allow-scripts", ["inlined", "wasmer", "strict"]],
} as const;

for (const [what, [policy, ways]] of Object.entries(POLICIES)) {
  test(`the packed library runs on a page that ${what}`, async ({ page }) => {
    await serveSite(page, APP, [built], {
      "Content-Security-Policy": policy,
      // For the page of an opaque origin.
      "Access-Control-Allow-Origin": "*",
    });
    await expectResults(page, ways);
  });
}
