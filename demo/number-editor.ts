/** The list of numbers: one text to type in, and a row for each number to drag or step. */

import { type NumberToken, readNumbers, stepNumber } from "./number-list.ts";
import { NumberRows } from "./number-rows.ts";
import { pageElement } from "./page-element.ts";

/** How long a number may be unfinished before it is reported as wrong. */
const PATIENCE_MS = 900;
const SHOWN_CHARACTERS = 24;
const HINT =
  "Commas or spaces between numbers. Drag one sideways below, or step it with the arrow keys.";

export class NumberEditor {
  readonly rows: NumberRows;
  readonly #textArea: HTMLTextAreaElement = pageElement("numbers", HTMLTextAreaElement);
  readonly #message: HTMLElement = pageElement("numbers-message", HTMLElement);
  readonly #onNumbers: (values: readonly number[]) => void;
  /** The words of the last valid list. */
  #texts: readonly string[] = [];
  #notice = "";
  #patience = 0;

  /** @param onNumbers Called with each new valid list. */
  constructor(onNumbers: (values: readonly number[]) => void) {
    this.#onNumbers = onNumbers;
    this.rows = new NumberRows(pageElement("rows", HTMLElement), {
      onText: (index, text) => this.#replace(index, text),
      onStep: (index, startText, steps) => this.#replace(index, stepNumber(startText, steps)),
      onRemove: (index) => this.#remove(index),
    });
    this.#textArea.addEventListener("input", () => this.#read());
    this.#textArea.addEventListener("blur", () => this.#showProblems());
    this.#read();
  }

  setNumbers(texts: readonly string[]): void {
    this.#textArea.value = texts.join(", ");
    this.#read();
  }

  /** Adds a number at the end and focuses it. */
  add(text: string): void {
    this.setNumbers([...this.#texts, text]);
    this.rows.focus(this.#texts.length - 1);
  }

  /** Shows a notice instead of the hint; an empty text shows the hint again. */
  setNotice(notice: string): void {
    this.#notice = notice;
    this.#showProblems();
  }

  #read(): void {
    const tokens = readNumbers(this.#textArea.value);
    const values = tokens.flatMap(({ value }) => (value === undefined ? [] : [value]));
    window.clearTimeout(this.#patience);
    if (values.length === tokens.length) {
      this.#texts = tokens.map(({ text }) => text);
      this.rows.show(this.#texts, values);
      this.#showProblems();
      this.#onNumbers(values);
    } else if (tokens.every(({ value, isUnfinished }) => value !== undefined || isUnfinished)) {
      this.#patience = window.setTimeout(() => this.#showProblems(), PATIENCE_MS);
    } else {
      this.#showProblems();
    }
  }

  #showProblems(): void {
    const tokens = readNumbers(this.#textArea.value);
    const wrong = tokens.filter(({ value }) => value === undefined);
    const problem = describeWrong(wrong);
    this.#message.textContent = problem || this.#notice || HINT;
    this.#message.dataset["kind"] = problem ? "error" : this.#notice ? "notice" : "hint";
    this.#textArea.setAttribute("aria-invalid", String(problem !== ""));
    if (tokens.length !== this.#texts.length) return;
    for (const [index, { value }] of tokens.entries()) {
      if (value === undefined) this.rows.markInvalid(index);
    }
  }

  /** Replaces one number in the text and leaves the rest as it is. */
  #replace(index: number, text: string): void {
    const tokens = readNumbers(this.#textArea.value);
    const token = tokens[index];
    const isInPlace =
      tokens.length === this.#texts.length &&
      tokens.every(({ value }, at) => at === index || value !== undefined);
    if (token !== undefined && isInPlace) {
      this.#textArea.setRangeText(text, token.start, token.end, "preserve");
      this.#read();
    } else {
      this.setNumbers(this.#texts.with(index, text));
    }
  }

  #remove(index: number): void {
    if (index < this.#texts.length) this.setNumbers(this.#texts.toSpliced(index, 1));
  }
}

function describeWrong(wrong: readonly NumberToken[]): string {
  const [first] = wrong;
  if (first === undefined) return "";
  const cut = first.text.length > SHOWN_CHARACTERS ? "…" : "";
  const rest = wrong.length > 1 ? `, nor ${wrong.length - 1} more` : "";
  const word = `${first.text.slice(0, SHOWN_CHARACTERS)}${cut}`;
  return `“${word}” is not a number${rest}. The last valid list and its results are shown below.`;
}
