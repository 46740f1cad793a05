/** Playwright's `test` on the playground. */

import { expect, type Locator, type Page } from "@playwright/test";
import { addressOf, testOn } from "./demo-page.ts";

const PATH = "demo/playground/index.html";

export const ADDRESS: string = addressOf(PATH);

export const test = testOn(PATH, (page) => expect(stateOf(page)).toContainText("Ready"));

/** The state of the open program. */
export function stateOf(page: Page): Locator {
  return page.locator(".program-bar .state");
}
