/** Typed arrays of the caller's as the memory of messages: their length and elements are the message, or the most of it. */

import { isArrayBuffer } from "../brands.ts";
import type { Reader } from "./reader.ts";
import type { TypedArray, TypedArrayConstructor } from "./typed-array.ts";
import { arrayMemory, isTypedArray } from "./types/typed-arrays.ts";

/** A length, as u64, comes before the elements. */
const LENGTH_BYTES = 8;

/**
 * Reads a typed array into `target`, which is one of this kind.
 *
 * @returns `target`, or a view of its first elements where the message has fewer.
 * @throws {RangeError} when it has more.
 * @throws {TypeError} when the buffer of `target` is detached.
 */
export function readInto(
  reader: Reader,
  kind: TypedArrayConstructor<TypedArray>,
  target: TypedArray,
): TypedArray {
  const size = kind.BYTES_PER_ELEMENT;
  const length = reader.length(size);
  const start = reader.take(length * size, kind.name);
  const memory = arrayMemory(target);
  if (memory === undefined) {
    throw new TypeError("Cannot write a result into options.out: its buffer is detached");
  }
  const room = memory.length / size;
  if (length > room) {
    throw new RangeError(
      `Cannot write a result of ${length} elements into options.out: it has room for ${room}`,
    );
  }
  memory.set(reader.bytes.subarray(start, start + length * size));
  if (length === room) return target;
  return new kind(memory.buffer as ArrayBuffer, memory.byteOffset, length);
}

/**
 * The message of a typed array that is given up, made around its elements: possible where a length has
 * room before them, as in a result that is a view of its message. Its buffer is detached.
 *
 * @param most Bytes of the message.
 * @returns `undefined` where it is not possible, and nothing is changed then.
 */
export function encodeInPlace(
  kind: TypedArrayConstructor<TypedArray>,
  value: unknown,
  most: number,
): Uint8Array<ArrayBuffer> | undefined {
  const memory = isTypedArray(value, kind) ? arrayMemory(value) : undefined;
  if (memory?.byteOffset !== LENGTH_BYTES) return undefined;
  const { buffer, length } = memory;
  const messageBytes = LENGTH_BYTES + length;
  if (messageBytes > most || messageBytes * 2 < buffer.byteLength) return undefined;
  if (!isArrayBuffer(buffer) || buffer.resizable) return undefined;
  const own = detached(buffer);
  new DataView(own).setBigUint64(0, BigInt(length / kind.BYTES_PER_ELEMENT), true);
  return new Uint8Array(own, 0, messageBytes);
}

/**
 * Detaches the buffers of those of the values that are typed arrays.
 *
 * @returns their memory.
 * @throws {TypeError} when a buffer cannot be detached: that of shared memory, or a Wasm memory.
 */
export function giveUp(values: readonly unknown[]): ArrayBuffer[] {
  const buffers = values.flatMap((value) => (isAnyTypedArray(value) ? [value.buffer] : []));
  return [...new Set(buffers)].map((buffer) => detached(buffer as ArrayBuffer));
}

function isAnyTypedArray(value: unknown): value is TypedArray {
  return ArrayBuffer.isView(value) && !(value instanceof DataView);
}

/** Its memory, as another buffer. */
function detached(buffer: ArrayBuffer): ArrayBuffer {
  try {
    return structuredClone(buffer, { transfer: [buffer] });
  } catch (cause) {
    throw new TypeError("Cannot give up an argument: its buffer cannot be transferred", { cause });
  }
}
