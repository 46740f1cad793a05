import type { BigIntWord, NumberWord, TypedArrayWord } from "../description.ts";
import type { Codec } from "./codec.ts";
import {
  readBytes,
  readFlag,
  readLength,
  readText,
  room,
  take,
  writeBytes,
  writeCharacters,
  writeLength,
  writeText,
} from "./message.ts";
import { Misfit } from "./misfit.ts";
import { view } from "./native.ts";

function integer(
  type: NumberWord,
  size: number,
  [least, most]: readonly [number, number],
  get: (at: number) => number,
  set: (at: number, value: number) => void,
): Codec {
  return {
    read: () => get(take(size)),
    write: (value: number) => {
      if (!Number.isInteger(value) || value < least || value > most) throw new Misfit(value, type);
      set(room(size), value);
    },
  };
}

function float(
  type: NumberWord,
  size: number,
  get: (at: number) => number,
  set: (at: number, value: number) => void,
): Codec {
  return {
    read: () => get(take(size)),
    write: (value: number) => {
      if (typeof value !== "number") throw new Misfit(value, type);
      set(room(size), value);
    },
  };
}

function bigInteger(type: BigIntWord, bits: number, isSigned: boolean): Codec {
  const wrap = (count: number, value: bigint): bigint =>
    isSigned ? BigInt.asIntN(count, value) : BigInt.asUintN(count, value);
  return {
    read: () => {
      let value = 0n;
      const at = take(bits / 8);
      for (let byte = bits / 8 - 8; byte >= 0; byte -= 8)
        value = (value << 64n) | view.getBigUint64(at + byte, true);
      return wrap(bits, value);
    },
    write: (value: bigint) => {
      if (typeof value !== "bigint" || wrap(bits, value) !== value) throw new Misfit(value, type);
      const at = room(bits / 8);
      for (let byte = 0; byte < bits / 8; byte += 8)
        view.setBigUint64(at + byte, BigInt.asUintN(64, value >> BigInt(8 * byte)), true);
    },
  };
}

interface TypedArray {
  readonly buffer: ArrayBufferLike;
  readonly byteOffset: number;
  readonly byteLength: number;
  readonly length: number;
}

interface TypedArrayClass {
  new (buffer: ArrayBuffer): TypedArray;
  readonly BYTES_PER_ELEMENT: number;
}

function typedArray(type: TypedArrayWord, Class: TypedArrayClass): Codec {
  return {
    read: () => new Class(readBytes(readLength() * Class.BYTES_PER_ELEMENT).buffer),
    write: (value: TypedArray) => {
      if (!(value instanceof Class)) throw new Misfit(value, type);
      writeLength(value.length);
      writeBytes(new Uint8Array(value.buffer, value.byteOffset, value.byteLength));
    },
  };
}

function writeString(value: string): void {
  if (typeof value !== "string") throw new Misfit(value, "string");
  writeText(value);
}

const bool: Codec = {
  read: () => readFlag(),
  write: (value: boolean) => {
    if (typeof value !== "boolean") throw new Misfit(value, "bool");
    view.setUint8(room(1), Number(value));
  },
};

const char: Codec = {
  read: () => {
    const at = take(1);
    const first = view.getUint8(at);
    const more = first < 0x80 ? 0 : first < 0xe0 ? 1 : first < 0xf0 ? 2 : 3;
    return more === 0 ? String.fromCharCode(first) : decodedAt(at, more);
  },
  write: (value: string) => {
    if (typeof value !== "string" || Array.from(value).length !== 1)
      throw new Misfit(value, "char");
    writeCharacters(value);
  },
};

function decodedAt(at: number, more: number): string {
  const rest = take(more);
  const lead = view.getUint8(at) & (0x3f >> more);
  let code = lead;
  for (let index = 0; index < more; index += 1)
    code = (code << 6) | (view.getUint8(rest + index) & 0x3f);
  return String.fromCodePoint(code);
}

const bytesCodec: Codec = {
  read: () => readBytes(readLength()),
  write: (value: Uint8Array) => {
    if (!(value instanceof Uint8Array)) throw new Misfit(value, "bytes (a Uint8Array)");
    writeLength(value.length);
    writeBytes(value);
  },
};

const u64 = bigInteger("u64", 64, false);
const u32 = integer(
  "u32",
  4,
  [0, 0xffff_ffff],
  (at) => view.getUint32(at, true),
  (at, value) => view.setUint32(at, value, true),
);

const duration: Codec = {
  read: () => ({ seconds: u64.read(), nanoseconds: u32.read() }),
  write: (value: { seconds: never; nanoseconds: never }) => {
    if (typeof value?.seconds !== "bigint") throw new Misfit(value, "duration");
    u64.write(value.seconds);
    u32.write(value.nanoseconds);
  },
};

/** The codecs of the types that have no parts, by their words. */
export const SCALARS: Readonly<Record<string, Codec>> = {
  "()": { read: () => undefined, write: () => {} },
  bool,
  char,
  string: { read: () => readText(readLength()), write: writeString },
  bytes: bytesCodec,
  duration,
  u8: integer(
    "u8",
    1,
    [0, 0xff],
    (at) => view.getUint8(at),
    (at, value) => view.setUint8(at, value),
  ),
  u16: integer(
    "u16",
    2,
    [0, 0xffff],
    (at) => view.getUint16(at, true),
    (at, value) => view.setUint16(at, value, true),
  ),
  u32,
  i8: integer(
    "i8",
    1,
    [-0x80, 0x7f],
    (at) => view.getInt8(at),
    (at, value) => view.setInt8(at, value),
  ),
  i16: integer(
    "i16",
    2,
    [-0x8000, 0x7fff],
    (at) => view.getInt16(at, true),
    (at, value) => view.setInt16(at, value, true),
  ),
  i32: integer(
    "i32",
    4,
    [-0x8000_0000, 0x7fff_ffff],
    (at) => view.getInt32(at, true),
    (at, value) => view.setInt32(at, value, true),
  ),
  f32: float(
    "f32",
    4,
    (at) => view.getFloat32(at, true),
    (at, value) => view.setFloat32(at, value, true),
  ),
  f64: float(
    "f64",
    8,
    (at) => view.getFloat64(at, true),
    (at, value) => view.setFloat64(at, value, true),
  ),
  u64,
  i64: bigInteger("i64", 64, true),
  u128: bigInteger("u128", 128, false),
  i128: bigInteger("i128", 128, true),
  i8Array: typedArray("i8Array", Int8Array),
  u16Array: typedArray("u16Array", Uint16Array),
  i16Array: typedArray("i16Array", Int16Array),
  u32Array: typedArray("u32Array", Uint32Array),
  i32Array: typedArray("i32Array", Int32Array),
  u64Array: typedArray("u64Array", BigUint64Array),
  i64Array: typedArray("i64Array", BigInt64Array),
  f32Array: typedArray("f32Array", Float32Array),
  f64Array: typedArray("f64Array", Float64Array),
};
