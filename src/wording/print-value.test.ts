import { expect, test } from "vitest";
import { printValue } from "./print-value.ts";

test.each<[value: unknown, text: string | undefined]>([
  [{ a: [1, "x"], big: 2n ** 64n }, '{"a":[1,"x"],"big":"18446744073709551616"}'],
  [Number.NaN, '"NaN"'],
  [[Uint8Array.of(1, 2), BigInt64Array.of(-1n)], '[[1,2],["-1"]]'],
  [new Map([[{ x: 1 }, new Set([2])]]), '[[{"x":1},[2]]]'],
  [undefined, undefined],
])("prints the value %#", (value, text) => {
  expect(printValue(value)).toBe(text);
});
