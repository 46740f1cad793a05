/** The rows of the stage: a number, its bytes in and out, and the result. */

import { numberText } from "./number-list.ts";
import { createElement } from "./page-element.ts";
import { makeScrubbable } from "./scrub.ts";

/** Rows shown; the rest of a longer list is doubled too. */
const SHOWN_ROWS = 100;
/** Rows that the stage has room for; see `--row` in its styles. */
const VISIBLE_ROWS = 7;

export interface RowEvents {
  /** Someone wrote a text into a number. */
  onText(index: number, text: string): void;
  /** Someone dragged or stepped a number. */
  onStep(index: number, startText: string, steps: number): void;
  onRemove(index: number): void;
}

interface Row {
  readonly item: HTMLElement;
  readonly input: HTMLInputElement;
  readonly argument: HTMLElement;
  readonly result: HTMLElement;
  readonly answer: HTMLOutputElement;
}

export class NumberRows {
  readonly #list: HTMLElement;
  readonly #events: RowEvents;
  readonly #rows: Row[] = [];
  readonly #more: HTMLElement = createElement("li", "more");

  constructor(list: HTMLElement, events: RowEvents) {
    this.#list = list;
    this.#events = events;
  }

  /** Shows these numbers. The field that someone is writing in keeps its text. */
  show(texts: readonly string[], values: readonly number[]): void {
    const shown = Math.min(values.length, SHOWN_ROWS);
    while (this.#rows.length < shown) this.#append();
    for (const { item } of this.#rows.splice(shown)) item.remove();
    for (const [index, { input, argument }] of this.#rows.entries()) {
      const text = texts[index] ?? "";
      if (input.value !== text) input.value = text;
      input.removeAttribute("aria-invalid");
      showBytes(argument, values[index] ?? 0);
    }
    this.#list.toggleAttribute("data-scrolls", shown > VISIBLE_ROWS);
    this.#more.textContent = `and ${(values.length - shown).toLocaleString("en")} more, doubled too`;
    if (values.length > shown) this.#list.append(this.#more);
    else this.#more.remove();
  }

  showAnswers(answers: readonly number[]): void {
    for (const [index, { result, answer }] of this.#rows.entries()) {
      const value = answers[index];
      if (value === undefined) continue;
      const text = numberText(value);
      answer.textContent = text;
      answer.title = text;
      answer.dataset["length"] = lengthOf(text);
      showBytes(result, value);
    }
  }

  markInvalid(index: number): void {
    this.#rows[index]?.input.setAttribute("aria-invalid", "true");
  }

  focus(index: number): void {
    const { input } = this.#rows.at(Math.min(index, this.#rows.length - 1)) ?? {};
    input?.focus();
    input?.select();
  }

  #append(): void {
    const index = this.#rows.length;
    const name = `Number ${index + 1}`;
    const row: Row = {
      item: createElement("li", "row"),
      input: createElement("input", "number"),
      argument: bytesElement(),
      result: bytesElement(),
      answer: createElement("output", "answer"),
    };
    row.input.type = "text";
    row.input.inputMode = "decimal";
    row.input.autocomplete = "off";
    row.input.spellcheck = false;
    row.input.setAttribute("aria-label", name);
    row.input.setAttribute("aria-describedby", "numbers-message");
    row.answer.setAttribute("aria-label", `${name} doubled`);
    // An output announces itself; a list of them would never stop.
    row.answer.setAttribute("aria-live", "off");
    this.#wire(index, row.input);
    row.item.append(row.input, thread(), row.argument, thread(), row.result, thread(), row.answer);
    this.#rows.push(row);
    this.#list.append(row.item);
  }

  #wire(index: number, input: HTMLInputElement): void {
    const events = this.#events;
    makeScrubbable(input, (startText, steps) => events.onStep(index, startText, steps));
    input.addEventListener("input", () => {
      // An emptied number is about to be replaced, not removed.
      if (input.value.trim() !== "") events.onText(index, input.value);
    });
    input.addEventListener("blur", () => {
      if (input.value.trim() === "") events.onRemove(index);
    });
    input.addEventListener("keydown", (event) => {
      const isRemoval = event.key === "Backspace" || event.key === "Delete";
      if (!isRemoval || input.value !== "") return;
      event.preventDefault();
      events.onRemove(index);
      this.focus(Math.max(0, event.key === "Delete" ? index : index - 1));
    });
  }
}

/** How wide a number is; narrow pages show long ones in a smaller font. */
function lengthOf(text: string): "short" | "long" | "longest" {
  if (text.length <= 8) return "short";
  return text.length <= 16 ? "long" : "longest";
}

function thread(): HTMLElement {
  return createElement("span", "thread");
}

function bytesElement(): HTMLElement {
  const element = createElement("span", "bytes");
  element.setAttribute("aria-hidden", "true");
  for (let index = 0; index < 8; index += 1) element.append(createElement("i", ""));
  return element;
}

/** The eight bytes that the number is in linear memory, lowest first. */
function showBytes(element: HTMLElement, value: number): void {
  const bytes = new DataView(new ArrayBuffer(8));
  bytes.setFloat64(0, value, true);
  for (const [index, cell] of [...element.children].entries()) {
    const byte = bytes.getUint8(index);
    cell.textContent = byte.toString(16).padStart(2, "0");
    cell.className = byte === 0 ? "zero" : "";
    (cell as HTMLElement).style.setProperty("--level", String(byte / 255));
  }
}
