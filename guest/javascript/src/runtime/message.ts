/** The message that is read, and the one that is written. An instance serves one call at a time. */
import { bytes, MEMORY_BASE, numbers, putNumbers, putText, reserve, text, view } from "./native.ts";

/** The next place to read, in {@link view}. */
let place = 0;
let end = 0;

/** The outgoing buffer, in {@link view}; how much of it is written; and how much is known to be there. */
let base = 0;
let written = 0;
let capacity = 0;

export function beginReading(pointer: number, length: number): void {
  place = pointer - MEMORY_BASE;
  end = place + length;
}

/** Returns the place of the next bytes, and moves on. */
export function take(count: number): number {
  if (count > end - place) throw new RangeError("A message of the host is too short");
  place += count;
  return place - count;
}

export function readLength(): number {
  const at = take(8);
  const length = view.getUint32(at, true);
  if (view.getUint32(at + 4, true) !== 0 || length > end - place)
    throw new RangeError("A message of the host has a length beyond its end");
  return length;
}

/** Reads one byte, 0 or 1. */
export function readFlag(): boolean {
  const flag = view.getUint8(take(1));
  if (flag > 1) throw new RangeError(`A message of the host has ${flag} for a byte that is 0 or 1`);
  return flag === 1;
}

/** @throws {RangeError} The text is not UTF-8. */
export function readText(length: number): string {
  const at = take(length);
  const value = text(at + MEMORY_BASE, length);
  // What is not UTF-8 was replaced by U+FFFD, which may also stand there.
  if (value.includes("\ufffd") && !isUtf8Of(value, at, length))
    throw new RangeError("A text of the host is not UTF-8");
  return value;
}

function isUtf8Of(value: string, at: number, length: number): boolean {
  const again = scratchText(value);
  const start = again.pointer - MEMORY_BASE;
  if (again.length !== length) return false;
  for (let index = 0; index < length; index += 1)
    if (bytes[start + index] !== bytes[at + index]) return false;
  return true;
}

export function readBytes(length: number): Uint8Array<ArrayBuffer> {
  const at = take(length);
  return bytes.slice(at, at + length);
}

export function readNumbers(count: number): number[] {
  return numbers(take(8 * count) + MEMORY_BASE, count);
}

export function beginWriting(): void {
  if (written > 0) throw new Error("A getter of a value cannot call the host");
}

/** Ends the message that is written. Returns where it is. */
export function endWriting(): { readonly pointer: number; readonly length: number } {
  const message = { pointer: base + MEMORY_BASE, length: written };
  dropWriting();
  return message;
}

export function dropWriting(): void {
  written = 0;
  // The shim gives a large buffer up once the page has freed it: the next message asks for it anew.
  capacity = 0;
}

/** Returns the place for that many bytes, and moves on. */
export function room(count: number): number {
  const needed = written + count;
  if (needed > capacity) {
    capacity = Math.max(needed, 2 * capacity);
    base = reserve(capacity) - MEMORY_BASE;
  }
  written = needed;
  return base + needed - count;
}

export function writeLength(length: number): void {
  const at = room(8);
  view.setUint32(at, length, true);
  view.setUint32(at + 4, 0, true);
}

export function writeText(value: string): void {
  const after = putText(written, value);
  // The text may have moved the buffer.
  base = reserve(after) - MEMORY_BASE;
  capacity = Math.max(capacity, after);
  written = after;
}

/** Writes numbers. Returns the index of what is no number, or -1. */
export function writeNumbers(values: readonly number[]): number {
  const before = written;
  room(8 * values.length);
  return putNumbers(before, values, values.length);
}

/** Writes text without its length. */
export function writeCharacters(value: string): void {
  const before = written;
  writeText(value);
  const length = written - before - 8;
  bytes.copyWithin(base + before, base + before + 8, base + written);
  written = before + length;
}

export function writeBytes(value: Uint8Array): void {
  bytes.set(value, room(value.length));
}

/** Runs a function on a place behind what is written, which is free again afterwards. */
export function withScratch<Result>(use: (at: number) => Result): Result {
  const before = written;
  try {
    return use(before);
  } finally {
    written = before;
  }
}

/** The pointer of a place behind what is written, with room for that many bytes. */
export function scratch(at: number, count: number): number {
  written = at;
  return room(count) + MEMORY_BASE;
}

/** Places text behind what is written. Returns its pointer and its length. */
export function scratchText(value: string): { readonly pointer: number; readonly length: number } {
  const before = written;
  writeText(value);
  const length = written - before - 8;
  written = before;
  return { pointer: base + before + 8 + MEMORY_BASE, length };
}
