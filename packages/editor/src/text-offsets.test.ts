import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { TextOffsets } from "./text-offsets.ts";

/** Texts of all kinds of characters, lone surrogates and line ends of both kinds, beyond one step. */
const anyText = fc
  .array(
    fc.oneof(
      fc.constantFrom("a", "\r\n", "\n", "\0", "é", "\u07ff", "\u0800", "€", "\uffff"),
      fc.constantFrom("😀", "𝒳", "\u{10ffff}", "e\u0301", "👨‍👩‍👧"),
      fc.constantFrom("\ud83d", "\ude00", "\udfff", "\ud800\ud83d\ude00", "\ude00\ud83d"),
      fc.string({ unit: "binary" }),
    ),
    { maxLength: 60 },
  )
  .chain((parts) => fc.constantFrom(parts.join(""), parts.join("").repeat(20)));

const encoder = new TextEncoder();
const byteLength = (text: string) => encoder.encode(text).length;

/** Whether an offset is between two characters. */
function isBoundary(text: string, offset: number): boolean {
  return (
    !/^[\ud800-\udbff][\udc00-\udfff]/.test(text.slice(Math.max(0, offset - 1)).slice(0, 2)) ||
    offset === 0
  );
}

describe("in bytes of UTF-8", () => {
  test("each offset between characters is the length of what TextEncoder gives for the text before it, and comes back", () => {
    fc.assert(
      fc.property(anyText, fc.nat(), (text, random) => {
        const offsets = new TextOffsets(text);
        expect(offsets.length).toBe(byteLength(text));
        const offset = random % (text.length + 1);
        if (!isBoundary(text, offset)) return;
        const bytes = byteLength(text.slice(0, offset));
        expect(offsets.toPlugin(offset)).toBe(bytes);
        expect(offsets.toPage(bytes)).toBe(offset);
        expect(offsets.toPageExactly(bytes)).toBe(offset);
      }),
      { numRuns: 500 },
    );
  });

  test("an offset within a character becomes that of its start, and is not exact", () => {
    const offsets = new TextOffsets("é😀€");
    expect([0, 1, 2, 3, 4, 5, 6, 7, 8, 9].map((each) => offsets.toPage(each))).toEqual([
      0, 0, 1, 1, 1, 1, 3, 3, 3, 4,
    ]);
    expect([1, 3, 5, 7, 8].map((each) => offsets.toPageExactly(each))).toEqual(
      Array.from({ length: 5 }),
    );
    expect(offsets.toPlugin(2)).toBe(2);
  });

  test("every byte leads to a character that contains it", () => {
    fc.assert(
      fc.property(anyText, fc.nat(), (text, random) => {
        const offsets = new TextOffsets(text);
        const wanted = random % (offsets.length + 1);
        const index = offsets.toPage(wanted);
        const start = byteLength(text.slice(0, index));
        expect(start).toBeLessThanOrEqual(wanted);
        expect(wanted - start).toBeLessThan(4);
      }),
    );
  });
});

test("in code units of UTF-16, an offset is itself, or the start of its character", () => {
  const offsets = new TextOffsets("a😀b", "utf-16");
  expect(offsets.length).toBe(4);
  expect([0, 1, 2, 3, 4].map((each) => offsets.toPage(each))).toEqual([0, 1, 1, 3, 4]);
  expect(offsets.toPageExactly(2)).toBeUndefined();
  expect(offsets.toPlugin(2)).toBe(1);
});

test("offsets outside of the text are clamped, and are not exact", () => {
  for (const text of ["", "plain", "schön"]) {
    const offsets = new TextOffsets(text);
    expect(offsets.toPage(4_294_967_295)).toBe(text.length);
    expect(offsets.toPage(-1)).toBe(0);
    expect(offsets.toPage(Number.NaN)).toBe(0);
    expect(offsets.toPlugin(1e9)).toBe(byteLength(text));
    expect(offsets.toPageExactly(byteLength(text) + 1)).toBeUndefined();
  }
});
