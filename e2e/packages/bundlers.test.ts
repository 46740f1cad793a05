/** The packed library in the bundlers of users: built, and on development servers. */

import { expect, test } from "../harness/test.ts";
import { APP, serveSite } from "./open-site.ts";
import { needsTools, PackedProjects } from "./packed-project.ts";

const RESULTS = "inlined 42, wasmer 42, strict 42, hosted 42";

let projects: PackedProjects;

test.beforeAll(() => {
  projects = new PackedProjects();
});
test.afterAll(() => projects.remove());

for (const bundler of ["esbuild", "parcel", "rollup", "rspack", "vite-5", "vite-8", "webpack"]) {
  test(`the packed library runs in a build by ${bundler}`, async ({ page }) => {
    await serveSite(page, APP, [projects.build(bundler)]);
    await page.goto(APP);
    await expect(page.locator("output")).toHaveText(RESULTS);
  });
}

for (const version of ["vite-5", "vite-8"]) {
  test(`the packed library runs on the development server of ${version}`, async ({ page }) => {
    await page.goto(await projects.serve(version));
    await expect(page.locator("output")).toHaveText(RESULTS, { timeout: 20_000 });
  });
}

test("the packed library runs in a build by next, in the browser and on the server", async ({
  page,
}) => {
  test.setTimeout(90_000);
  await serveSite(page, APP, [projects.build("next")]);
  await page.goto(APP);
  await expect(page.locator("p")).toHaveText("imported on the server");
  await expect(page.locator("output")).toHaveText(RESULTS);
});
