import { describe, expect, test } from "vitest";
import { decodingSink } from "./text-sink.ts";

/** What a sink hears of chunks of bytes, with the end as the last. */
function heardOf(...chunks: readonly (readonly number[])[]): string[] {
  const heard: string[] = [];
  const sink = decodingSink((chunk) => heard.push(chunk));
  for (const chunk of chunks) sink.write(Uint8Array.from(chunk));
  heard.push("|");
  sink.end();
  return heard;
}

describe("a sink of text", () => {
  test("gets U+FEFF like any other character", () => {
    expect(heardOf([0xef, 0xbb, 0xbf, 65], [0xef, 0xbb, 0xbf])).toEqual(["\ufeffA", "\ufeff", "|"]);
  });

  test("gets a split character as a whole, and U+FFFD for an incomplete one", () => {
    expect(heardOf([65, 0xe2, 0x82], [0xac])).toEqual(["A", "€", "|"]);
    expect(heardOf([65, 0xe2, 0x82])).toEqual(["A", "|", "\ufffd"]);
  });
});
