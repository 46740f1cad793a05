import { expect, test } from "vitest";
import { Errno, errnoCode, errnoMeaning } from "./errno.ts";

const codes = Object.keys(Errno) as (keyof typeof Errno)[];

test("every error number has its POSIX name", () => {
  expect(codes.map((code) => errnoCode(Errno[code]))).toEqual(codes);
  expect(codes.map((code) => Errno[code])).toEqual(codes.map((_, index) => index));
});

test("every error has a meaning of its own in plain words", () => {
  const meanings = codes.map(errnoMeaning);
  expect(new Set(meanings).size).toBe(codes.length);
  for (const meaning of meanings) expect(meaning).toMatch(/^[a-z][a-zA-Z0-9 /-]+$/);
  expect(errnoMeaning("ENOENT")).toBe("no such file or directory");
});
