import { describe, expect, test } from "vitest";
import { CodecError } from "../errors.ts";
import type { AnyCodec, Codec } from "./codec.ts";
import { decode, encode } from "./message.ts";
import { t } from "./t.ts";

const point = t.struct({ x: t.f64, y: t.f64 });
const shape = t.enum({ Empty: t.unit, Circle: t.f64, Path: t.vec(point) });

function failure(run: () => unknown): CodecError {
  try {
    run();
  } catch (error) {
    expect(error).toBeInstanceOf(CodecError);
    return error as CodecError;
  }
  throw new Error("Expected a CodecError, found none");
}

const wrongValues: [name: string, codec: AnyCodec, value: unknown, message: string][] = [
  ["a string for bool", t.bool, "a", `$: string "a" is not bool (a boolean)`],
  ["1 for bool", t.bool, 1, `$: number 1 is not bool (a boolean)`],
  ["256 for u8", t.u8, 256, `$: number 256 is not u8 (an integer from 0 to 255)`],
  ["-1 for u8", t.u8, -1, `number -1 is not u8`],
  ["1.5 for u8", t.u8, 1.5, `number 1.5 is not u8`],
  ["NaN for u32", t.u32, NaN, `number NaN is not u32`],
  ["Infinity for i32", t.i32, Infinity, `number Infinity is not i32`],
  ["a bigint for u32", t.u32, 1n, `bigint 1 is not u32`],
  ["a numeric string for u16", t.u16, "1", `string "1" is not u16`],
  ["2^16 for u16", t.u16, 65_536, `is not u16 (an integer from 0 to 65535)`],
  ["2^32 for u32", t.u32, 2 ** 32, `is not u32 (an integer from 0 to 4294967295)`],
  ["128 for i8", t.i8, 128, `is not i8 (an integer from -128 to 127)`],
  ["-129 for i8", t.i8, -129, `is not i8`],
  ["2^15 for i16", t.i16, 2 ** 15, `is not i16 (an integer from -32768 to 32767)`],
  ["-2^31 - 1 for i32", t.i32, -(2 ** 31) - 1, `is not i32`],
  ["a number for u64", t.u64, 1, `number 1 is not u64 (a bigint from 0 to`],
  ["-1n for u64", t.u64, -1n, `bigint -1 is not u64`],
  ["2^64 for u64", t.u64, 2n ** 64n, `bigint 18446744073709551616 is not u64`],
  ["2^63 for i64", t.i64, 2n ** 63n, `is not i64`],
  ["-2^63 - 1 for i64", t.i64, -(2n ** 63n) - 1n, `is not i64`],
  ["2^128 for u128", t.u128, 2n ** 128n, `is not u128`],
  ["2^127 for i128", t.i128, 2n ** 127n, `is not i128`],
  ["a vast bigint", t.u128, 2n ** 5000n, `bigint of more than 128 bits is not u128`],
  ["a string for f64", t.f64, "a", `$: string "a" is not f64 (a number)`],
  ["a bigint for f32", t.f32, 1n, `bigint 1 is not f32 (a number)`],
  ["null for string", t.string, null, `null is not string (a string)`],
  ["a lone high surrogate", t.string, "a\ud800", `string with a lone surrogate, which UTF-8 lacks`],
  ["a lone low surrogate", t.string, `${"x".repeat(99)}\udc00`, `string with a lone surrogate`],
  ["no character for char", t.char, "", `string "" is not char`],
  ["two characters for char", t.char, "ab", `string "ab" is not char`],
  ["a surrogate for char", t.char, "\ud800", `string "\\ud800" is not char`],
  ["two astral characters for char", t.char, "🦀🦀", `is not char`],
  ["a long string", t.u8, "x".repeat(50), `string "${"x".repeat(40)}" and 10 more`],
  ["null for unit", t.unit, null, `null is not unit (undefined)`],
  ["undefined for option", t.option(t.u8), undefined, `undefined is not u8`],
  [
    "a bare value in an option of an option",
    t.option(t.option(t.u8)),
    1,
    `is not option (null or { some })`,
  ],
  ["a wrong boxed value", t.option(t.option(t.u8)), { some: "a" }, `$.some: string "a"`],
  ["an object for vec", t.vec(t.string), { length: 1 }, `Object is not vec (Array)`],
  [
    "another typed array for vec",
    t.vec(t.f64),
    Float32Array.of(1),
    `Float32Array of 1 is not vec (Array or Float64Array)`,
  ],
  ["a typed array for a vec of bool", t.vec(t.bool), Uint8Array.of(1), `is not vec (Array)`],
  ["a hole in an array", t.vec(t.u8), Array.from({ length: 2 }), `$[0]: undefined is not u8`],
  ["two items for [_; 3]", t.array(t.u8, 3), [1, 2], `Array of 2 is not array (Array of 3)`],
  ["four items for [_; 3]", t.array(t.u8, 3), [1, 2, 3, 4], `Array of 4 is not array (Array of 3)`],
  ["two items for a tuple of one", t.tuple(t.u8), [1, 2], `Array of 2 is not tuple (Array of 1)`],
  ["an object for map", t.map(t.string, t.u8), { a: 1 }, `Object is not map (Map)`],
  [
    "a wrong key",
    t.map(t.string, t.u8),
    new Map([[1, 1]]),
    `$[0].key: number 1 is not string (a string)`,
  ],
  [
    "a wrong value in a map",
    t.map(t.string, t.u8),
    new Map([
      ["a", 1],
      ["b", -1],
    ]),
    `$[1].value: number -1`,
  ],
  ["an array for set", t.set(t.u8), [1], `Array of 1 is not set (Set)`],
  ["a wrong item of a set", t.set(t.u8), new Set([1, "a"]), `$[1]: string "a"`],
  ["a number for struct", point, 1, `$: number 1 is not struct (an object)`],
  ["null for struct", point, null, `$: null is not struct (an object)`],
  ["a missing field", point, { x: 1 }, `$.y: undefined is not f64 (a number)`],
  [
    "an unknown variant",
    shape,
    { type: "Square" },
    `$.type: string "Square" is not one of Empty | Circle | Path`,
  ],
  [
    "a bare name for a variant",
    shape,
    "Empty",
    `$: string "Empty" is not enum (an object with a type)`,
  ],
  ["null for a variant", shape, null, `$: null is not enum (an object with a type)`],
  [
    "an inherited name for a variant",
    shape,
    { type: "toString" },
    `$.type: string "toString" is not one of`,
  ],
  [
    "a variant without its value",
    shape,
    { type: "Circle" },
    `$.value: undefined is not f64 (a number)`,
  ],
  [
    "a unit variant with a value",
    shape,
    { type: "Empty", value: 1 },
    `$.value: number 1 is not unit (undefined)`,
  ],
  [
    "a bare value for result",
    t.result(t.u8, t.string),
    1,
    `number 1 is not result ({ ok: true, value } or { ok: false, error })`,
  ],
  ["undefined for result", t.result(t.u8, t.string), undefined, `undefined is not result (`],
  ["a wrong Ok", t.result(t.u8, t.string), { ok: true, value: "a" }, `$.value: string "a"`],
  ["a wrong Err", t.result(t.u8, t.string), { ok: false, error: 1 }, `$.error: number 1`],
  [
    "10^9 nanoseconds",
    t.duration,
    { seconds: 1n, nanoseconds: 1e9 },
    `$.nanoseconds: number 1000000000 is not below 1,000,000,000`,
  ],
  ["null for a duration", t.duration, null, `null is not struct (an object)`],
  ["an array for bytes", t.bytes, [1], `Array of 1 is not vec (Uint8Array)`],
  [
    "another view for bytes",
    t.bytes,
    new DataView(new ArrayBuffer(1)),
    `DataView is not vec (Uint8Array)`,
  ],
  [
    "three bytes for [u8; 4]",
    t.fixedBytes(4),
    new Uint8Array(3),
    `Uint8Array of 3 is not fixedBytes (Uint8Array of 4)`,
  ],
  ["a function", t.f64, () => 1, `function is not f64`],
  ["a symbol", t.string, Symbol("a"), `symbol is not string (a string)`],
];

describe("a value that does not fit is refused, and the error says what and where", () => {
  test.each(wrongValues)("%s", (_name, codec, value, message) => {
    const error = failure(() => encode(codec as Codec<unknown>, value));
    expect(error.message).toContain(message);
    expect(error.message).toMatch(/^Cannot encode \$/);
    expect(error.message).toContain(` ${error.path}: `);
  });
});

test("the path leads through every kind of value", () => {
  const codec = t.struct({
    points: t.vec(t.option(point)),
    "odd name": t.tuple(t.u8, t.map(t.string, t.vec(shape))),
  });
  const value = { points: [{ x: 1, y: 2 }, null], "odd name": [1, new Map()] } as never;
  expect(encode(codec, value)).toHaveLength(8 + 17 + 1 + 1 + 8);

  const badPoint = { points: [null, { x: 1, y: "a" }], "odd name": [1, new Map()] } as never;
  expect(failure(() => encode(codec, badPoint))).toMatchObject({
    message: `Cannot encode $.points[1].y: string "a" is not f64 (a number)`,
    path: "$.points[1].y",
    byteOffset: 8 + 1 + 1 + 8,
  });
  const deep = new Map([["a", [{ type: "Path", value: [{ x: 1, y: null }] }]]]);
  const badShape = { points: [], "odd name": [1, deep] } as never;
  expect(failure(() => encode(codec, badShape)).path).toBe(
    `$["odd name"][1][0].value[0].value[0].y`,
  );
});

test("decoding errors carry the path and the offset of the bytes that are wrong", () => {
  const codec = t.struct({ points: t.vec(t.struct({ x: t.f64, on: t.bool })), tail: t.u32 });
  const bytes = encode(codec, {
    points: [
      { x: 1, on: true },
      { x: 2, on: true },
    ],
    tail: 1,
  });
  bytes[25] = 7;
  expect(failure(() => decode(codec, bytes))).toMatchObject({
    message: `Cannot decode $.points[1].on: byte 7 is not bool (0 or 1)`,
    path: "$.points[1].on",
    byteOffset: 25,
  });
  bytes[25] = 1;
  expect(failure(() => decode(codec, bytes.subarray(0, -1)))).toMatchObject({
    message: `Cannot decode $.tail: u32 takes 4 bytes, 3 bytes left`,
    path: "$.tail",
    byteOffset: 26,
  });
  expect(
    failure(() => decode(t.vec(t.u32), Uint8Array.of(3, 0, 0, 0, 0, 0, 0, 0, 1))),
  ).toMatchObject({
    message: `Cannot decode $: length 3 does not fit, 1 byte left`,
    byteOffset: 0,
  });
});

test("offsets count from the start of the given view", () => {
  const view = Uint8Array.of(9, 9, 9, 0, 5).subarray(3);
  expect(failure(() => decode(t.tuple(t.bool, t.bool), view)).byteOffset).toBe(1);
});

test("a key or item that comes twice is refused when decoding", () => {
  const entries = t.vec(t.tuple(t.u8, t.string));
  const map = encode(entries, [
    [1, "a"],
    [2, "b"],
    [1, "c"],
  ]);
  expect(failure(() => decode(t.map(t.u8, t.string), map))).toMatchObject({
    message: `Cannot decode $[2].key: duplicate key number 1`,
    byteOffset: 8 + 10 + 10,
  });
  const items = encode(t.vec(t.string), ["a", "b", "b"]);
  expect(failure(() => decode(t.set(t.string), items))).toMatchObject({
    message: `Cannot decode $[2]: duplicate item string "b"`,
    byteOffset: 8 + 9 + 9,
  });
});
