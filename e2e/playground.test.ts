import { expect, type Page } from "@playwright/test";
import { findingsOfAxeInBoth } from "./harness/axe.ts";
import { addressOf } from "./harness/demo-page.ts";
import { ADDRESS, stateOf, test } from "./harness/playground-page.ts";
import { ANY_BROWSER } from "./harness/test.ts";
import { withoutSchema } from "./harness/without-schema.ts";

// On one page. A form keeps what it had of the program, so the first test of a program sees how it begins.

test("opens a plugin of the gallery", ANY_BROWSER, async ({ sharedPage: page }) => {
  await page.getByRole("button", { name: "double in AssemblyScript" }).click();
  await expect(page.getByRole("heading", { name: "double-assemblyscript.wasm" })).toBeVisible();
  await expect(stateOf(page)).toContainText("Ready");
});

test("ends a plugin and starts it again", ANY_BROWSER, async ({ sharedPage: page }) => {
  await page.getByRole("button", { name: "Kill" }).click();
  await expect(stateOf(page)).toContainText("Ended");
  await page.getByRole("button", { name: "Restart" }).click();
  await expect(stateOf(page)).toContainText("Ready");
});

test.describe("the form", () => {
  test("and the arguments as JSON stay in step", ANY_BROWSER, async ({ sharedPage: page }) => {
    await open(page, "Text tool");
    await unfold(page, "Arguments as JSON");
    const json = page.getByRole("textbox", { name: "Arguments as JSON" });
    await expect(json).toHaveValue('["under glass! ", 3]');
    await page.getByLabel("times").fill("4");
    await expect(json).toHaveValue('["under glass! ", 4]');
    await json.fill('["bell", 1]');
    await expect(page.getByLabel("text", { exact: true })).toHaveValue("bell");
    await json.fill('["bell", ');
    await expect(page.getByText("This is not a list in JSON yet")).toBeVisible();
    await expect(page.getByLabel("times")).toHaveValue("1");
  });

  test("calls a function with the values of its fields", async ({ sharedPage: page }) => {
    await open(page, "Text tool");
    await page.getByLabel("text", { exact: true }).fill("ho ");
    await page.getByLabel("times").fill("2");
    await page.getByRole("button", { name: "Call shout" }).click();
    await expect(page.getByRole("region", { name: "Result as text" })).toHaveText("HO HO ");
  });

  test("says what is wrong with a value", ANY_BROWSER, async ({ sharedPage: page }) => {
    await open(page, "Text tool");
    await page.getByLabel("times").fill("256");
    await expect(page.getByText("Must be between 0 and 255 (u8)")).toBeVisible();
    await expect(page.getByRole("button", { name: "Call shout" })).toBeDisabled();
  });

  test(
    "shows an error with its class, and keeps the calls",
    ANY_BROWSER,
    async ({ sharedPage: page }) => {
      await open(page, "Text tool");
      await page.getByLabel("Function").selectOption("count_words");
      await page.getByRole("button", { name: "Call count_words" }).click();
      await expect(page.getByText('{ "ok": true, "value": 8 }')).toBeVisible();
      await expect(page.getByRole("log")).toHaveText("8 words");
      await page.getByRole("button", { name: "Delete /words.txt" }).click();
      await expect(page.getByText("No files.")).toBeVisible();
      await page.getByRole("button", { name: "Call count_words" }).click();
      await expect(page.getByText('{ "ok": false, "error": "no words" }')).toBeVisible();
      await expect(page.getByRole("button", { name: /count_words\(\) returned/ })).toHaveCount(2);
    },
  );

  test("filters a picture and shows it", ANY_BROWSER, async ({ sharedPage: page }) => {
    await open(page, "Picture filter");
    await expect(page.getByText("360 × 240")).toBeVisible();
    await page.getByLabel("filter", { exact: true }).selectOption("Grey");
    await page.getByLabel("strength").fill("1");
    await page.getByRole("button", { name: "Call apply" }).click();
    const picture = page.getByRole("img", { name: "The resulting picture, 360 × 240" });
    await expect(picture).toBeVisible();
    const pixel = await picture.evaluate((canvas) => {
      const context = canvas instanceof HTMLCanvasElement ? canvas.getContext("2d") : null;
      return [...(context?.getImageData(5, 5, 1, 1).data ?? [])];
    });
    expect(pixel[0]).toBe(pixel[1]);
    expect(pixel[1]).toBe(pixel[2]);
  });

  test("plots a list of numbers", ANY_BROWSER, async ({ sharedPage: page }) => {
    await open(page, "double in Rust");
    await page.getByRole("button", { name: "Call double" }).click();
    await expect(
      page.getByRole("img", { name: "Plot of 6 points, from -16 to 3000" }),
    ).toBeVisible();
    await page.getByRole("button", { name: "JSON", exact: true }).click();
    await expect(page.getByText("[2, 5, 42, -16, 0.1, 3000]")).toBeVisible();
  });
});

test("answers every attack with an error, while the page draws", async ({ sharedPage: page }) => {
  await open(page, "Under glass");
  await page.getByRole("button", { name: "Run all six" }).click();
  const answers = page.locator(".attack-answer");
  await expect(answers.nth(0)).toContainText("PluginTimeoutError");
  await expect(answers.nth(1)).toContainText("and then no more");
  await expect(answers.nth(2)).toContainText("PluginTrapError");
  await expect(answers.nth(3)).toContainText("PluginTrapError");
  await expect(answers.nth(4)).toContainText("CodecError");
  await expect(answers.nth(5)).toContainText("PluginTimeoutError");
  // It is of the instance that takes the next call.
  await expect(page.locator(".gauges")).toContainText(/Memory\d+ KB/);
  await expect(page.locator(".longest-frame")).toHaveText(/^\d+ ms$/);
  await expect(stateOf(page)).toContainText("Ready");
});

test(
  "runs a file that is edited, and one that is uploaded",
  ANY_BROWSER,
  async ({ sharedPage: page }) => {
    await open(page, "Text tool");
    await page.getByRole("button", { name: /^words.txt/ }).click();
    await page.getByLabel("Text of /words.txt").fill("one two");
    await expect(page.getByRole("button", { name: "words.txt 7 bytes" })).toBeVisible();
    await page.getByLabel("Function").selectOption("count_words");
    await page.getByRole("button", { name: "Call count_words" }).click();
    await expect(page.getByText('{ "ok": true, "value": 2 }')).toBeVisible();
    await page.getByLabel("Upload").setInputFiles({
      name: "words.txt",
      mimeType: "text/plain",
      buffer: Buffer.from("one two three"),
    });
    await expect(page.getByRole("button", { name: "words.txt 13 bytes" })).toBeVisible();
  },
);

test(
  "opens a module of the user, who states its types",
  ANY_BROWSER,
  async ({ sharedPage: page }) => {
    const module = await withoutSchema(addressOf("plugins/double.wasm"));
    await page.getByLabel("Open a .wasm").setInputFiles({
      name: "mine.wasm",
      mimeType: "application/wasm",
      buffer: Buffer.from(module),
    });
    await expect(page.getByText("This plugin does not describe itself")).toBeVisible();
    const types = page.getByLabel("Types of its functions");
    await types.fill("fn double(x: vec<f64>");
    await page.getByRole("button", { name: "Use these types" }).click();
    await expect(page.getByText(/TypeError: Cannot read schema/)).toBeVisible();
    await types.fill("fn double(x: vec<f64>) -> vec<f64>;");
    await page.getByRole("button", { name: "Use these types" }).click();
    await page.getByLabel("x", { exact: true }).fill("4 5 6");
    await page.getByRole("button", { name: "Call double" }).click();
    await page.getByRole("button", { name: "JSON", exact: true }).click();
    await expect(page.getByText("[8, 10, 12]")).toBeVisible();
  },
);

test("says why a file is no plugin", ANY_BROWSER, async ({ sharedPage: page }) => {
  await page.getByLabel("Open a .wasm").setInputFiles({
    name: "broken.wasm",
    mimeType: "application/wasm",
    buffer: Buffer.from("nothing"),
  });
  await expect(stateOf(page)).toContainText("Failed");
  await expect(page.getByText("This is no Wasm module")).toBeVisible();
});

test.describe("a share link", () => {
  test(
    "opens with the function, the arguments and the files",
    ANY_BROWSER,
    async ({ sharedPage: page }) => {
      await open(page, "Text tool");
      await page.getByLabel("text", { exact: true }).fill("shared");
      await page.getByRole("button", { name: /^words.txt/ }).click();
      await page.getByLabel("Text of /words.txt").fill("only this");
      await expect(page.getByRole("button", { name: "words.txt 9 bytes" })).toBeVisible();
      await page.getByRole("button", { name: "Share" }).click();
      await expect(page).toHaveURL(/#share=/);
      await page.reload();
      await expect(page.getByLabel("text", { exact: true })).toHaveValue("shared");
      await expect(page.getByRole("button", { name: "words.txt 9 bytes" })).toBeVisible();
    },
  );

  test(
    "of somebody who means ill opens the first plugin",
    ANY_BROWSER,
    async ({ sharedPage: page }) => {
      await page.goto("about:blank");
      await page.goto(`${ADDRESS}#share=${"A".repeat(2000)}`);
      await expect(page.getByRole("heading", { name: "double.wasm" })).toBeVisible();
      await expect(stateOf(page)).toContainText("Ready");
    },
  );
});

test("says what the page allows plugins", async ({ sharedPage: page }) => {
  await unfold(page, "What this page allows plugins");
  await expect(page.getByText("plugins can be loaded")).toBeVisible();
});

test("fits a phone", ANY_BROWSER, async ({ sharedPage: page }) => {
  for (const entry of ["Picture filter", "Under glass"]) {
    await open(page, entry);
    for (const width of [320, 390, 800]) {
      await page.setViewportSize({ width, height: 844 });
      const overflow = await page.evaluate(
        () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
      );
      expect(overflow, `${entry} at ${width}`).toBe(0);
    }
  }
});

test.describe("axe finds nothing", ANY_BROWSER, () => {
  const VIEWS: Readonly<Record<string, (page: Page) => Promise<void>>> = {
    "a call": async (page) => {
      await open(page, "double in Rust");
      await page.getByRole("button", { name: "Call double" }).click();
      await expect(page.getByText("Returned")).toBeVisible();
      await unfold(page, "Arguments as JSON");
    },
    "the attacks": async (page) => {
      await unfold(page, "What this page allows plugins");
      await open(page, "Under glass");
    },
    "a module and a file": async (page) => {
      await open(page, "Text tool");
      await page.getByRole("button", { name: /^words.txt/ }).click();
      await page.getByRole("tab", { name: "Inspect" }).click();
      await expect(page.getByText("What it says of itself")).toBeVisible();
    },
  };
  for (const [name, show] of Object.entries(VIEWS)) {
    test(`in ${name}, in light and dark colours`, async ({ sharedPage: page }) => {
      await show(page);
      expect(await findingsOfAxeInBoth(page)).toEqual([]);
    });
  }
});

// The last one: it leaves the page without.
test("works without cross-origin isolation", ANY_BROWSER, async ({ sharedPage: page }) => {
  await page.route(`${ADDRESS}?plain`, async (route) => {
    const response = await route.fetch();
    const headers = Object.entries(response.headers()).filter(
      ([name]) => !name.startsWith("cross-origin-"),
    );
    await route.fulfill({ response, headers: Object.fromEntries(headers) });
  });
  await page.goto(`${ADDRESS}?plain`);
  expect(await page.evaluate(() => crossOriginIsolated)).toBe(false);
  await expect(page.getByText("counting instructions")).toBeVisible();
  await page.getByRole("button", { name: "Call double" }).click();
  await expect(page.getByText("Returned")).toBeVisible();
  await page.unrouteAll();
});

/** Opens an entry of the gallery. */
async function open(page: Page, title: string): Promise<void> {
  const entry = page.getByRole("button", { name: title });
  await entry.click();
  await expect(entry).toHaveAttribute("aria-current", "true");
  await expect(stateOf(page)).toContainText("Ready");
}

/** Opens what is folded, if the test before has not. */
async function unfold(page: Page, title: string): Promise<void> {
  const folded = page.locator("details:not([open]) > summary").filter({ hasText: title });
  if ((await folded.count()) > 0) await folded.click();
}
