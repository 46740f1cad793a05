import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { expect, test } from "vitest";
import { cutText } from "./cut-text.ts";

test("the start of a text has at most the given length, and a short text is complete", () => {
  expect([cutText("grüße", 4), cutText("grüße", 5), cutText("", 5)]).toEqual(["grüß", "grüße", ""]);
});

test("the start of a text keeps a byte order mark", () => {
  expect(cutText("\uFEFFtext", 3)).toBe("\uFEFFte");
});

test("the start of a text keeps the rest out of memory", () => {
  setFlagsFromString("--expose-gc");
  const collect = runInNewContext("gc") as () => void;
  const TEXT_CHARS = 8 * 1024 * 1024;
  const longText = (index: number) => {
    const text = String.fromCharCode(97 + index).repeat(TEXT_CHARS);
    // To be flat, as texts are that come in messages.
    return text.charCodeAt(TEXT_CHARS >> 1) > 0 ? text : "";
  };
  collect();
  const before = process.memoryUsage().heapUsed;
  const kept = Array.from({ length: 8 }, (_, index) => `found: ${cutText(longText(index), 1000)}`);
  collect();
  expect(process.memoryUsage().heapUsed - before).toBeLessThan(TEXT_CHARS);
  expect(kept.map(({ length }) => length)).toEqual(Array(8).fill(1007));
});
