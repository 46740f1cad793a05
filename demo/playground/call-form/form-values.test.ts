import type { TypeDescription } from "cloche";
import { parseSchema } from "cloche/schema";
import { describe, expect, test } from "vitest";
import { attach } from "./attachments.ts";
import { defaultJson } from "./default-json.ts";
import { jsonOfValue } from "./json-of-value.ts";
import { type JsonValue, printJson } from "./json-value.ts";
import { TypeBook } from "./type-book.ts";
import { valuesOfJson } from "./value-of-json.ts";

const DECLARATIONS = `
  struct Point { x: f64, y: f64 }
  enum Shape { Empty, Circle(Point, f64), Label { at: Point, text: string } }
  struct Tree { value: i32, children: vec<Tree> }
  struct Endless { inner: Endless }
  resource Rope;
`;

function typeOf(text: string): { readonly type: TypeDescription; readonly book: TypeBook } {
  const schema = parseSchema(`${DECLARATIONS} fn f(x: ${text});`);
  const type = schema.functions[0]?.params[0]?.type;
  if (type === undefined) throw new Error("The schema has no parameter");
  return { type, book: new TypeBook(schema) };
}

function read(text: string, json: JsonValue) {
  const { type, book } = typeOf(text);
  const { values, problems } = valuesOfJson([type], [json], book);
  return { value: values[0], problems: Object.fromEntries(problems) };
}

const PAIRS: readonly (readonly [type: string, json: JsonValue, value: unknown])[] = [
  ["bool", true, true],
  ["u8", 255, 255],
  ["i64", -5, -5n],
  ["u64", "18446744073709551615", 2n ** 64n - 1n],
  ["f64", "NaN", Number.NaN],
  ["f64", "-0", -0],
  ["f32", "-Infinity", Number.NEGATIVE_INFINITY],
  ["char", "🔔", "🔔"],
  ["string", "under glass", "under glass"],
  ["()", null, undefined],
  ["bytes", { hex: "00ff" }, Uint8Array.of(0, 255)],
  ["fixedBytes<2>", { hex: "00ff" }, Uint8Array.of(0, 255)],
  ["duration", { seconds: 2, nanoseconds: 5 }, { seconds: 2n, nanoseconds: 5 }],
  ["option<u8>", null, null],
  ["option<option<u8>>", { some: null }, { some: null }],
  ["vec<Point>", [{ x: 1, y: 2 }], [{ x: 1, y: 2 }]],
  ["f64Array", [1, 2.5], Float64Array.of(1, 2.5)],
  ["u64Array", [1, 2], BigUint64Array.of(1n, 2n)],
  ["set<string>", ["a", "b"], new Set(["a", "b"])],
  ["map<string, u64>", [["a", 1]], new Map([["a", 1n]])],
  ["(u8, string)", [1, "a"], [1, "a"]],
  ["array<u8, 2>", [1, 2], [1, 2]],
  ["result<u8, string>", { ok: false, error: "no" }, { ok: false, error: "no" }],
  ["Shape", { type: "Empty" }, { type: "Empty" }],
  [
    "Shape",
    { type: "Circle", value: [{ x: 1, y: 2 }, 3] },
    { type: "Circle", value: [{ x: 1, y: 2 }, 3] },
  ],
  [
    "Tree",
    { value: 1, children: [{ value: 2, children: [] }] },
    { value: 1, children: [{ value: 2, children: [] }] },
  ],
];

describe("JSON becomes a value, and the value the same JSON", () => {
  test.each(PAIRS)("%s %j", (text, json, value) => {
    expect(read(text, json)).toEqual({ value, problems: {} });
    const { type, book } = typeOf(text);
    expect(jsonOfValue(type, value, book)).toEqual(json);
    expect(JSON.parse(printJson(json))).toEqual(json);
  });
});

describe("what is wrong is told with its path", () => {
  test.each<readonly [string, JsonValue, Record<string, string>]>([
    ["u8", 256, { "/0": "must be between 0 and 255 (u8)" }],
    ["i8", "-129", { "/0": "must be between -128 and 127 (i8)" }],
    ["u32", 1.5, { "/0": "“1.5” is not a whole number" }],
    ["f64", "1e", { "/0": "“1e” is not a number" }],
    ["f64", "", { "/0": "needs a number" }],
    ["bool", "yes", { "/0": "must be true or false" }],
    ["Point", { x: 1 }, { "/0/y": "is missing" }],
    [
      "vec<Point>",
      [{ x: "a", y: "b" }],
      { "/0/0/x": "“a” is not a number", "/0/0/y": "“b” is not a number" },
    ],
    ["array<u8, 2>", [1], { "/0": "must have 2 items and has 1" }],
    ["bytes", { hex: "0" }, { "/0": "must be pairs of hexadecimal digits" }],
    ["bytes", { file: "gone" }, { "/0": "needs the file “gone” again" }],
    ["fixedBytes<2>", { text: "a" }, { "/0": "must have 2 bytes and has 1" }],
    ["option<option<u8>>", 1, { "/0": 'must be null or { "some": … }' }],
    [
      "Shape",
      { type: "__proto__" },
      { "/0": 'must have a "type" that is one of "Empty", "Circle", "Label"' },
    ],
    [
      "map<string, u8>",
      ["a"],
      {
        "/0/0": "must be a key and a value: [key, value]",
        "/0/0/0": "is missing",
        "/0/0/1": "is missing",
      },
    ],
    ["Rope", null, { "/0": "is an object of the page, which the playground cannot make" }],
  ])("%s %j", (text, json, problems) => {
    expect(read(text, json).problems).toEqual(problems);
  });
});

test("bytes of a file stand in JSON by its name", () => {
  const name = attach("a.bin", Uint8Array.of(1, 2));
  expect(read("bytes", { file: name }).value).toEqual(Uint8Array.of(1, 2));
  expect(attach("a.bin", Uint8Array.of(3))).toBe("a.bin (2)");
});

describe("a form starts with a value of its type", () => {
  test.each(PAIRS.map(([text]) => [text]))("%s", (text) => {
    const { type, book } = typeOf(text);
    expect(read(text, defaultJson(type, book)).problems).toEqual({});
  });

  test("also of a type that has no end, or too many items", () => {
    for (const text of ["Endless", "array<array<array<u8, 4000>, 4000>, 4000>"]) {
      const { type, book } = typeOf(text);
      expect(printJson(defaultJson(type, book)).length).toBeLessThan(100_000);
    }
  });
});

test("a field that is named as a member of all objects is an own one", () => {
  const { type, book } = typeOf("{ toString: u8, constructor: u8 }");
  expect(read("{ toString: u8, constructor: u8 }", {}).problems).toEqual({
    "/0/toString": "is missing",
    "/0/constructor": "is missing",
  });
  expect(Object.keys(defaultJson(type, book) as object)).toEqual(["toString", "constructor"]);
});
