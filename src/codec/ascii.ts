/** Up to this many bytes, {@link readAscii} beats the fixed cost of a TextDecoder (2 to 5 times). */
export const ASCII_BYTES = 24;

/** As many as are read at once. */
const PART_BYTES = 12;

const { fromCharCode } = String;

/** The top bit of each of four bytes: set in one that is not ASCII. */
const NOT_ASCII = 0x8080_8080;

/** Whether all four bytes of a word are ASCII. */
export function isAsciiWord(word: number): boolean {
  return (word & NOT_ASCII) === 0;
}

/** Whether `byteLength` bytes from `at` are all ASCII. */
export function isAscii(bytes: Uint8Array, at: number, byteLength: number): boolean {
  let any = 0;
  for (let index = 0; index < byteLength; index++) any |= bytes[at + index] as number;
  return any < 0x80;
}

/**
 * Reads at most {@link ASCII_BYTES} bytes that are known to be ASCII. Written out because neither a
 * growing string nor a spread list of codes comes near it.
 */
export function readAscii(bytes: Uint8Array, at: number, byteLength: number): string {
  const c = (index: number) => bytes[at + index] as number;
  // biome-ignore format: one line a length
  switch (byteLength) {
    case 0: return "";
    case 1: return fromCharCode(c(0));
    case 2: return fromCharCode(c(0), c(1));
    case 3: return fromCharCode(c(0), c(1), c(2));
    case 4: return fromCharCode(c(0), c(1), c(2), c(3));
    case 5: return fromCharCode(c(0), c(1), c(2), c(3), c(4));
    case 6: return fromCharCode(c(0), c(1), c(2), c(3), c(4), c(5));
    case 7: return fromCharCode(c(0), c(1), c(2), c(3), c(4), c(5), c(6));
    case 8: return fromCharCode(c(0), c(1), c(2), c(3), c(4), c(5), c(6), c(7));
    case 9: return fromCharCode(c(0), c(1), c(2), c(3), c(4), c(5), c(6), c(7), c(8));
    case 10: return fromCharCode(c(0), c(1), c(2), c(3), c(4), c(5), c(6), c(7), c(8), c(9));
    case 11: return fromCharCode(c(0), c(1), c(2), c(3), c(4), c(5), c(6), c(7), c(8), c(9), c(10));
    case 12: return fromCharCode(c(0), c(1), c(2), c(3), c(4), c(5), c(6), c(7), c(8), c(9), c(10), c(11));
    default: return readAscii(bytes, at, PART_BYTES) + readAscii(bytes, at + PART_BYTES, byteLength - PART_BYTES);
  }
}
