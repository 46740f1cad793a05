/**
 * Reads value types and heap types.
 *
 * Source: https://webassembly.github.io/spec/core/binary/types.html
 */

import type { BinaryReader } from "./binary-reader.ts";

const NUMERIC_TYPES: ReadonlyMap<number, string> = new Map([
  [0x7f, "i32"],
  [0x7e, "i64"],
  [0x7d, "f32"],
  [0x7c, "f64"],
  [0x7b, "v128"],
]);
/** Of one byte each: from exceptions to what no exception is. */
const ABSTRACT_HEAP_TYPES = { first: 0x69, last: 0x74 };
const REFERENCE_TYPES = [0x63, 0x64];
/** Of a signed integer that is negative, in its last byte. */
const SIGN_BIT = 0x40;
const CONTINUES_BIT = 0x80;

/**
 * Reads a value type: the name of a number's type, `"exn"` for exceptions, or `"ref"`.
 *
 * Whatever is not known is refused: a type that was read as shorter than it is would put all that
 * follows out of step, and checks with it.
 */
export function readValueType(reader: BinaryReader): string {
  const code = reader.byte();
  const numeric = NUMERIC_TYPES.get(code);
  if (numeric !== undefined) return numeric;
  if (!REFERENCE_TYPES.includes(code)) reader.position -= 1;
  return readHeapType(reader);
}

/** Reads a heap type: one that has a name, or the index of a type. */
function readHeapType(reader: BinaryReader): string {
  const code = reader.byte();
  const { first, last } = ABSTRACT_HEAP_TYPES;
  if (code === first) return "exn";
  if (code > first && code <= last) return "ref";
  reader.position -= 1;
  readTypeIndex(reader);
  return "ref";
}

/** Reads the index of a type where one that has a name could stand, which would be negative. */
function readTypeIndex(reader: BinaryReader): number {
  const start = reader.position;
  let byte = reader.byte();
  while (byte >= CONTINUES_BIT) byte = reader.byte();
  if ((byte & SIGN_BIT) !== 0) throw reader.unknown("type", byte);
  reader.position = start;
  return reader.u32();
}
