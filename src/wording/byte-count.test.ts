import { expect, test } from "vitest";
import { shownBytes } from "./byte-count.ts";

test.each([
  [0, "0 bytes"],
  [1, "1 byte"],
  [1000, "1000 bytes"],
  [65_536, "64 KB"],
  [128 * 1024 * 1024, "128 MB"],
  [128 * 1024 * 1024 + 1, "134217729 bytes"],
  [Infinity, "Infinity bytes"],
])("shows %d bytes as %s", (count, shown) => {
  expect(shownBytes(count)).toBe(shown);
});
