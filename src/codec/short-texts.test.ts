import { expect, test } from "vitest";
import { Decoder, encode } from "./message.ts";
import { t } from "./t.ts";

const texts = t.vec(t.string);

/** Texts of each length from 0 to 27, which differ in one place only. */
function alike(): string[] {
  return Array.from({ length: 28 }, (_, length) => length).flatMap((length) =>
    Array.from({ length }, (_, at) => `${"a".repeat(at)}b${"a".repeat(length - at - 1)}`),
  );
}

test("texts that come again are read as they are", () => {
  const decoder = new Decoder();
  const values = [
    "",
    ...alike(),
    ...alike(),
    "name",
    "nämé",
    "日本語",
    "🦀🦀",
    "\0\0\0\0",
    "\0\0\0\0\0",
  ];
  const bytes = encode(texts, values);
  for (let round = 0; round < 5; round++) expect(decoder.decode(texts, bytes)).toEqual(values);
});

test("thousands of texts that do not come again are read as they are, and those after them", () => {
  const decoder = new Decoder();
  const values = Array.from({ length: 5000 }, (_, index) => `text ${index}`);
  const labels = Array.from({ length: 3000 }, (_, index) => `label ${index % 7}`);
  for (const list of [values, labels, values]) {
    expect(decoder.decode(texts, encode(texts, list))).toEqual(list);
  }
});

test("bytes that are not UTF-8 are refused also where they look like a text before", () => {
  const decoder = new Decoder();
  const bytes = encode(t.string, "abcdefgh");
  expect(decoder.decode(t.string, bytes)).toBe("abcdefgh");
  for (let at = 8; at < 16; at++) {
    const wrong = bytes.slice();
    wrong[at] = (wrong[at] as number) | 0x80;
    expect(() => decoder.decode(t.string, wrong)).toThrow("bytes are not UTF-8");
  }
});
