/**
 * What the parts of a decoded value count towards `limits.messageItems`, by what they cost the
 * page: as many as pass by default take it 5 to 100 ms (`npm run bench -- --only codec-limits`).
 *
 * A codec's `weight` is that of one value whatever its bytes, and whoever holds values adds it: a
 * vec for all its items before it reads them, a struct for its fields when it is made. What
 * depends on the bytes is counted as it is read: the value of an option, the variant of an
 * enum, what a recursive type refers to, the length of a text.
 */
export const WEIGHTS = {
  /** A number of a list, which is read as a typed array first: 10 to 25 ns. */
  listedNumber: 0.25,
  /** A number by itself, a bool, a char, an option: 20 to 60 ns. */
  scalar: 0.5,
  /** An object or array, a text, a bigint, and what takes no bytes: 60 to 250 ns. */
  item: 1,
  /** A typed array: each has a buffer of its own, 0.5 to 2.7 µs. Its bytes are copied at memory speed. */
  typedArray: 8,
  /** A map or set, and each entry besides its key and value: 100 to 500 ns, the larger the more. */
  entry: 2,
  /** A text of more than 24 bytes, or not in ASCII, which takes a `TextDecoder`: 100 ns more. */
  decodedText: 1,
  /** A 64th for one byte of such a text: up to 5 ns, so that texts may have 16 MiB together. */
  textByte: 0.015_625,
  /** A field of a struct of more than 64, which engines keep as a hash table: 60 to 200 ns. */
  fieldOfMany: 1,
} as const;

/** The weight of an object or array of parts of these weights. */
export function weightOf(parts: readonly number[]): number {
  return Math.max(
    WEIGHTS.item,
    parts.reduce((sum, part) => sum + part, 0),
  );
}
