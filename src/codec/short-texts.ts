import { isAsciiWord, readAscii } from "./ascii.ts";

/** The texts that are remembered: their bytes are three words, which may overlap. */
export const SHORT_TEXT = { minBytes: 4, maxBytes: 12 } as const;

const SLOTS_BITS = 8;
const SLOTS = 2 ** SLOTS_BITS;
/** The words of a text, of four bytes each, and its length. */
const KEY_WORDS = 4;

/** So many more misses than hits, and texts are no longer looked up … */
const PATIENCE = 64;
/** … until so many have passed. */
const PAUSE = 1024;

/**
 * Remembers short texts: names, labels and tags come again and again, and making a string takes two
 * to five times as long as finding it. Where they do not, it soon stops looking, and tries later.
 */
export class ShortTexts {
  readonly #keys = new Int32Array(SLOTS * KEY_WORDS);
  readonly #texts: string[] = Array.from({ length: SLOTS }, () => "");
  #patience = PATIENCE;
  #pause = 0;

  /** The text of a {@link SHORT_TEXT} at `at`, or `undefined` when they are not all ASCII. */
  read(bytes: Uint8Array, view: DataView, at: number, byteLength: number): string | undefined {
    const first = view.getInt32(at, true);
    const last = view.getInt32(at + byteLength - 4, true);
    const middle = byteLength > 8 ? view.getInt32(at + 4, true) : 0;
    if (!isAsciiWord(first | middle | last)) return undefined;
    if (this.#pause > 0) {
      this.#pause -= 1;
      return readAscii(bytes, at, byteLength);
    }
    const slot = slotOf(first, middle, last, byteLength);
    const keys = this.#keys;
    const key = slot * KEY_WORDS;
    if (
      keys[key] === first &&
      keys[key + 1] === middle &&
      keys[key + 2] === last &&
      keys[key + 3] === byteLength
    ) {
      if (this.#patience < PATIENCE) this.#patience += 1;
      return this.#texts[slot];
    }
    this.#patience -= 1;
    if (this.#patience === 0) {
      this.#patience = PATIENCE;
      this.#pause = PAUSE;
    }
    keys[key] = first;
    keys[key + 1] = middle;
    keys[key + 2] = last;
    keys[key + 3] = byteLength;
    return (this.#texts[slot] = readAscii(bytes, at, byteLength));
  }
}

/** The odd constants spread what differs over all bits, of which the upper ones are the most mixed. */
function slotOf(first: number, middle: number, last: number, byteLength: number): number {
  const mixed = Math.imul(first ^ byteLength, 0x9e37_79b1) ^ middle ^ Math.imul(last, 0x85eb_ca6b);
  return Math.imul(mixed, 0xc2b2_ae35) >>> (32 - SLOTS_BITS);
}
