import { expect, test } from "vitest";
import type { Codec } from "../codec/codec.ts";
import { decode, Encoder } from "../codec/message.ts";
import { CodecError } from "../errors.ts";
import { DEFAULT_LIMITS } from "../limits.ts";
import { parseSchema } from "./parse-schema.ts";
import { SchemaCodecs } from "./schema-codecs.ts";

const encoder = new Encoder(DEFAULT_LIMITS);

/** The codec of `T` in a schema. */
function codecOf(text: string): Codec<unknown> {
  const schema = parseSchema(text);
  const declared = schema.types.find(({ name }) => name === "T");
  if (declared === undefined) throw new Error("the schema declares no T");
  return new SchemaCodecs(schema).ofType(declared.type) as Codec<unknown>;
}

const roundTrip = (text: string, value: unknown) => {
  const codec = codecOf(text);
  return decode(codec, encoder.encode(codec, value), DEFAULT_LIMITS);
};

const POINT = "struct Point { x: f64, y: f64 }";

test.each<[string, unknown]>([
  [`${POINT} type T = vec<Point>`, [{ x: 1, y: 2 }]],
  [`${POINT} enum T { Circle(Point, f64), Empty }`, { type: "Circle", value: [{ x: 1, y: 2 }, 3] }],
  ["enum T { Circle(f64), Empty }", { type: "Empty" }],
  ["type T = option<option<u8>>", { some: null }],
  ["type T = option<U> type U = option<u8>", { some: null }],
  ["type T = map<string, set<u64>>", new Map([["a", new Set([1n])]])],
  [
    "type T = (bytes, f32Array, fixedBytes<2>)",
    [new Uint8Array(3), new Float32Array(2), new Uint8Array(2)],
  ],
  ["type T = result<(), array<char, 2>>", { ok: false, error: ["a", "ü"] }],
  [
    "struct T { label: string, children: vec<T> }",
    { label: "a", children: [{ label: "b", children: [] }] },
  ],
  ["struct T { next: option<U> } type U = T", { next: { next: null } }],
  ["type T = duration", { seconds: 3n, nanoseconds: 5 }],
])("a value of %s crosses and comes back", (text, value) => {
  expect(roundTrip(text, value)).toEqual(value);
});

test("a named type has one codec, wherever it stands", () => {
  const schema = parseSchema(`${POINT} fn f(a: Point, b: Point) -> Point`);
  const [description] = schema.functions;
  const codecs = description && new SchemaCodecs(schema).ofFunction(description);
  expect(new Set([...(codecs?.params ?? []), codecs?.result]).size).toBe(1);
});

test("a function with an unknown type has no codecs", () => {
  const schema = parseSchema("fn f(a: vec<unknown>)");
  const [description] = schema.functions;
  expect(description && new SchemaCodecs(schema).ofFunction(description)).toBeUndefined();
});

test("names within names have codecs, however many", () => {
  const names = Array.from(
    { length: 5000 },
    (_, index) => `type N${index} = option<N${index + 1}>;`,
  );
  expect(roundTrip(`${names.join("")} type N5000 = u8; type T = N0;`, null)).toBeNull();
});

test.each([
  ["a struct that contains itself has no end", "struct T { t: T }"],
  ["a tuple that contains itself has no end", "type T = (u8, T)"],
  [
    "parts that double have too many items",
    `type T0 = (u8, u8); ${Array.from({ length: 60 }, (_, i) => `type T${i + 1} = (T${i}, T${i});`).join("")} type T = T60`,
  ],
  [
    "an array may be as long as it says only if its bytes are there",
    "type T = array<array<(), 4000000000>, 4000000000>",
  ],
])("%s: decoding is a CodecError", (_title, text) => {
  expect(() => decode(codecOf(text), new Uint8Array(64), DEFAULT_LIMITS)).toThrow(CodecError);
});
