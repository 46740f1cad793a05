import { expect, test } from "vitest";
import { Quota, Volume } from "./volume.ts";

test("a volume rejects a size that is not a number, and its counters stay numbers", () => {
  const quota = new Quota({ fileBytes: 10, inodes: 10 });
  const volume = new Volume(1, quota, undefined);
  expect(() => volume.resize(0, NaN)).toThrow("EFBIG");
  expect(() => volume.resize(0, Infinity)).toThrow("EFBIG");
  expect(quota.bytes).toBe(0);
});
