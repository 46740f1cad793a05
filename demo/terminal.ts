/** A small terminal that shows a plugin's output as plain text. */

import { createElement } from "./page-element.ts";

/** `note` is what the page says itself. */
export type Stream = "stdout" | "stderr" | "note";

/** Lines kept; the output of a guest may be endless. */
const KEPT_LINES = 200;
/** Characters kept of one line. */
const KEPT_CHARACTERS = 2000;

export class Terminal {
  readonly #lines: HTMLElement;
  /** The unfinished line, and its stream. */
  #open: { readonly stream: Stream; readonly line: HTMLElement } | undefined;

  /** @param lines Shows its placeholder until the first line. */
  constructor(lines: HTMLElement) {
    this.#lines = lines;
  }

  write(stream: Stream, text: string): void {
    if (text === "") return;
    const isAtEnd = this.#lines.scrollHeight - this.#lines.scrollTop - this.#lines.clientHeight < 8;
    if ("empty" in this.#lines.dataset) this.clear();
    if (this.#open?.stream !== stream) this.#open = undefined;
    // Only the last lines are visible.
    const parts = text.split("\n");
    for (const [index, part] of parts.entries()) {
      const isLast = index === parts.length - 1;
      if (isLast && part === "") break;
      if (parts.length - index > KEPT_LINES + 1) continue;
      this.#append(stream, part);
      if (!isLast) this.#open = undefined;
    }
    while (this.#lines.childElementCount > KEPT_LINES) this.#lines.firstElementChild?.remove();
    if (isAtEnd) this.#lines.scrollTop = this.#lines.scrollHeight;
  }

  clear(): void {
    delete this.#lines.dataset["empty"];
    this.#lines.replaceChildren();
    this.#open = undefined;
  }

  #append(stream: Stream, part: string): void {
    if (this.#open === undefined) {
      const line = createElement("div", `terminal-line ${stream}`);
      this.#open = { stream, line };
      this.#lines.append(line);
    }
    const { line } = this.#open;
    line.textContent = `${line.textContent}${part}`.slice(0, KEPT_CHARACTERS);
  }
}
