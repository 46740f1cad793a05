import { describe, expect, test } from "vitest";
import { checkCodec, checkCodecs } from "./check-codec.ts";
import { t } from "./t.ts";

describe("a list of codecs", () => {
  test("is copied", () => {
    const codecs = [t.u8, t.string];
    const copy = checkCodecs(codecs, "params");
    codecs.pop();
    expect(copy).toEqual([t.u8, t.string]);
  });

  const failing = {
    get encode(): unknown {
      throw new Error("no");
    },
  };

  test.each<[unknown, string]>([
    [undefined, "Invalid params: undefined (must be an array, each item a type made by t)"],
    [t.u8, "Invalid params: Object (must be an array"],
    ["u8", 'Invalid params: string "u8" (must be an array'],
    [[t.u8, t.vec], "Invalid params[1]: function (must be a type made by t)"],
    [[{}], "Invalid params[0]: Object (must be a type made by t)"],
    [Array(1), "Invalid params[0]: undefined (must be a type made by t)"],
    [[failing], "Invalid params[0]: cannot be read (no)"],
  ])("is refused with the place of what is no codec: %#", (codecs, message) => {
    expect(() => checkCodecs(codecs, "params")).toThrow(TypeError);
    expect(() => checkCodecs(codecs, "params")).toThrow(message);
  });

  test("may be of one: null is no codec", () => {
    expect(() => checkCodec(null, "result")).toThrow(
      "Invalid result: null (must be a type made by t)",
    );
  });
});

test.each<[string, () => unknown, string]>([
  ["vec", () => t.vec(5 as never), "Invalid item of t.vec: 5 (must be a type made by t)"],
  ["array", () => t.array(undefined as never, 1), "Invalid item of t.array: undefined"],
  ["array", () => t.array(t.u8, -1), "Invalid length of t.array: -1 (must be an integer ≥ 0)"],
  ["fixedBytes", () => t.fixedBytes({} as never), "Invalid length of t.fixedBytes: Object"],
  ["option", () => t.option(t.vec as never), "Invalid value of t.option: function"],
  ["set", () => t.set(null as never), "Invalid item of t.set: null"],
  ["map", () => t.map(t.u8, undefined as never), "Invalid value of t.map: undefined"],
  ["result", () => t.result(t.u8, 5 as never), "Invalid error of t.result: 5"],
  ["tuple", () => t.tuple(t.u8, 5 as never), "Invalid item 1 of t.tuple: 5"],
  ["struct", () => t.struct({ a: 5 as never }), 'Invalid struct field "a": 5'],
  [
    "struct",
    () => t.struct(undefined as never),
    "Invalid struct fields: undefined (must be a plain",
  ],
  ["enum", () => t.enum({ A: 5 as never }), 'Invalid variant "A": 5'],
  ["lazy", () => t.lazy(5 as never), "Invalid argument of t.lazy: 5 (must be a function)"],
])("t.%s refuses what is no codec, and names the place", (_, make, message) => {
  expect(make).toThrow(TypeError);
  expect(make).toThrow(message);
});
