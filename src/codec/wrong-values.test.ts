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
  ["a string for bool", t.bool, "a", `"$": found string "a", expected bool (a boolean)`],
  ["1 for bool", t.bool, 1, `"$": found number 1, expected bool (a boolean)`],
  ["256 for u8", t.u8, 256, `"$": found number 256, expected u8 (an integer from 0 to 255)`],
  ["-1 for u8", t.u8, -1, `found number -1, expected u8`],
  ["1.5 for u8", t.u8, 1.5, `found number 1.5, expected u8`],
  ["NaN for u32", t.u32, NaN, `found number NaN, expected u32`],
  ["Infinity for i32", t.i32, Infinity, `found number Infinity, expected i32`],
  ["a bigint for u32", t.u32, 1n, `found bigint 1, expected u32`],
  ["a numeric string for u16", t.u16, "1", `found string "1", expected u16`],
  ["2^16 for u16", t.u16, 65_536, `expected u16 (an integer from 0 to 65535)`],
  ["2^32 for u32", t.u32, 2 ** 32, `expected u32 (an integer from 0 to 4294967295)`],
  ["128 for i8", t.i8, 128, `expected i8 (an integer from -128 to 127)`],
  ["-129 for i8", t.i8, -129, `expected i8`],
  ["2^15 for i16", t.i16, 2 ** 15, `expected i16 (an integer from -32768 to 32767)`],
  ["-2^31 - 1 for i32", t.i32, -(2 ** 31) - 1, `expected i32`],
  ["a number for u64", t.u64, 1, `found number 1, expected u64 (a bigint from 0 to`],
  ["-1n for u64", t.u64, -1n, `found bigint -1, expected u64`],
  ["2^64 for u64", t.u64, 2n ** 64n, `found bigint 18446744073709551616, expected u64`],
  ["2^63 for i64", t.i64, 2n ** 63n, `expected i64`],
  ["-2^63 - 1 for i64", t.i64, -(2n ** 63n) - 1n, `expected i64`],
  ["2^128 for u128", t.u128, 2n ** 128n, `expected u128`],
  ["2^127 for i128", t.i128, 2n ** 127n, `expected i128`],
  ["a vast bigint", t.u128, 2n ** 5000n, `found bigint of more than 128 bits, expected u128`],
  ["a string for f64", t.f64, "a", `"$": found string "a", expected f64 (a number)`],
  ["a bigint for f32", t.f32, 1n, `found bigint 1, expected f32 (a number)`],
  ["null for string", t.string, null, `found null, expected string (a string)`],
  [
    "a lone high surrogate",
    t.string,
    "a\ud800",
    `found a lone surrogate, expected string (of whole characters)`,
  ],
  ["a lone low surrogate", t.string, `${"x".repeat(99)}\udc00`, `found a lone surrogate`],
  ["no character for char", t.char, "", `found string "", expected char`],
  ["two characters for char", t.char, "ab", `found string "ab", expected char`],
  ["a surrogate for char", t.char, "\ud800", `found string "\\ud800", expected char`],
  ["two astral characters for char", t.char, "🦀🦀", `expected char`],
  ["a long string", t.u8, "x".repeat(50), `found string "${"x".repeat(40)}" and 10 more`],
  ["null for unit", t.unit, null, `found null, expected unit (undefined)`],
  ["undefined for option", t.option(t.u8), undefined, `found undefined, expected u8`],
  [
    "a bare value in an option of an option",
    t.option(t.option(t.u8)),
    1,
    `expected option (null or { some })`,
  ],
  ["a wrong boxed value", t.option(t.option(t.u8)), { some: "a" }, `"$.some": found string "a"`],
  ["an object for vec", t.vec(t.string), { length: 1 }, `found Object, expected vec (Array)`],
  [
    "another typed array for vec",
    t.vec(t.f64),
    Float32Array.of(1),
    `found Float32Array of 1, expected vec (Array or Float64Array)`,
  ],
  ["a typed array for a vec of bool", t.vec(t.bool), Uint8Array.of(1), `expected vec (Array)`],
  [
    "a hole in an array",
    t.vec(t.u8),
    Array.from({ length: 2 }),
    `"$[0]": found undefined, expected u8`,
  ],
  [
    "two items for [_; 3]",
    t.array(t.u8, 3),
    [1, 2],
    `found Array of 2, expected array (Array of 3)`,
  ],
  [
    "four items for [_; 3]",
    t.array(t.u8, 3),
    [1, 2, 3, 4],
    `found Array of 4, expected array (Array of 3)`,
  ],
  [
    "two items for a tuple of one",
    t.tuple(t.u8),
    [1, 2],
    `found Array of 2, expected tuple (Array of 1)`,
  ],
  ["an object for map", t.map(t.string, t.u8), { a: 1 }, `found Object, expected map (Map)`],
  [
    "a wrong key",
    t.map(t.string, t.u8),
    new Map([[1, 1]]),
    `"$[0].key": found number 1, expected string (a string)`,
  ],
  [
    "a wrong value in a map",
    t.map(t.string, t.u8),
    new Map([
      ["a", 1],
      ["b", -1],
    ]),
    `"$[1].value": found number -1`,
  ],
  ["an array for set", t.set(t.u8), [1], `found Array of 1, expected set (Set)`],
  ["a wrong item of a set", t.set(t.u8), new Set([1, "a"]), `"$[1]": found string "a"`],
  ["a number for struct", point, 1, `"$": found number 1, expected struct (an object)`],
  ["null for struct", point, null, `"$": found null, expected struct (an object)`],
  ["a missing field", point, { x: 1 }, `"$.y": found undefined, expected f64 (a number)`],
  [
    "an unknown variant",
    shape,
    { type: "Square" },
    `"$.type": found string "Square", expected one of Empty | Circle | Path`,
  ],
  [
    "a bare name for a variant",
    shape,
    "Empty",
    `"$": found string "Empty", expected enum (an object with a type)`,
  ],
  ["null for a variant", shape, null, `"$": found null, expected enum (an object with a type)`],
  [
    "an inherited name for a variant",
    shape,
    { type: "toString" },
    `"$.type": found string "toString", expected one of`,
  ],
  [
    "a variant without its value",
    shape,
    { type: "Circle" },
    `"$.value": found undefined, expected f64 (a number)`,
  ],
  [
    "a unit variant with a value",
    shape,
    { type: "Empty", value: 1 },
    `"$.value": found number 1, expected unit (undefined)`,
  ],
  [
    "a bare value for result",
    t.result(t.u8, t.string),
    1,
    `found number 1, expected result ({ ok: true, value } or { ok: false, error })`,
  ],
  [
    "undefined for result",
    t.result(t.u8, t.string),
    undefined,
    `found undefined, expected result (`,
  ],
  ["a wrong Ok", t.result(t.u8, t.string), { ok: true, value: "a" }, `"$.value": found string "a"`],
  ["a wrong Err", t.result(t.u8, t.string), { ok: false, error: 1 }, `"$.error": found number 1`],
  [
    "10^9 nanoseconds",
    t.duration,
    { seconds: 1n, nanoseconds: 1e9 },
    `"$.nanoseconds": found number 1000000000, expected an integer below 1000000000`,
  ],
  ["null for a duration", t.duration, null, `found null, expected struct (an object)`],
  ["an array for bytes", t.bytes, [1], `found Array of 1, expected vec (Uint8Array)`],
  [
    "another view for bytes",
    t.bytes,
    new DataView(new ArrayBuffer(1)),
    `found DataView, expected vec (Uint8Array)`,
  ],
  [
    "three bytes for [u8; 4]",
    t.fixedBytes(4),
    new Uint8Array(3),
    `found Uint8Array of 3, expected fixedBytes (Uint8Array of 4)`,
  ],
  ["a function", t.f64, () => 1, `found function, expected f64`],
  ["a symbol", t.string, Symbol("a"), `found symbol, expected string (a string)`],
];

describe("a value that does not fit is refused, and the error says what and where", () => {
  test.each(wrongValues)("%s", (_name, codec, value, message) => {
    const error = failure(() => encode(codec as Codec<unknown>, value));
    expect(error.message).toContain(message);
    expect(error.message).toMatch(/^Cannot encode value "/);
    expect(error.message).toContain(`"${error.path}"`);
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
    message: `Cannot encode value "$.points[1].y": found string "a", expected f64 (a number)`,
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
    message: `Cannot decode value "$.points[1].on": found byte 7, expected bool (0 or 1)`,
    path: "$.points[1].on",
    byteOffset: 25,
  });
  bytes[25] = 1;
  expect(failure(() => decode(codec, bytes.subarray(0, -1)))).toMatchObject({
    message: `Cannot decode value "$.tail": found 3 bytes, expected u32 (4 bytes)`,
    path: "$.tail",
    byteOffset: 26,
  });
  expect(
    failure(() => decode(t.vec(t.u32), Uint8Array.of(3, 0, 0, 0, 0, 0, 0, 0, 1))),
  ).toMatchObject({
    message: `Cannot decode value "$": found length 3, expected at most 0 (1 bytes are left)`,
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
    message: `Cannot decode value "$[2].key": found number 1, expected a key that has not come before`,
    byteOffset: 8 + 10 + 10,
  });
  const items = encode(t.vec(t.string), ["a", "b", "b"]);
  expect(failure(() => decode(t.set(t.string), items))).toMatchObject({
    message: `Cannot decode value "$[2]": found string "b", expected an item that has not come before`,
    byteOffset: 8 + 9 + 9,
  });
});

test("an error thrown by the value itself is passed on as it is", () => {
  const mine = new RangeError("mine");
  const value = {
    x: 1,
    get y(): number {
      throw mine;
    },
  };
  expect(() => encode(point, value)).toThrow(mine);
});
