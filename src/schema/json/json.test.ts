import { expect, test } from "vitest";
import type { Codec } from "../../codec/codec.ts";
import { decode, encode } from "../../codec/message.ts";
import { DEFAULT_LIMITS } from "../../limits.ts";
import { codecOf } from "../codec-of.ts";
import { parseSchema } from "../parse-schema.ts";
import { valueFromJson } from "./value-from-json.ts";
import { valueToJson } from "./value-to-json.ts";

const TYPES = `
  struct Point { x: f64, y: f64 }
  enum Shape { Circle(Point, f64), Label { text: string }, Empty }
  struct Tree { value: u64, children: vec<Tree> }
  type Key = string;
  type Maybe = option<u8>;
`;

function typeIn(text: string) {
  const schema = parseSchema(`${TYPES} fn f(value: ${text})`);
  const [described] = schema.functions[0]?.params ?? [];
  if (described === undefined) throw new Error("The function has a parameter");
  return { type: described.type, schema };
}

test.each<[type: string, json: unknown]>([
  ["bool", true],
  ["u64", 7],
  ["u64", "18446744073709551615"],
  ["i128", "-9007199254740993"],
  ["f32", "NaN"],
  ["f64", "-0"],
  ["char", "é"],
  ["bytes", "AAEC"],
  ["fixedBytes<2>", "/w8="],
  ["duration", { seconds: 3, nanoseconds: 5 }],
  ["()", null],
  ["u16Array", [1, 65535]],
  ["i64Array", [-1, "9007199254740993"]],
  ["f32Array", ["-Infinity", 0.5]],
  ["set<Key>", ["x", "y"]],
  ["map<Key, u8>", { one: 1, constructor: 2 }],
  ["map<u8, string>", [[1, "one"]]],
  ["option<u64>", 4],
  ["option<Maybe>", { some: null }],
  ["option<()>", { some: null }],
  ["result<u64, string>", { ok: true, value: 1 }],
  ["result<(), bytes>", { ok: false, error: "AA==" }],
  ["(u64, Key)", [1, "one"]],
  ["vec<Shape>", [{ type: "Circle", value: [{ x: 0, y: 1 }, 2] }, { type: "Empty" }]],
  ["Shape", { type: "Label", value: { text: "here" } }],
  ["Tree", { value: 1, children: [{ value: 2, children: [] }] }],
])("a value of %s goes from JSON through its codec and back: %j", (text, json) => {
  const { type, schema } = typeIn(text);
  const codec = codecOf(type, schema.types) as Codec<unknown>;
  const bytes = encode(codec, valueFromJson(json, type, schema), DEFAULT_LIMITS);
  const back = valueToJson(decode(codec, bytes, DEFAULT_LIMITS), type, schema);
  expect(JSON.parse(JSON.stringify(back))).toEqual(json);
});

test.each<[type: string, json: unknown, message: string]>([
  [
    "u64",
    2 ** 53,
    "Invalid value: 9007199254740992 (must be a whole number, or text of its digits",
  ],
  ["u64", "1.5", "Invalid value: "],
  ["bytes", "A A=", "Invalid value: its text is no base64"],
  ["bytes", "%", "Invalid value: its text is no base64"],
  ["bytes", [256], "Invalid value: "],
  ["Tree", { value: 1, children: [{ value: "x" }] }, "Invalid value.children[0].value: "],
])("JSON that does not fit to %s is refused with its place: %j", (text, json, message) => {
  const { type, schema } = typeIn(text);
  expect(() => valueFromJson(json, type, schema)).toThrow(message);
});
