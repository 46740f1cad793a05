/** That the pages of the demo load in WebKit too, and their plugins run: other browsers run all their tests. */

import { DEMO_PORT } from "./harness/ports.ts";
import { expect, test } from "./harness/test.ts";

const SITE = `http://localhost:${DEMO_PORT}`;

test("the demo doubles numbers that are typed", async ({ tab }) => {
  await tab.goto(`${SITE}/`);
  const answers = () =>
    tab.evaluate(() =>
      Array.from(document.querySelectorAll("#rows output"), ({ textContent }) => textContent),
    );
  await expect.poll(answers).toEqual(["2", "5", "42", "-16", "0.1", "3000"]);
  await tab.fill("#numbers", "4, 10.25 -3");
  await expect.poll(answers).toEqual(["8", "20.5", "-6"]);
});

test("the playground calls a plugin from its form", async ({ tab }) => {
  await tab.goto(`${SITE}/demo/playground/index.html`);
  await expect.poll(() => tab.textContent(".program-bar .state")).toContain("Ready");
  await tab.click(".call-form button[type=submit]");
  await expect.poll(() => tab.textContent(".result .report-class")).toBe("Returned");
});

for (const editor of ["CodeMirror", "Monaco"]) {
  test(`a plugin finds mistakes and formats in ${editor}`, async ({ tab }) => {
    await tab.goto(`${SITE}/demo/editor/index.html`);
    await tab.click(`[value=${editor.toLowerCase()}]`);
    await expect.poll(() => tab.textContent("#findings")).toBe("3");
    await tab.click("#format");
    await expect.poll(() => tab.textContent("#message")).toBe("Formatted");
  });
}
