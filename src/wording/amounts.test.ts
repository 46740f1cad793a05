import { expect, test } from "vitest";
import { showBytes, showBytesApart, showCount, showDuration } from "./amounts.ts";

test("shows counts with separated thousands", () => {
  const counts = [0, 999, 1000, 1234567, 0.25, 1234.5, Infinity, NaN, 1e300];
  const shown = ["0", "999", "1,000", "1,234,567", "0.25", "1,234.5", "Infinity", "NaN", "1e+300"];
  expect(counts.map(showCount)).toEqual(shown);
});

test("shows bytes in the largest unit below them", () => {
  const sizes = [0, 1, 1000, 1024, 1536, 2_726_298, 128 * 2 ** 20, 2 ** 30, 2 ** 44, Infinity];
  expect(sizes.map(showBytes)).toEqual([
    ...["0 bytes", "1 byte", "1,000 bytes", "1 KB", "1.5 KB"],
    ...["2.6 MB", "128 MB", "1 GB", "16,384 GB", "Infinity bytes"],
  ]);
});

test("shows two sizes exactly if rounding hides their difference", () => {
  expect(showBytesApart(2 ** 20 + 1, 2 ** 20)).toEqual(["1,048,577 bytes", "1,048,576 bytes"]);
  expect(showBytesApart(2 ** 21, 2 ** 20)).toEqual(["2 MB", "1 MB"]);
});

test("shows a duration in whole seconds if possible", () => {
  expect([0, 50, 1000, 1500, 120_000].map(showDuration)).toEqual([
    ...["0 ms", "50 ms", "1 s", "1,500 ms", "120 s"],
  ]);
});
