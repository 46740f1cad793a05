import { expect, type Locator, type Page } from "@playwright/test";
import { testOn } from "./harness/demo-page.ts";
import { ANY_BROWSER } from "./harness/test.ts";

/** What the page begins with. */
const FIRST_NUMBERS = "1, 2.5, 21, -8, 0.05, 1500";
const FIRST_ANSWERS = ["2", "5", "42", "-16", "0.1", "3000"];

const test = testOn("", (page) => expect(liveState(page)).toHaveText("Ready"), watchLayoutShifts);

test("runs with strictly isolated plugins after a click on the link", async ({
  sharedPage: page,
}) => {
  await page.getByRole("link", { name: "Isolated strictly" }).click();
  await expect(liveState(page)).toHaveText("Ready");
  await expectAnswers(page, FIRST_ANSWERS);
  await expect(page.locator("iframe")).toHaveCount(2);
  await page.getByRole("link", { name: "In workers of this page" }).click();
  await expect(liveState(page)).toHaveText("Ready");
  await expect(page.locator("iframe")).toHaveCount(0);
});

test.describe("the live plugin", () => {
  test(
    "doubles the initial numbers of the page, and shows the number and the duration of calls",
    ANY_BROWSER,
    async ({ sharedPage: page }) => {
      await expectAnswers(page, FIRST_ANSWERS);
      const duration = /^\s*(< )?[\d.]+ (µs|ms|s)\s*$/;
      await expect(definition(page, "Last call")).toHaveText(duration);
      await expect(definition(page, "Median of the last 48")).toHaveText(duration);
      await expect(definition(page, "Load to ready")).toHaveText(duration);
      // The page makes a dozen calls by itself; from then on, one for each change.
      await expect(definition(page, "Calls")).toHaveText("12");
      await number(page, 1).press("ArrowUp");
      await expect(definition(page, "Calls")).toHaveText("13");
    },
  );

  test("doubles numbers while they are typed", ANY_BROWSER, async ({ sharedPage: page }) => {
    await numbers(page).fill("");
    await expectAnswers(page, []);
    await numbers(page).pressSequentially("4, 10.25 -3");
    await expectAnswers(page, ["8", "20.5", "-6"]);
    await numbers(page).press("Backspace");
    await numbers(page).press("7");
    await expectAnswers(page, ["8", "20.5", "-14"]);
  });

  test(
    "doubles numbers beyond the range of integers",
    ANY_BROWSER,
    async ({ sharedPage: page }) => {
      await numbers(page).fill("1e308 -1e308 5e-324 -0 0.1 Infinity");
      await expectAnswers(page, ["Infinity", "-Infinity", "1e-323", "-0", "0.2", "Infinity"]);
    },
  );

  test(
    "doubles a pasted column of more numbers than it displays",
    ANY_BROWSER,
    async ({ sharedPage: page }) => {
      const values = Array.from({ length: 500 }, (_, index) => index);
      await paste(page, values.join("\n"));
      await expect(answer(page, 100)).toHaveText("198");
      await expect(page.getByText("and 400 more, doubled too")).toBeAttached();
    },
  );

  test(
    "steps a number with the arrow keys, in its last decimal place",
    ANY_BROWSER,
    async ({ sharedPage: page }) => {
      await startOver(page);
      const second = number(page, 2);
      await second.press("ArrowUp");
      await expect(second).toHaveValue("2.6");
      await second.press("Shift+ArrowDown");
      await expect(second).toHaveValue("1.6");
      await expect(numbers(page)).toHaveValue("1, 1.6, 21, -8, 0.05, 1500");
      await expectAnswers(page, ["2", "3.2", "42", "-16", "0.1", "3000"]);
    },
  );

  test("changes a number that is dragged sideways", async ({ sharedPage: page }) => {
    await startOver(page);
    await dragBy(page, number(page, 3), 60);
    await expect(number(page, 3)).toHaveValue("31");
    await expect(answer(page, 3)).toHaveText("62");
    await dragBy(page, number(page, 3), -120);
    await expect(number(page, 3)).toHaveValue("11");
    await expect(answer(page, 3)).toHaveText("22");
  });

  test(
    "takes a number typed into its row, and removes one that is cleared",
    ANY_BROWSER,
    async ({ sharedPage: page }) => {
      await startOver(page);
      await number(page, 1).click();
      await page.keyboard.type("64");
      await expect(answer(page, 1)).toHaveText("128");
      for (const _ of "64") await page.keyboard.press("Backspace");
      await page.keyboard.press("Backspace");
      await expect(numbers(page)).toHaveValue("2.5, 21, -8, 0.05, 1500");
      await expectAnswers(page, ["5", "42", "-16", "0.1", "3000"]);
    },
  );

  test(
    "explains invalid numbers and keeps the last results",
    ANY_BROWSER,
    async ({ sharedPage: page }) => {
      await startOver(page);
      await numbers(page).fill("1, 2.5, twenty, -8");
      await expect(page.getByText("“twenty” is not a number")).toBeVisible();
      await expect(numbers(page)).toHaveAttribute("aria-invalid", "true");
      await expectAnswers(page, FIRST_ANSWERS);
      await numbers(page).fill("1, 2.5, 20, -8");
      await expect(page.getByText("is not a number")).toHaveCount(0);
      await expect(numbers(page)).toHaveAttribute("aria-invalid", "false");
      await expectAnswers(page, ["2", "5", "40", "-16"]);
    },
  );

  test("shows whether the page is cross-origin isolated", async ({ sharedPage: page }) => {
    const isIsolated = await page.evaluate(() => globalThis.crossOriginIsolated);
    await expect(definition(page, "Cross-origin isolated")).toHaveText(isIsolated ? "Yes" : "No");
    await expect(definition(page, "An endless loop is stopped by")).toHaveText(
      isIsolated ? "A flag in shared memory" : "Counting instructions",
    );
  });

  test("says why it is closed, fits its bar on a phone, and works after it is loaded again", async ({
    sharedPage: page,
  }) => {
    await page.getByRole("button", { name: "Terminate" }).click();
    await expect(liveState(page)).toHaveText("Terminated");
    await expect(page.getByText("You terminated this plugin")).toBeVisible();
    await expect(page.getByRole("button", { name: "Load again" })).toBeVisible();
    for (const width of [320, 360, 390]) {
      await page.setViewportSize({ width, height: 844 });
      const overflows = await page
        .locator("html, #live .card-bar, #live-toggle")
        .evaluateAll((parts) => parts.map((part) => part.scrollWidth - part.clientWidth));
      expect(overflows, `at ${width} px`).toEqual([0, 0, 0]);
    }
    await numbers(page).fill("50");
    await page.getByRole("button", { name: "Load again" }).click();
    await expect(liveState(page)).toHaveText("Ready");
    await expectAnswers(page, ["100"]);
  });

  test("says why it is closed also when a call was in progress", ANY_BROWSER, async ({ page }) => {
    await page.evaluate(() => {
      const editor = document.querySelector("textarea");
      const toggle = document.querySelector<HTMLButtonElement>("#live-toggle");
      if (editor === null || toggle === null) throw new Error("no editor, or nothing to click");
      editor.value = "1 ".repeat(50_000);
      editor.dispatchEvent(new InputEvent("input", { bubbles: true }));
      // The list is given to the guest in the task after the next frame.
      requestAnimationFrame(() => setTimeout(() => setTimeout(() => toggle.click())));
    });
    await expect(liveState(page)).toHaveText("Terminated");
    await page.waitForTimeout(200);
    await expect(page.getByText("You terminated this plugin")).toBeVisible();
  });
});

test.describe("a failed call", () => {
  const cases: readonly (readonly [
    button: string,
    error: string,
    says: RegExp,
    outlives: boolean,
  ])[] = [
    ["Panic", "PluginTrapError", /the shelf is empty/, false],
    ["Loop forever", "PluginTimeoutError", /after 200 ms/, false],
    ["Recurse forever", "PluginTrapError", /overflow_stack/, false],
    ["Pass a wrong type", "CodecError", /\$\[0\]\.y: .* is not f64/, true],
    ["Call a missing function", "PluginLinkError", /"triple".*no export "__triple"/, true],
    ["Throw in a host function", "PluginHostFunctionError", /"run".*no shell/, true],
    ["Exit", "PluginExitError", /code 3/, false],
  ];

  for (const [button, error, says, outlives] of cases) {
    test(`shows ${error} for “${button}”, and the next call works`, async ({
      sharedPage: page,
    }) => {
      const printed = terminal(page).getByText("Hello from under the glass");
      const before = await printed.count();
      await choose(page, button);
      await expect(report(page).getByRole("heading")).toContainText(error);
      await expect(report(page)).toContainText(says);
      await expectFate(page, outlives ? "The same instance answered" : "This instance is closed");
      await choose(page, "Print a line");
      await expect(report(page).getByRole("heading")).toContainText("Returned");
      await expect(printed).toHaveCount(before + 1);
      await expectFate(page, "The same instance answered");
    });
  }

  test(
    "shows the message of a panic in the report and in the terminal",
    ANY_BROWSER,
    async ({ sharedPage: page }) => {
      const panics = terminal(page).getByText("panicked at");
      const before = await panics.count();
      await choose(page, "Panic");
      await expect(report(page)).toContainText("stderr");
      await expect(report(page)).toContainText("guestStack");
      await expect(panics).toHaveCount(before + 1);
      await expectFate(page, "This instance is closed");
    },
  );

  test("does not affect the other plugin", ANY_BROWSER, async ({ sharedPage: page }) => {
    await choose(page, "Loop forever");
    await numbers(page).fill("8");
    await expectAnswers(page, ["16"]);
    await expect(report(page).getByRole("heading")).toContainText("PluginTimeoutError");
    await expectFate(page, "This instance is closed");
    await expect(liveState(page)).toHaveText("Ready");
  });
});

test("copies the code as it is displayed", async ({ sharedPage: page, browserName }) => {
  if (browserName === "chromium") await allowClipboard(page);
  const code = page.getByLabel("The page, in TypeScript");
  await expect(code).toContainText('import { loadPlugin, t } from "cloche";');
  await page.getByRole("figure", { name: "The page, in TypeScript" }).getByRole("button").click();
  await expect(page.getByRole("button", { name: "Copied" })).toBeVisible();
  if (browserName !== "chromium") return;
  const copied = await page.evaluate(() => navigator.clipboard.readText());
  expect(copied).toBe(await code.textContent());
});

for (const [width, height, details] of [
  [390, 844, {}],
  [820, 1180, ANY_BROWSER],
  [1440, 900, ANY_BROWSER],
] as const) {
  test.describe(() => {
    test.use({ viewport: { width, height } });

    test(`fits a window ${width} pixels wide, and nothing moves`, details, async ({ page }) => {
      await expectAnswers(page, FIRST_ANSWERS);
      await numbers(page).press("ControlOrMeta+End");
      await numbers(page).pressSequentially(", 1.7e308, 4 5");
      await expect(answer(page, 9)).toHaveText("10");
      await choose(page, "Panic");
      await expectFate(page, "This instance is closed");
      const overflow = await page.evaluate(
        () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
      );
      expect(overflow).toBe(0);
      expect(await page.evaluate(() => Reflect.get(window, "layoutShift") as number)).toBeLessThan(
        0.001,
      );
    });
  });
}

/** Sums up every shift, those that follow an input too: typing must move nothing. */
function watchLayoutShifts(): void {
  Reflect.set(window, "layoutShift", 0);
  if (!PerformanceObserver.supportedEntryTypes.includes("layout-shift")) return;
  const observer = new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) {
      const total = (Reflect.get(window, "layoutShift") as number) + Reflect.get(entry, "value");
      Reflect.set(window, "layoutShift", total);
    }
  });
  observer.observe({ type: "layout-shift", buffered: true });
}

function numbers(page: Page): Locator {
  return page.getByLabel("Numbers", { exact: true });
}

function number(page: Page, position: number): Locator {
  return page.getByRole("textbox", { name: `Number ${position}`, exact: true });
}

function answer(page: Page, position: number): Locator {
  return page.getByRole("status", { name: `Number ${position} doubled`, exact: true });
}

function liveState(page: Page): Locator {
  return page.getByRole("status", { name: "State of double.wasm" });
}

function terminal(page: Page): Locator {
  return page.getByRole("log", { name: "everything.wasm" });
}

function report(page: Page): Locator {
  return page.getByRole("region", { name: "Result" });
}

function definition(page: Page, term: string): Locator {
  return page.locator("dl > div").filter({ hasText: term }).getByRole("definition");
}

async function allowClipboard(page: Page): Promise<void> {
  await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
}

/** Pastes a text in the place of the numbers. Were it filled in, Chromium would tell the page of each line. */
async function paste(page: Page, text: string): Promise<void> {
  await allowClipboard(page);
  await page.evaluate((text) => navigator.clipboard.writeText(text), text);
  await numbers(page).press("ControlOrMeta+a");
  await numbers(page).press("ControlOrMeta+v");
}

/** Gives the live plugin the numbers that the page begins with. */
async function startOver(page: Page): Promise<void> {
  await numbers(page).fill(FIRST_NUMBERS);
  await expectAnswers(page, FIRST_ANSWERS);
}

async function expectAnswers(page: Page, answers: readonly string[]): Promise<void> {
  await expect(page.getByRole("status", { name: /^Number \d+ doubled$/ })).toHaveText(answers);
}

async function choose(page: Page, title: string): Promise<void> {
  const group = page.getByRole("group", { name: "Calls to make" });
  await group.getByRole("button").filter({ hasText: title }).click();
}

async function expectFate(page: Page, text: string): Promise<void> {
  await expect(page.getByRole("status").filter({ hasText: text })).toBeVisible();
}

async function dragBy(page: Page, target: Locator, pixels: number): Promise<void> {
  await target.scrollIntoViewIfNeeded();
  const box = await target.boundingBox();
  if (box === null) throw new TypeError("Cannot drag a number: it is not visible");
  const x = box.x + box.width / 2;
  const y = box.y + box.height / 2;
  await page.mouse.move(x, y);
  await page.mouse.down();
  await page.mouse.move(x + pixels / 2, y, { steps: 2 });
  await page.mouse.move(x + pixels, y, { steps: 2 });
  await page.mouse.up();
}
