/** Converts offsets between a text of JavaScript, in UTF-16, and the same text in a plugin. */

/** What a plugin counts offsets in: bytes of UTF-8, or code units of UTF-16. */
export type OffsetUnit = "utf-8" | "utf-16";

/** Code units from one known offset to the next: what one conversion has to look at, at most. */
const STEP = 64;

/**
 * The offsets of one text. On the page an offset counts UTF-16 code units, as `String` does, in the plugin
 * what its unit says. A lone surrogate has three bytes, those of U+FFFD, which the plugin gets in its place.
 */
export class TextOffsets {
  readonly #text: string;
  /** The bytes before every {@link STEP}th code unit; `undefined` where each has one byte. */
  readonly #known: readonly number[] | undefined;
  /** The length of the text in the plugin. */
  readonly length: number;

  constructor(text: string, unit: OffsetUnit = "utf-8") {
    this.#text = text;
    if (unit === "utf-16" || isAscii(text)) {
      this.length = text.length;
      return;
    }
    const known: number[] = [];
    let bytes = 0;
    for (let index = 0; index < text.length; index += 1) {
      if (index % STEP === 0) known.push(bytes);
      bytes += byteLengthAt(text, index);
    }
    this.#known = known;
    this.length = bytes;
  }

  /** The plugin's offset; within a character, that of its start. Offsets outside of the text are clamped. */
  toPlugin(offset: number): number {
    const index = startOfCharacter(this.#text, clamp(offset, this.#text.length));
    if (this.#known === undefined) return index;
    const step = Math.min(Math.floor(index / STEP), this.#known.length - 1);
    let bytes = this.#known[step] ?? 0;
    for (let at = step * STEP; at < index; at += 1) bytes += byteLengthAt(this.#text, at);
    return bytes;
  }

  /** The page's offset; within a character, that of its start. Offsets outside of the text are clamped. */
  toPage(offset: number): number {
    const wanted = clamp(offset, this.length);
    if (this.#known === undefined) return startOfCharacter(this.#text, wanted);
    const step = lastAtMost(this.#known, wanted);
    let bytes = this.#known[step] ?? 0;
    let index = step * STEP;
    while (index < this.#text.length) {
      const next = bytes + byteLengthAt(this.#text, index);
      if (next > wanted) break;
      bytes = next;
      index += 1;
    }
    return startOfCharacter(this.#text, index);
  }

  /** The page's offset, or `undefined` for one that is outside of the text or within a character. */
  toPageExactly(offset: number): number | undefined {
    const index = this.toPage(offset);
    return this.toPlugin(index) === offset ? index : undefined;
  }
}

function isAscii(text: string): boolean {
  // oxlint-disable-next-line no-control-regex -- they are ASCII
  return /^[\0-\x7f]*$/.test(text);
}

function clamp(offset: number, length: number): number {
  return Number.isNaN(offset) ? 0 : Math.min(Math.max(Math.trunc(offset), 0), length);
}

function isHigh(code: number): boolean {
  return code >= 0xd800 && code < 0xdc00;
}

function isLow(code: number): boolean {
  return code >= 0xdc00 && code < 0xe000;
}

/** Whether the offset is between the two surrogates of a character. */
function splitsPair(text: string, index: number): boolean {
  return isLow(text.charCodeAt(index)) && isHigh(text.charCodeAt(index - 1));
}

function startOfCharacter(text: string, index: number): number {
  return splitsPair(text, index) ? index - 1 : index;
}

/** The bytes of a code unit. All four of a pair are those of its first. */
function byteLengthAt(text: string, index: number): number {
  const code = text.charCodeAt(index);
  if (code < 0x80) return 1;
  if (code < 0x800) return 2;
  if (isHigh(code) && isLow(text.charCodeAt(index + 1))) return 4;
  return splitsPair(text, index) ? 0 : 3;
}

/** The index of the last number that is not above `limit`; the numbers ascend. */
function lastAtMost(numbers: readonly number[], limit: number): number {
  let [low, high] = [0, numbers.length - 1];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if ((numbers[middle] ?? 0) <= limit) low = middle;
    else high = middle - 1;
  }
  return low;
}
