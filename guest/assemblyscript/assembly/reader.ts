// Reads one message. No code of the plugin runs while one is open, so one state serves all.
import { fail } from "./abort";
import { freeBuffer } from "./buffer";
import { isUtf8 } from "./utf8";

// @ts-ignore: decorator
@lazy let message: u64 = 0;
// @ts-ignore: decorator
@lazy let source: string = "";
// @ts-ignore: decorator
@lazy let position: usize = 0;
// @ts-ignore: decorator
@lazy let end: usize = 0;

/** Starts to read a message, which the plugin owns. `name` is for errors. */
export function openMessage(buffer: u64, name: string): void {
  message = buffer;
  source = name;
  position = <usize>(buffer >> 32);
  end = position + <u32>buffer;
}

/** Frees the message. Bytes that are left are ignored, as bincode does. */
export function closeMessage(): void {
  freeBuffer(message);
}

export function malformed(problem: string): void {
  fail("Malformed " + source + ": " + problem);
}

/** The address of the next `length` bytes. */
function take(length: usize): usize {
  const left = end - position;
  if (left < length) {
    malformed(length.toString() + " bytes expected, " + left.toString() + " are left");
  }
  const start = position;
  position += length;
  return start;
}

export function read<T>(): T {
  return load<T>(take(sizeof<T>()));
}

/** A byte that is 0 or 1, of a bool or an option. */
export function readFlag(): bool {
  const byte = read<u8>();
  if (byte > 1) malformed("0 or 1 expected, got " + byte.toString());
  return byte == 1;
}

/** A number of items that have at least `itemBytes` bytes each, which is not 0. */
export function readLength(itemBytes: u32): i32 {
  const length = read<u64>();
  const left = <u64>(end - position);
  if (length > left / itemBytes) {
    malformed("length " + length.toString() + " is more than the " + left.toString() + " bytes left");
  }
  return <i32>length;
}

export function readString(): string {
  const length = <usize>readLength(1);
  const start = take(length);
  if (!isUtf8(start, length)) malformed("a string is not UTF-8");
  return String.UTF8.decodeUnsafe(start, length);
}

/** An array whose items are numbers. */
export function readNumbers<T>(): Array<T> {
  const length = readLength(sizeof<T>());
  const array = new Array<T>(length);
  const size = <usize>length * sizeof<T>();
  memory.copy(array.dataStart, take(size), size);
  return array;
}

/** A static array whose items are numbers. */
export function readStaticNumbers<T>(): StaticArray<T> {
  const length = readLength(sizeof<T>());
  const array = new StaticArray<T>(length);
  const size = <usize>length * sizeof<T>();
  memory.copy(changetype<usize>(array), take(size), size);
  return array;
}

/** A typed array `V` of numbers `T`. */
export function readView<V extends ArrayBufferView, T>(): V {
  const length = readLength(sizeof<T>());
  const view = instantiate<V>(length);
  const size = <usize>length * sizeof<T>();
  memory.copy(view.dataStart, take(size), size);
  return view;
}

export function readArrayBuffer(): ArrayBuffer {
  const length = readLength(1);
  const buffer = new ArrayBuffer(length);
  memory.copy(changetype<usize>(buffer), take(length), length);
  return buffer;
}

/** The code of a character. */
export function readChar(): u32 {
  const first = <u32>read<u8>();
  if (first < 0x80) return first;
  const rest: usize = first < 0xe0 ? 1 : first < 0xf0 ? 2 : 3;
  const start = take(rest);
  if (!isUtf8(start - 1, rest + 1)) malformed("a char is not UTF-8");
  let code = first & (0x3f >> <u32>rest);
  for (let i: usize = 0; i < rest; ++i) code = (code << 6) | (load<u8>(start + i) & 0x3f);
  return code;
}
