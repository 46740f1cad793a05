// Holds the codecs against Rust's own bincode. `vectors.json` is written by `guest/rust/vectors`,
// whose `describe.rs` says which form each type and value has in it.
import { describe, expect, test } from "vitest";
import { CodecError } from "../errors.ts";
import type { Codec } from "./codec.ts";
import { decode, encode } from "./message.ts";
import { type Json, schemasOf } from "./schema.test-kit.ts";
import { t } from "./t.ts";
import vectors from "./vectors.json" with { type: "json" };

const schemaOf = schemasOf(vectors.definitions);

interface Vector {
  readonly name: string;
  readonly schema: Json;
  readonly hex: string;
}

describe.each(vectors.values as (Vector & { value: Json })[])("$name", ({ schema, hex, value }) => {
  const { codec, toValue } = schemaOf(schema);
  test("has the bytes that bincode gives it", () => {
    expect(toHex(encode(codec, toValue(value)))).toBe(hex);
  });
  test("comes back from these bytes", () => {
    expect(decode(codec, fromHex(hex))).toStrictEqual(toValue(value));
  });
  test("is refused when its last byte is missing", () => {
    if (hex === "") return;
    expect(() => decode(codec, fromHex(hex).subarray(0, -1))).toThrow(CodecError);
  });
});

describe("bytes that bincode reads though it would not write them are read alike", () => {
  const cases = vectors.accepted as (Vector & { value: Json })[];
  test.each(cases)("$name", ({ schema, hex, value }) => {
    const { codec, toValue } = schemaOf(schema);
    expect(decode(codec, fromHex(hex))).toStrictEqual(toValue(value));
  });
});

describe("bytes that bincode refuses are refused", () => {
  test.each(vectors.refused as Vector[])("$name", ({ schema, hex }) => {
    const { codec } = schemaOf(schema);
    expect(() => decode(codec, fromHex(hex))).toThrow(CodecError);
  });
});

const typedArrays = [
  ["u8", Uint8Array, t.bytes],
  ["i8", Int8Array, t.i8Array],
  ["u16", Uint16Array, t.u16Array],
  ["i16", Int16Array, t.i16Array],
  ["u32", Uint32Array, t.u32Array],
  ["i32", Int32Array, t.i32Array],
  ["u64", BigUint64Array, t.u64Array],
  ["i64", BigInt64Array, t.i64Array],
  ["f32", Float32Array, t.f32Array],
  ["f64", Float64Array, t.f64Array],
] as const;

describe.each(typedArrays)("a typed array of %s", (item, TypedArray, arrayCodec) => {
  const cases = (vectors.values as (Vector & { value: Json })[]).filter(
    ({ schema }) => JSON.stringify(schema) === JSON.stringify(["vec", item]),
  );
  test.each(cases)("$name", ({ schema, hex, value }) => {
    const { codec, toValue } = schemaOf(schema);
    const array = new TypedArray(toValue(value) as never);
    expect(decode<unknown>(arrayCodec, fromHex(hex))).toStrictEqual(array);
    expect(toHex(encode(arrayCodec as Codec<unknown>, array))).toBe(hex);
    expect(toHex(encode(codec, array))).toBe(hex);
  });
});

test("a fixed number of bytes has the bytes of an array", () => {
  const bytes = Uint8Array.of(1, 2, 3, 4);
  expect(toHex(encode(t.fixedBytes(4), bytes))).toBe("01020304");
  expect(decode(t.fixedBytes(4), bytes)).toStrictEqual(bytes);
});

function toHex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

function fromHex(hex: string): Uint8Array {
  return Uint8Array.from(hex.match(/../g) ?? [], (byte) => Number.parseInt(byte, 16));
}
