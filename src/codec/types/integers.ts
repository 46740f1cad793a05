import type { Codec, NumericCodec } from "../codec.ts";
import { WEIGHTS } from "../weights.ts";
import type { Writer } from "../writer.ts";

interface Range {
  readonly expected: string;
  readonly min: number;
  readonly max: number;
}

interface BigRange {
  readonly expected: string;
  readonly min: bigint;
  readonly max: bigint;
}

const U8 = range("u8", 0, 0xff);
const U16 = range("u16", 0, 0xffff);
const U32 = range("u32", 0, 0xffff_ffff);
const I8 = range("i8", -0x80, 0x7f);
const I16 = range("i16", -0x8000, 0x7fff);
const I32 = range("i32", -0x8000_0000, 0x7fff_ffff);
const U64 = bigRange("u64", 0n, 2n ** 64n - 1n);
const U128 = bigRange("u128", 0n, 2n ** 128n - 1n);
const I64 = bigRange("i64", -(2n ** 63n), 2n ** 63n - 1n);
const I128 = bigRange("i128", -(2n ** 127n), 2n ** 127n - 1n);

/** `u8`: a number from 0 to 255. */
export const u8: NumericCodec<number, Uint8Array> = {
  type: { kind: "u8" },
  minBytes: 1,
  weight: WEIGHTS.scalar,
  nullable: false,
  elements: Uint8Array,
  encode: (writer, value) => writer.u8(checked(writer, value, U8)),
  decode: (reader) => reader.view.getUint8(reader.take(1, "u8")),
};

/** `u16`: a number from 0 to 65,535. */
export const u16: NumericCodec<number, Uint16Array> = {
  type: { kind: "u16" },
  minBytes: 2,
  weight: WEIGHTS.scalar,
  nullable: false,
  elements: Uint16Array,
  encode: (writer, value) => writer.u16(checked(writer, value, U16)),
  decode: (reader) => reader.view.getUint16(reader.take(2, "u16"), true),
};

/** `u32`: a number from 0 to 2^32 - 1. */
export const u32: NumericCodec<number, Uint32Array> = {
  type: { kind: "u32" },
  minBytes: 4,
  weight: WEIGHTS.scalar,
  nullable: false,
  elements: Uint32Array,
  encode: (writer, value) => writer.u32(checked(writer, value, U32)),
  decode: (reader) => reader.view.getUint32(reader.take(4, "u32"), true),
};

/** `u64` and `usize`: a bigint from 0 to 2^64 - 1. */
export const u64: NumericCodec<bigint, BigUint64Array> = {
  type: { kind: "u64" },
  minBytes: 8,
  weight: WEIGHTS.item,
  nullable: false,
  elements: BigUint64Array,
  encode: (writer, value) => writer.u64(checkedBig(writer, value, U64)),
  decode: (reader) => reader.view.getBigUint64(reader.take(8, "u64"), true),
};

/** `u128`: a bigint from 0 to 2^128 - 1. */
export const u128: Codec<bigint> = {
  type: { kind: "u128" },
  minBytes: 16,
  weight: WEIGHTS.item,
  nullable: false,
  encode: (writer, value) => write128(writer, checkedBig(writer, value, U128)),
  decode: (reader) => {
    const at = reader.take(16, "u128");
    return (reader.view.getBigUint64(at + 8, true) << 64n) | reader.view.getBigUint64(at, true);
  },
};

/** `i8`: a number from -128 to 127. */
export const i8: NumericCodec<number, Int8Array> = {
  type: { kind: "i8" },
  minBytes: 1,
  weight: WEIGHTS.scalar,
  nullable: false,
  elements: Int8Array,
  encode: (writer, value) => writer.u8(checked(writer, value, I8)),
  decode: (reader) => reader.view.getInt8(reader.take(1, "i8")),
};

/** `i16`: a number from -32,768 to 32,767. */
export const i16: NumericCodec<number, Int16Array> = {
  type: { kind: "i16" },
  minBytes: 2,
  weight: WEIGHTS.scalar,
  nullable: false,
  elements: Int16Array,
  encode: (writer, value) => writer.u16(checked(writer, value, I16)),
  decode: (reader) => reader.view.getInt16(reader.take(2, "i16"), true),
};

/** `i32`: a number from -2^31 to 2^31 - 1. */
export const i32: NumericCodec<number, Int32Array> = {
  type: { kind: "i32" },
  minBytes: 4,
  weight: WEIGHTS.scalar,
  nullable: false,
  elements: Int32Array,
  encode: (writer, value) => writer.u32(checked(writer, value, I32)),
  decode: (reader) => reader.view.getInt32(reader.take(4, "i32"), true),
};

/** `i64` and `isize`: a bigint from -2^63 to 2^63 - 1. */
export const i64: NumericCodec<bigint, BigInt64Array> = {
  type: { kind: "i64" },
  minBytes: 8,
  weight: WEIGHTS.item,
  nullable: false,
  elements: BigInt64Array,
  encode: (writer, value) => writer.u64(checkedBig(writer, value, I64)),
  decode: (reader) => reader.view.getBigInt64(reader.take(8, "i64"), true),
};

/** `i128`: a bigint from -2^127 to 2^127 - 1. */
export const i128: Codec<bigint> = {
  type: { kind: "i128" },
  minBytes: 16,
  weight: WEIGHTS.item,
  nullable: false,
  encode: (writer, value) => write128(writer, checkedBig(writer, value, I128)),
  decode: (reader) => {
    const at = reader.take(16, "i128");
    return (reader.view.getBigInt64(at + 8, true) << 64n) | reader.view.getBigUint64(at, true);
  },
};

function range(name: string, min: number, max: number): Range {
  return { expected: `${name} (an integer from ${min} to ${max})`, min, max };
}

function bigRange(name: string, min: bigint, max: bigint): BigRange {
  return { expected: `${name} (a bigint from ${min} to ${max})`, min, max };
}

function checked(writer: Writer, value: unknown, range: Range): number {
  if (
    typeof value !== "number" ||
    !Number.isInteger(value) ||
    value < range.min ||
    value > range.max
  ) {
    throw writer.wrong(value, range.expected);
  }
  return value;
}

function checkedBig(writer: Writer, value: unknown, { min, max, expected }: BigRange): bigint {
  if (typeof value !== "bigint" || value < min || value > max) throw writer.wrong(value, expected);
  return value;
}

/** Writes the low 128 bits, whatever the sign: a DataView takes a bigint modulo 2^64. */
function write128(writer: Writer, value: bigint): void {
  writer.u64(value);
  writer.u64(value >> 64n);
}
