import { expect, test } from "vitest";
import { describeValue } from "./describe-value.ts";

test.each<[unknown, string]>([
  [undefined, "undefined"],
  [null, "null"],
  ["a".repeat(41), `string "${"a".repeat(40)}" and 1 more`],
  [-0, "number -0"],
  [2n ** 129n, "bigint of more than 128 bits"],
  [true, "boolean true"],
  [Symbol("a"), "symbol"],
  [() => {}, "function"],
  [[1, 2], "Array of 2"],
  [new Uint8Array(3), "Uint8Array of 3"],
  [new SharedArrayBuffer(1), "SharedArrayBuffer"],
  [new Map(), "Map"],
  [{}, "Object"],
])("describes %o in a few words", (value, words) => {
  expect(describeValue(value)).toBe(words);
});

test("describes an object whose getters throw", () => {
  const hostile = {
    get [Symbol.toStringTag](): string {
      throw new Error("no");
    },
  };
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  expect([hostile, proxy].map(describeValue)).toEqual(["Object", "Object"]);
});
