import { expect, type Locator, type Page } from "@playwright/test";
import { findingsOfAxeInBoth } from "./harness/axe.ts";
import { testOn } from "./harness/demo-page.ts";
import { ANY_BROWSER } from "./harness/test.ts";

const test = testOn("demo/editor/index.html", (page) =>
  expect(state(page)).toHaveText("json-tools.wasm: ready"),
);

/** The keys of the document in JSON that its third object of the shelf has not. */
const KEYS = ['"isOpen"', '"made of"', '"name"', '"shelf"', '"sizes"'];

const EDITORS = ["CodeMirror", "Monaco"] as const;

test("fits a phone, and axe finds nothing", ANY_BROWSER, async ({ sharedPage: page }) => {
  for (const editor of EDITORS) {
    await choose(page, editor, "JSON");
    await expect(findings(page)).toHaveText("3");
    // The rest of the page is the same.
    const part = editor === "Monaco" ? "#pane" : "html";
    expect(await findingsOfAxeInBoth(page, part), editor).toEqual([]);
    await page.setViewportSize({ width: 320, height: 844 });
    const overflow = await page.evaluate(
      () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
    );
    expect(overflow, editor).toBe(0);
    await page.setViewportSize({ width: 1280, height: 720 });
  }
});

for (const editor of EDITORS) {
  test(
    `${editor} takes text and saves it while the plugin hangs, and has it back by itself`,
    ANY_BROWSER,
    async ({ sharedPage: page }) => {
      await choose(page, editor, "Hostile");
      const earlier = await lines(page).count();
      await expect(state(page)).toHaveText("hazards.wasm: ready");
      await page.getByRole("button", { name: "Hang" }).click();
      await expect(state(page)).toHaveText("hazards.wasm: working");
      await page.keyboard.type(" typing goes on");
      await expect.poll(() => text(page)).toContain("hang! typing goes on");
      await page.getByRole("button", { name: "Save" }).click();
      await expect(message(page)).toHaveText(/^Saved \d+ characters as they are: /);
      await expect(newLine(page, earlier, /"\w+" of plugin "hazards" timed out/)).toBeAttached();
      await expect(newLine(page, earlier, "hazards.wasm is back after")).toBeAttached();
      await page.getByRole("button", { name: "Take the words out" }).click();
      await page.getByRole("button", { name: "Save" }).click();
      await expect(message(page)).toHaveText(/^Saved \d+ characters$/);
      await expect(state(page)).toHaveText("hazards.wasm: ready");
    },
  );

  test(
    `${editor} is unharmed by a plugin that dies, lies or floods`,
    ANY_BROWSER,
    async ({ sharedPage: page }) => {
      await choose(page, editor, "Hostile");
      const earlier = await lines(page).count();
      await pane(page).getByRole("textbox", { name: "Hostile" }).focus();
      await page.keyboard.press("ControlOrMeta+End");
      // What the test before has typed is no beginning of a proposal.
      await page.keyboard.press("Enter");
      await page.keyboard.press("Control+Space");
      // In the order of the plugin.
      await expect(proposals(page)).toHaveText(["hang!", "crash!", "lie!", "flood!"]);
      await proposals(page).nth(1).click();
      await expect(newLine(page, earlier, "The document said crash!")).toBeAttached();
      await expect(newLine(page, earlier, "hazards.wasm is back after")).toBeAttached();
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
    },
  );
}

// These change the documents of the page, so they come last, and the second one opens it anew.
test("CodeMirror marks, explains, proposes, formats and saves", ({ sharedPage }) =>
  editDocuments(sharedPage, "CodeMirror"));

test("Monaco marks, explains, proposes, formats and saves", ({ page }) =>
  editDocuments(page, "Monaco"));

async function editDocuments(page: Page, editor: "CodeMirror" | "Monaco"): Promise<void> {
  await test.step("JSON, with characters beyond two bytes", async () => {
    await choose(page, editor, "JSON");
    await expect
      .poll(() => marked(page))
      .toEqual(["// Comments and the comma at the end are findings. Format me.", '"id"', ","]);

    await pointAt(page, "Rust");
    await expect(tooltip(page)).toContainText('$["made of"][1]');

    // Behind a 😀, which has four bytes and two code units.
    await putCursorBehind(page, '"id": 3');
    await page.keyboard.type(', "');
    await expect(proposals(page)).toHaveText(KEYS);
    await page.keyboard.press("Escape");
    await expect(proposals(page)).toHaveCount(0);
    await page.keyboard.press("Control+Space");
    await expect(proposals(page).first()).toBeVisible();
    await page.keyboard.type("isO");
    await expect(proposals(page)).toHaveText(['"isOpen"']);
    // A list that has just opened takes no Enter.
    await proposals(page).click();
    await page.keyboard.type(": 1");
    await expect.poll(() => text(page)).toContain('"id": 3, "isOpen": 1 },');

    await page.getByRole("button", { name: "Format" }).click();
    await expect(message(page)).toHaveText("Formatted");
    await expect.poll(() => text(page)).toContain('"sizes": [12, 14.50, 1e3]');
  });
  await test.step("Markdown, with the line ends of Windows", async () => {
    await choose(page, editor, "Markdown");
    await expect.poll(() => marked(page)).toEqual(["nowhere", "###"]);
    const before = await text(page);
    await page.getByRole("button", { name: "Format" }).click();
    await expect(message(page)).toHaveText("Formatted");
    await expect.poll(() => text(page)).toContain("| json-tools     |      Rust      |   一 |");
    await page.getByRole("button", { name: "Save" }).click();
    // 363, and one more for each of 17 line ends.
    await expect(message(page)).toHaveText(/^Saved 380 characters/);
    await page.keyboard.press("ControlOrMeta+z");
    await expect.poll(() => text(page)).toBe(before);
    await putCursorBehind(page, "a plant below it");
    await page.keyboard.type(" [a][");
    await expect(proposals(page)).toHaveText(["guide"]);
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

/** The lines of the log. */
const lines = (page: Page): Locator => log(page).locator(".terminal-line");

/** The first line with a text behind so many earlier ones, which other tests may have left. */
const newLine = (page: Page, earlier: number, text: string | RegExp): Locator =>
  log(page)
    .locator(`.terminal-line:nth-child(n + ${earlier + 1})`, { hasText: text })
    .first();

/** What an editor shows below the mouse. */
const tooltip = (page: Page): Locator =>
  page.locator(".cm-tooltip-hover, .monaco-hover").filter({ visible: true });

/** The labels that an editor proposes. */
const proposals = (page: Page): Locator =>
  page.locator(".cm-completionLabel, .suggest-widget.visible .label-name");

/** The lines that the editor shows, in the order of the text. */
async function text(page: Page): Promise<string> {
  const lines = await pane(page)
    .locator(".cm-line, .view-line")
    .evaluateAll((all) =>
      all
        .map((each) => ({ text: each.textContent ?? "", top: each.getBoundingClientRect().top }))
        .sort((a, b) => a.top - b.top)
        .map(({ text }) => text.replaceAll("\u00a0", " ")),
    );
  return lines.join("\n");
}

interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

interface Shown {
  readonly characters: readonly { readonly text: string; readonly box: Box }[];
  /** Of findings. */
  readonly marks: readonly Box[];
}

/** What the editor shows at this moment, with its places in the pane: the page itself may be scrolling. */
async function shown(page: Page): Promise<Shown> {
  return pane(page).evaluate((pane) => {
    const { x: left, y: top } = pane.getBoundingClientRect();
    const boxOf = (part: Element | Range) => {
      const { x, y, width, height } = part.getBoundingClientRect();
      return { x: x - left - pane.clientLeft, y: y - top - pane.clientTop, width, height };
    };
    const characters: { text: string; box: Box }[] = [];
    for (const line of pane.querySelectorAll(".cm-line, .view-line")) {
      const walker = document.createTreeWalker(line, NodeFilter.SHOW_TEXT);
      const range = document.createRange();
      for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
        let at = 0;
        for (const text of node.textContent ?? "") {
          range.setStart(node, at);
          range.setEnd(node, (at += text.length));
          characters.push({ text: text.replace("\u00a0", " "), box: boxOf(range) });
        }
      }
    }
    const marks = pane.querySelectorAll(".cm-lintRange, [class*=squiggly-]");
    return { characters, marks: Array.from(marks, boxOf) };
  });
}

/** The texts below the marks of findings, in the order of the page. */
async function marked(page: Page): Promise<string[]> {
  const { characters, marks } = await shown(page);
  const isIn = ({ x, y, width, height }: Box, mark: Box) =>
    x + width / 2 > mark.x &&
    x + width / 2 < mark.x + mark.width &&
    y + height / 2 > mark.y &&
    y + height / 2 < mark.y + mark.height;
  return marks
    .toSorted((a, b) => a.y - b.y || a.x - b.x)
    .map((mark) =>
      characters
        .filter(({ box }) => isIn(box, mark))
        .map(({ text }) => text)
        .join(""),
    );
}

/** The middle of the last character of a text. */
async function endOf(page: Page, wanted: string): Promise<{ x: number; y: number; width: number }> {
  const { characters } = await shown(page);
  const all = characters.map(({ text }) => text).join("");
  const end = all.indexOf(wanted) + wanted.length;
  let length = 0;
  const last = characters.find(({ text }) => (length += text.length) >= end)?.box;
  if (!all.includes(wanted) || last === undefined)
    throw new Error(`The editor does not show ${wanted}`);
  return { x: last.x + last.width / 2, y: last.y + last.height / 2, width: last.width };
}

/** Moves the mouse over the end of a text. */
async function pointAt(page: Page, wanted: string): Promise<void> {
  const { x, y } = await endOf(page, wanted);
  await pane(page).hover({ position: { x: x - 1, y } });
  await pane(page).hover({ position: { x, y } });
}

async function putCursorBehind(page: Page, wanted: string): Promise<void> {
  const { x, y, width } = await endOf(page, wanted);
  await pane(page).click({ position: { x: x + width / 2 - 1, y } });
}
