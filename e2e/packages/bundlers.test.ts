/** The packed library in the bundlers of users: built, and on development servers. */

import type { Page } from "@playwright/test";
import { expect, test } from "../harness/test.ts";
import { APP, serveSite } from "./open-site.ts";
import { needsTools, PackedProjects } from "./packed-project.ts";

const RESULTS = "inlined 42, wasmer 42, strict 42, hosted 42";

// Some bundlers take a minute beside other tests.
test.setTimeout(120_000);

let projects: PackedProjects;

test.beforeAll(() => {
  projects = new PackedProjects();
});
test.afterAll(() => projects.remove());

/** Builds a project, opens its site and waits for the results. */
async function runBuild(page: Page, name: string): Promise<void> {
  await serveSite(page, APP, [projects.build(name)]);
  await page.goto(APP);
  await expect(page.locator("output")).toHaveText(RESULTS);
}

// It is a tool of this repository's too.
test("the packed library runs in a build by esbuild", ({ page }) => runBuild(page, "esbuild"));

test.describe(() => {
  needsTools();

  for (const bundler of ["parcel", "rollup", "rspack", "vite-5", "vite-8", "webpack"]) {
    test(`the packed library runs in a build by ${bundler}`, ({ page }) => runBuild(page, bundler));
  }

  test("the packed library runs in a build by next, in the browser and on the server", async ({
    page,
  }) => {
    await runBuild(page, "next");
    await expect(page.locator("p")).toHaveText("imported on the server");
  });

  for (const version of ["vite-5", "vite-8"]) {
    test(`the packed library runs on the development server of ${version}`, async ({ page }) => {
      await page.goto(await projects.serve(version));
      await expect(page.locator("output")).toHaveText(RESULTS, { timeout: 20_000 });
    });
  }
});
