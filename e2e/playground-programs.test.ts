import { existsSync } from "node:fs";
import { join } from "node:path";
import { expect, type Page } from "@playwright/test";
import { findingsOfAxe } from "./harness/axe.ts";
import { stateOf, test } from "./harness/playground-page.ts";
import { ANY_BROWSER } from "./harness/test.ts";
import { INSTALLED } from "./programs/installed.ts";

// All on one page. A test never opens the program that the one before left open, whose text the screen has still.

/** The larger programs are fetched and compiled first. */
test.setTimeout(120_000);
const patient = expect.configure({ timeout: 90_000 });

test("a program asks in the terminal, and reads the line that is typed", async ({
  sharedPage: page,
}) => {
  await open(page, "A small tool");
  await patient(screen(page)).toContainText("name?");
  await page.keyboard.type("Adb");
  await page.keyboard.press("Backspace");
  await page.keyboard.type("a");
  await page.keyboard.press("Enter");
  await expect(screen(page)).toContainText("hello Ada");
  await page.keyboard.press("Control+D");
  await expect(screen(page)).toContainText("Exit code 0. Press Enter to start it again");
  await expect(stateOf(page)).toContainText("Ended");
  expect(await findingsOfAxe(page)).toEqual([]);
});

test(
  "SQLite keeps its database in a file, from one run to the next",
  ANY_BROWSER,
  async ({ sharedPage: page }) => {
    await open(page, "SQLite");
    await patient(screen(page)).toContainText("sqlite>");
    await enter(page, "create table plants (name text); insert into plants values ('fern');");
    await enter(page, ".quit");
    await expect(screen(page)).toContainText("Exit code 0");
    await page.keyboard.press("Enter");
    await patient(screen(page)).not.toContainText("Exit code 0");
    await patient(screen(page)).toContainText("sqlite>");
    await enter(page, "select name || 's' from plants;");
    await expect(screen(page)).toContainText("ferns");
  },
);

test(
  "Enter starts a program again, and Ctrl+C stops it",
  ANY_BROWSER,
  async ({ sharedPage: page }) => {
    await open(page, "A small tool");
    await patient(screen(page)).toContainText("name?");
    await page.keyboard.press("Control+C");
    await expect(screen(page)).toContainText("Stopped");
    await page.keyboard.press("Enter");
    await expect(screen(page)).not.toContainText("Stopped");
    await expect(stateOf(page)).toContainText("Running");
    await page.getByRole("button", { name: "End the input (Ctrl+D)" }).click();
    await expect(stateOf(page)).toContainText("Ended");
  },
);

test("QuickJS evaluates lines", ANY_BROWSER, async ({ sharedPage: page }) => {
  needs("quickjs");
  await open(page, "QuickJS");
  await patient(screen(page)).toContainText("js>");
  await enter(page, "function twice(x) {");
  await expect(screen(page)).toContainText("...");
  await enter(page, "return 2 * x; }");
  await enter(page, "twice(21)");
  await expect(screen(page)).toContainText("42");
});

test(
  "Python evaluates lines, recalls them, and is interrupted in an endless loop",
  ANY_BROWSER,
  async ({ sharedPage: page }) => {
    needs("python");
    await open(page, "Python");
    await patient(screen(page)).toContainText(">>>");
    await enter(page, "6 * 7");
    await expect(screen(page)).toContainText("42");
    await page.keyboard.press("ArrowUp");
    await page.keyboard.type("00");
    await page.keyboard.press("Enter");
    await expect(screen(page)).toContainText("4200");
    await enter(page, "while True: pass");
    await enter(page, "");
    await page.keyboard.press("Control+C");
    await expect(screen(page)).toContainText("Stopped");
  },
);

test("Ruby evaluates lines", ANY_BROWSER, async ({ sharedPage: page }) => {
  needs("ruby");
  await open(page, "Ruby");
  await patient(screen(page)).toContainText("rb>");
  await enter(page, "[1, 2].map { |n| n * 21 }");
  await expect(screen(page)).toContainText("=> [21, 42]");
});

/** Skips the test of a program that the page was built without; where CI should have it, the test fails. */
function needs(program: string): void {
  const isMissing = !existsSync(join(INSTALLED, `${program}.wasm`));
  test.skip(
    isMissing && process.env["CI"] === undefined,
    `${program} is missing: npm run programs`,
  );
}

async function open(page: Page, title: string): Promise<void> {
  await page.getByRole("button", { name: title }).click();
  await page.getByRole("textbox", { name: "Terminal input" }).focus();
}

async function enter(page: Page, line: string): Promise<void> {
  await page.keyboard.type(line);
  await page.keyboard.press("Enter");
}

/** What the terminal shows. */
function screen(page: Page) {
  return page.locator(".xterm-rows");
}
