import { expect, type Page } from "@playwright/test";
import { findingsOfAxe } from "./harness/axe.ts";
import { stateOf, test } from "./harness/playground-page.ts";
import { ANY_BROWSER } from "./harness/test.ts";

/** The first source waits for the compiler, of which AssemblyScript's is large. */
test.setTimeout(150_000);
const patient = expect.configure({ timeout: 90_000 });

for (const [language, number, name, details] of [
  ["TypeScript", "number", "diary", {}],
  ["AssemblyScript", "f64", "waves", ANY_BROWSER],
] as const) {
  test(
    `compiles ${language} while it is typed, and keeps the last good version`,
    details,
    async ({ sharedPage: page }) => {
      await open(page, language);
      await patient(compilerState(page)).toHaveText(/^Running, compiled in/);
      await expect(page.getByRole("heading", { name })).toBeVisible();
      await expect(stateOf(page)).toContainText("Ready");
      const rest = `\nexport function triple(x: ${number}): ${number} {\n  return 3 * x;`;
      await type(page, rest);
      await patient(compilerState(page)).toHaveText("1 error; the last good version goes on");
      const message = page.getByRole("list", { name: "Messages of the compiler" });
      await expect(message).toContainText(/Error in line \d+:/);
      await expect(stateOf(page)).toContainText("Ready");
      await type(page, "\n}\n");
      await patient(compilerState(page)).toHaveText(/^Running, compiled in/);
      await expect(message).toBeHidden();
      await page.getByRole("combobox", { name: "Function" }).selectOption("triple");
      await expect(page.getByRole("button", { name: "Call triple" })).toBeVisible();
      expect(await findingsOfAxe(page)).toEqual([]);
    },
  );
}

test("goes to the place of a message", ANY_BROWSER, async ({ sharedPage: page }) => {
  await open(page, "TypeScript");
  await patient(compilerState(page)).toHaveText(/^Running, compiled in/);
  await type(page, "\nexport function wrong(x): number { return 1; }");
  await page.getByRole("button", { name: /^Error in line/ }).click();
  await page.keyboard.insertText("HERE");
  await expect(page.locator(".cm-content")).toContainText("export function wrong(HEREx)");
});

async function open(page: Page, language: string): Promise<void> {
  await page.getByRole("button", { name: `Write ${language}` }).click();
}

/** Types at the end of the source. */
async function type(page: Page, text: string): Promise<void> {
  await page.locator(".cm-content").focus();
  await page.keyboard.press("ControlOrMeta+End");
  await page.keyboard.insertText(text);
}

/** What the page says of the source. */
function compilerState(page: Page) {
  return page.locator(".writer-bar [role=status]");
}
