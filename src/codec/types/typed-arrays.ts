import { checkLength } from "../check-codec.ts";
import type { Codec } from "../codec.ts";
import type { Reader } from "../reader.ts";
import type { ArrayTypeName } from "../type-description.ts";
import type { TypedArray, TypedArrayConstructor } from "../typed-array.ts";
import { WEIGHTS } from "../weights.ts";
import type { Writer } from "../writer.ts";

/** `Vec<u8>`: a `Uint8Array`, copied at memory speed. */
export const bytes: Codec<Uint8Array<ArrayBuffer>, Uint8Array> = vecOf("bytes", Uint8Array);

/** `Vec<i8>` as an `Int8Array`. */
export const i8Array: Codec<Int8Array<ArrayBuffer>, Int8Array> = vecOf("i8Array", Int8Array);

/** `Vec<u16>` as a `Uint16Array`. */
export const u16Array: Codec<Uint16Array<ArrayBuffer>, Uint16Array> = vecOf(
  "u16Array",
  Uint16Array,
);

/** `Vec<i16>` as an `Int16Array`. */
export const i16Array: Codec<Int16Array<ArrayBuffer>, Int16Array> = vecOf("i16Array", Int16Array);

/** `Vec<u32>` as a `Uint32Array`. */
export const u32Array: Codec<Uint32Array<ArrayBuffer>, Uint32Array> = vecOf(
  "u32Array",
  Uint32Array,
);

/** `Vec<i32>` as an `Int32Array`. */
export const i32Array: Codec<Int32Array<ArrayBuffer>, Int32Array> = vecOf("i32Array", Int32Array);

/** `Vec<u64>` as a `BigUint64Array`. */
export const u64Array: Codec<BigUint64Array<ArrayBuffer>, BigUint64Array> = vecOf(
  "u64Array",
  BigUint64Array,
);

/** `Vec<i64>` as a `BigInt64Array`. */
export const i64Array: Codec<BigInt64Array<ArrayBuffer>, BigInt64Array> = vecOf(
  "i64Array",
  BigInt64Array,
);

/** `Vec<f32>` as a `Float32Array`; the bits of NaNs are kept. */
export const f32Array: Codec<Float32Array<ArrayBuffer>, Float32Array> = vecOf(
  "f32Array",
  Float32Array,
);

/** `Vec<f64>` as a `Float64Array`; the bits of NaNs are kept. */
export const f64Array: Codec<Float64Array<ArrayBuffer>, Float64Array> = vecOf(
  "f64Array",
  Float64Array,
);

/**
 * `[u8; length]`: a `Uint8Array` of exactly that length.
 *
 * @throws TypeError when `length` is not an integer ≥ 0.
 */
export function fixedBytes(length: number): Codec<Uint8Array<ArrayBuffer>, Uint8Array> {
  checkLength(length, "length of t.fixedBytes");
  return {
    type: { kind: "fixedBytes", length },
    minBytes: length,
    weight: WEIGHTS.typedArray,
    nullable: false,
    encode: (writer, value: unknown) => {
      const bytes = isTypedArray(value, Uint8Array) ? bytesOf(writer, value) : undefined;
      if (bytes?.length !== length) {
        throw writer.wrong(value, `fixedBytes (Uint8Array of ${length})`);
      }
      writer.copy(bytes);
    },
    decode: (reader) => readElements(reader, Uint8Array, length),
  };
}

const DETACHED = "typed array whose buffer is detached";

/** Arrays of at most this size are copied element by element, without a view of their bytes. */
const SHORT_BYTES = 1024;
/** Engines keep arrays of at most this size in their own heap: ten times as fast to make as a buffer. */
const HEAP_BYTES = 64;

/** A getter of all typed arrays: it tells the truth whatever realm, subclass or property of its own one has. */
function getterOf(name: string | symbol): (this: unknown) => unknown {
  const prototype = Object.getPrototypeOf(Uint8Array.prototype) as object;
  // oxlint-disable-next-line typescript/unbound-method -- each use says of which value
  return Object.getOwnPropertyDescriptor(prototype, name)?.get as () => unknown;
}

const kindNameOf = getterOf(Symbol.toStringTag);
const bufferOf = getterOf("buffer");
const byteOffsetOf = getterOf("byteOffset");
const byteLengthOf = getterOf("byteLength");

/** Whether `value` is a typed array of exactly this kind, of any realm. */
export function isTypedArray<A extends TypedArray>(
  value: unknown,
  kind: TypedArrayConstructor<A>,
): value is A {
  return kindNameOf.call(value) === kind.name;
}

/** Writes a length and the elements as they lie in memory (all engines' hosts are little-endian). */
export function writeElements(
  writer: Writer,
  kind: TypedArrayConstructor<TypedArray>,
  value: TypedArray,
): void {
  const byteLength = byteLengthOf.call(value) as number;
  if (byteLength <= SHORT_BYTES && writeShort(writer, kind, value, byteLength)) return;
  const bytes = bytesOf(writer, value);
  writer.length(bytes.length / kind.BYTES_PER_ELEMENT);
  writer.copy(bytes);
}

/**
 * Writes a short array without a view of its bytes, which takes longer to make than to copy, and longer
 * still where the array has no buffer yet. @returns false where its elements would not be aligned.
 */
function writeShort(
  writer: Writer,
  kind: TypedArrayConstructor<TypedArray>,
  value: TypedArray,
  byteLength: number,
): boolean {
  const size = kind.BYTES_PER_ELEMENT;
  const index = (writer.offset + 8) / size;
  if (!Number.isInteger(index)) return false;
  writer.reserve(8 + byteLength);
  const elements = writer.scratchElements(kind);
  if (elements === undefined) return false;
  try {
    elements.set(value as unknown as ArrayLike<never>, index);
  } catch {
    throw writer.mismatch(DETACHED);
  }
  writer.length(byteLength / size);
  writer.take(byteLength);
  return true;
}

/** A view of the bytes of a typed array. @throws Mismatch when its buffer is detached. */
function bytesOf(writer: Writer, value: TypedArray): Uint8Array {
  const memory = arrayMemory(value);
  if (memory === undefined) throw writer.mismatch(DETACHED);
  return memory;
}

/** A view of the bytes of a typed array, of any realm; `undefined` when its buffer is detached. */
export function arrayMemory(array: TypedArray): Uint8Array | undefined {
  try {
    return new Uint8Array(
      bufferOf.call(array) as ArrayBuffer,
      byteOffsetOf.call(array) as number,
      byteLengthOf.call(array) as number,
    );
  } catch {
    return undefined;
  }
}

/** Reads `length` elements as a view of `source`, or as a copy where they are not aligned. */
export function viewElements<A extends TypedArray>(
  reader: Reader,
  { buffer, byteOffset }: Uint8Array<ArrayBuffer>,
  kind: TypedArrayConstructor<A>,
  length: number,
): A {
  const byteLength = length * kind.BYTES_PER_ELEMENT;
  const start = byteOffset + reader.take(byteLength, kind.name);
  return start % kind.BYTES_PER_ELEMENT === 0
    ? new kind(buffer, start, length)
    : new kind(buffer.slice(start, start + byteLength));
}

/** Reads `length` elements for the caller: as a view only where the bytes are owned and mostly these, and many. */
function readElements<A extends TypedArray>(
  reader: Reader,
  kind: TypedArrayConstructor<A>,
  length: number,
): A {
  const byteLength = length * kind.BYTES_PER_ELEMENT;
  const scratch = reader.scratchElements(kind);
  const index = reader.offset / kind.BYTES_PER_ELEMENT;
  if (
    scratch !== undefined &&
    (byteLength <= HEAP_BYTES || !reader.owned) &&
    Number.isInteger(index)
  ) {
    reader.take(byteLength, kind.name);
    return scratch.slice(index, index + length) as A;
  }
  const { source } = reader;
  if (reader.owned && byteLength * 2 >= source.buffer.byteLength) {
    reader.isViewed = true;
    return viewElements(reader, source, kind, length);
  }
  const start = source.byteOffset + reader.take(byteLength, kind.name);
  return new kind(source.buffer.slice(start, start + byteLength));
}

function vecOf<A extends TypedArray>(
  name: "bytes" | ArrayTypeName,
  kind: TypedArrayConstructor<A>,
): Codec<A, unknown> {
  const expected = `vec (${kind.name})`;
  return {
    type: { kind: name },
    minBytes: 8,
    weight: WEIGHTS.typedArray,
    nullable: false,
    array: kind,
    encode: (writer, value) => {
      if (!isTypedArray(value, kind)) throw writer.wrong(value, expected);
      writeElements(writer, kind, value);
    },
    decode: (reader) => {
      const length = reader.length(kind.BYTES_PER_ELEMENT);
      return readElements(reader, kind, length);
    },
  };
}
