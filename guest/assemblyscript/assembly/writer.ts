// Writes one message. No code of the plugin runs while one is open, so one state serves all.
import { fail } from "./abort";
import { encodeUtf8 } from "./utf8";

// @ts-ignore: decorator
@lazy const FIRST_CAPACITY: usize = 64;

// @ts-ignore: decorator
@lazy let start: usize = 0;
// @ts-ignore: decorator
@lazy let length: usize = 0;
// @ts-ignore: decorator
@lazy let capacity: usize = 0;

export function beginMessage(): void {
  start = 0;
  length = 0;
  capacity = 0;
}

/** Ends the message, which belongs to the page from then on. */
export function finishMessage(): u64 {
  return (<u64>start << 32) | length;
}

/** The address of `size` bytes that follow. */
function reserve(size: usize): usize {
  const target = length;
  length += size;
  if (length > capacity) {
    capacity = max(length, max(capacity * 2, FIRST_CAPACITY));
    start = start ? heap.realloc(start, capacity) : heap.alloc(capacity);
  }
  return start + target;
}

export function write<T>(value: T): void {
  store<T>(reserve(sizeof<T>()), value);
}

export function writeLength(value: i32): void {
  write<u64>(value);
}

function writeBytes(source: usize, size: usize): void {
  memory.copy(reserve(size), source, size);
}

export function writeString(value: string): void {
  const size = String.UTF8.byteLength(value);
  writeLength(size);
  encodeUtf8(value, reserve(size));
}

/** An array whose items are numbers. */
export function writeNumbers<T>(value: Array<T>): void {
  writeLength(value.length);
  writeBytes(value.dataStart, <usize>value.length * sizeof<T>());
}

/** A static array whose items are numbers. */
export function writeStaticNumbers<T>(value: StaticArray<T>): void {
  writeLength(value.length);
  writeBytes(changetype<usize>(value), <usize>value.length * sizeof<T>());
}

/** A typed array `V` of numbers `T`. */
export function writeView<V extends ArrayBufferView, T>(value: V): void {
  writeLength(value.byteLength / sizeof<T>());
  writeBytes(value.dataStart, value.byteLength);
}

export function writeArrayBuffer(value: ArrayBuffer): void {
  writeLength(value.byteLength);
  writeBytes(changetype<usize>(value), value.byteLength);
}

/** A character, by its code. */
export function writeChar(code: u32): void {
  if (code > 0x10ffff || (code & 0xfffff800) == 0xd800) {
    fail("Cannot encode a char: " + code.toString() + " is not the code of a character");
  }
  const text = String.fromCodePoint(code);
  encodeUtf8(text, reserve(String.UTF8.byteLength(text)));
}
