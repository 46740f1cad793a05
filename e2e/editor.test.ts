import { test as base, type Locator, type Page, expect as plainExpect } from "@playwright/test";
import { DEMO_PORT } from "./harness/ports.ts";

const ADDRESS = `http://localhost:${DEMO_PORT}/demo/editor/index.html`;

/** Monaco is large, and a hung plugin is ended after a second: a busy machine takes its time. */
const expect = plainExpect.configure({ timeout: 15_000 });

/** What went wrong on the page without a test looking for it. */
let complaints: string[] = [];

/** Each test loads the page anew, in one tab. */
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

// Two editors and their findings on a busy machine.
test.describe.configure({ timeout: 60_000 });

test.beforeEach(async ({ page }) => {
  complaints = [];
  await page.goto(ADDRESS);
  await expect(state(page)).toHaveText("json-tools.wasm: ready");
});

test.afterEach(({ browserName }) => {
  // Firefox says this of any worker that is terminated while its guest spins under JSPI.
  const isFirefoxAtEnd = (text: string) =>
    browserName === "firefox" && text === "uncaught exception: undefined";
  expect(complaints.filter((text) => !isFirefoxAtEnd(text))).toEqual([]);
});

for (const editor of ["CodeMirror"] as const) {
  test.describe(editor, () => {
    test("takes text while the plugin hangs, and has it back by itself", async ({ page }) => {
      await choose(page, editor, "Hostile");
      await expect(state(page)).toHaveText("hazards.wasm: ready");
      await page.getByRole("button", { name: "Hang" }).click();
      await expect(state(page)).toHaveText("hazards.wasm: working");
      await page.keyboard.type(" typing goes on");
      await expect.poll(() => text(page)).toContain("hang! typing goes on");
      await expect(log(page)).toContainText('"diagnose" of plugin "hazards" timed out');
      await expect(log(page)).toContainText("hazards.wasm is back after");
      await page.getByRole("button", { name: "Take the words out" }).click();
      await expect(state(page)).toHaveText("hazards.wasm: ready");
      await page.getByRole("button", { name: "Lie" }).click();
      await expect(findings(page)).toHaveText("2");
    });

    test("is unharmed by a plugin that dies, lies or floods", async ({ page }) => {
      await choose(page, editor, "Hostile");
      await page.getByRole("button", { name: "Crash" }).click();
      await expect(log(page)).toContainText("The document said crash!");
      await expect(log(page)).toContainText("hazards.wasm is back after");
      await page.getByRole("button", { name: "Take the words out" }).click();
      await page.getByRole("button", { name: "Lie" }).click();
      await page.getByRole("button", { name: "Flood" }).click();
      await expect(findings(page)).toHaveText("4");
      const before = await text(page);
      await page.getByRole("button", { name: "Format" }).click();
      await expect(message(page)).toHaveText(
        'Plugin "hazards" answered "format" with edits that overlap',
      );
      expect(await text(page)).toBe(before);
    });
  });
}

async function choose(page: Page, editor: "CodeMirror" | "Monaco", document: string) {
  await page.getByRole("radio", { name: editor }).check();
  await page.getByRole("radio", { name: document }).check();
  await expect(pane(page)).toHaveAttribute("aria-busy", "false");
  await expect(page.getByLabel(`${document} in ${editor}`)).toBeAttached();
}

const pane = (page: Page): Locator => page.locator("#pane");
const state = (page: Page): Locator => page.getByRole("status", { name: "State of the plugin" });
const message = (page: Page): Locator => page.locator("#message");
const findings = (page: Page): Locator => page.locator("#findings");
const log = (page: Page): Locator => page.getByRole("log", { name: "What happened" });

/** The lines that the editor shows, in the order of the text. */
async function lines(page: Page): Promise<string[]> {
  const shown = await pane(page)
    .locator(".cm-line, .view-line")
    .evaluateAll((all) =>
      all
        .map((each) => ({ text: each.textContent ?? "", top: each.getBoundingClientRect().top }))
        .sort((a, b) => a.top - b.top)
        .map(({ text }) => text.replaceAll("\u00a0", " ")),
    );
  return shown;
}

async function text(page: Page): Promise<string> {
  return (await lines(page)).join("\n");
}
