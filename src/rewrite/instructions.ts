/**
 * Reads instructions: everything of Wasm 3.0 (SIMD, relaxed SIMD, GC, exceptions, tail calls, 64-bit
 * and multiple memories), threads, the older exceptions and wide arithmetic.
 *
 * Source: https://webassembly.github.io/spec/core/binary/instructions.html,
 * https://github.com/WebAssembly/threads, and the legacy exceptions of
 * https://github.com/WebAssembly/exception-handling
 */

import type { BinaryReader } from "../abi/binary-reader.ts";
import { readHeapType, readTypeIndex, readValueType } from "../abi/value-types.ts";
import { OP } from "./opcodes.ts";

/** The kinds of immediates: what follows an opcode. */
const IMMEDIATE = {
  unknown: 0,
  none: 1,
  /** One integer: an index, a label, or a constant. */
  one: 2,
  two: 3,
  memory: 4,
  block: 5,
  byte: 6,
  bytes4: 7,
  bytes8: 8,
  bytes16: 9,
  labels: 10,
  valueTypes: 11,
  handlers: 12,
  memoryAndByte: 13,
  /** `br_on_cast`: flags, a label and two heap types. */
  cast: 14,
  heapType: 15,
} as const;

type Span = readonly [first: number, last: number, immediate: number];

const { none, one, two, memory, block, byte, bytes4, bytes8, bytes16 } = IMMEDIATE;

/** One-byte opcodes. */
const PLAIN = table([
  [0x00, 0x01, none],
  [0x02, 0x04, block], // block, loop, if
  [0x05, 0x05, none], // else
  [0x06, 0x06, block], // try
  [0x07, 0x09, one], // catch, throw, rethrow
  [0x0a, 0x0b, none], // throw_ref, end
  [0x0c, 0x0d, one], // br, br_if
  [0x0e, 0x0e, IMMEDIATE.labels], // br_table
  [0x0f, 0x0f, none],
  [0x10, 0x10, one],
  [0x11, 0x11, two], // call_indirect
  [0x12, 0x12, one],
  [0x13, 0x13, two], // return_call_indirect
  [0x14, 0x15, one], // call_ref, return_call_ref
  [0x18, 0x18, one], // delegate
  [0x19, 0x1b, none], // catch_all, drop, select
  [0x1c, 0x1c, IMMEDIATE.valueTypes], // select t
  [0x1f, 0x1f, IMMEDIATE.handlers], // try_table
  [0x20, 0x26, one], // locals, globals, table.get, table.set
  [0x28, 0x3e, memory],
  [0x3f, 0x42, one], // memory.size, memory.grow, i32.const, i64.const
  [0x43, 0x43, bytes4],
  [0x44, 0x44, bytes8],
  [0x45, 0xc4, none],
  [0xd0, 0xd0, IMMEDIATE.heapType], // ref.null
  [0xd1, 0xd1, none],
  [0xd2, 0xd2, one], // ref.func
  [0xd3, 0xd4, none], // ref.eq, ref.as_non_null
  [0xd5, 0xd6, one], // br_on_null, br_on_non_null
]);

/** What follows an opcode of one byte that does not branch, call, or open or close a block. */
export const SHAPE = { other: 0, alone: 1, integer: 2, memory: 3 } as const;

const SHAPES: Uint8Array = shapes();

function shapes(): Uint8Array {
  const found = new Uint8Array(0x100);
  const special: ReadonlySet<number> = new Set(Object.values(OP));
  for (const [op, immediate] of PLAIN.entries()) {
    if (special.has(op)) continue;
    if (immediate === none) found[op] = SHAPE.alone;
    else if (immediate === one) found[op] = SHAPE.integer;
    else if (immediate === memory) found[op] = SHAPE.memory;
  }
  return found;
}

export function shapeOf(op: number): number {
  return SHAPES[op] as number;
}

/** By prefix, the codes after it. */
const PREFIXED: ReadonlyMap<number, Uint8Array> = new Map([
  [
    0xfb, // GC
    table([
      [0, 1, one],
      [2, 5, two],
      [6, 7, one],
      [8, 10, two],
      [11, 14, one],
      [15, 15, none],
      [16, 16, one],
      [17, 19, two],
      [20, 23, IMMEDIATE.heapType],
      [24, 25, IMMEDIATE.cast],
      [26, 30, none],
    ]),
  ],
  [
    0xfc, // saturating conversions, bulk operations, wide arithmetic
    table([
      [0, 7, none],
      [8, 8, two],
      [9, 9, one],
      [10, 10, two],
      [11, 11, one],
      [12, 12, two],
      [13, 13, one],
      [14, 14, two],
      [15, 17, one],
      [19, 22, none],
    ]),
  ],
  [
    0xfd, // SIMD
    table([
      [0, 11, memory],
      [12, 13, bytes16],
      [14, 20, none],
      [21, 34, byte],
      [35, 83, none],
      [84, 91, IMMEDIATE.memoryAndByte],
      [92, 93, memory],
      [94, 0x113, none],
    ]),
  ],
  [
    0xfe, // threads
    table([
      [0, 2, memory],
      [3, 3, byte],
      [0x10, 0x4e, memory],
    ]),
  ],
]);

function table(spans: readonly Span[]): Uint8Array {
  const immediates = new Uint8Array((spans.at(-1)?.[1] ?? 0) + 1);
  for (const [first, last, immediate] of spans) immediates.fill(immediate, first, last + 1);
  return immediates;
}

/** Reads one instruction and skips its immediates. Returns the opcode, as in {@link OP}. */
export function readInstruction(reader: BinaryReader): number {
  const first = reader.byte();
  const codes = first < 0xfb ? undefined : PREFIXED.get(first);
  if (codes === undefined) {
    skipImmediate(reader, first, PLAIN[first] ?? IMMEDIATE.unknown);
    return first;
  }
  const code = reader.u32();
  skipImmediate(reader, code, codes[code] ?? IMMEDIATE.unknown);
  return (first << 16) | code;
}

/** Skips a constant expression with its `end`. */
export function skipExpression(reader: BinaryReader): void {
  while (readInstruction(reader) !== OP.end);
}

function skipImmediate(reader: BinaryReader, code: number, immediate: number): void {
  switch (immediate) {
    case IMMEDIATE.none:
      return;
    case IMMEDIATE.one:
      reader.skipLeb();
      return;
    case IMMEDIATE.two:
      reader.skipLeb();
      reader.skipLeb();
      return;
    case IMMEDIATE.memory:
      skipMemoryArgument(reader);
      return;
    case IMMEDIATE.block:
      readBlockType(reader);
      return;
    case IMMEDIATE.byte:
      reader.skip(1);
      return;
    case IMMEDIATE.bytes4:
      reader.skip(4);
      return;
    case IMMEDIATE.bytes8:
      reader.skip(8);
      return;
    case IMMEDIATE.bytes16:
      reader.skip(16);
      return;
    case IMMEDIATE.labels:
      for (let left = reader.u32(); left >= 0; left -= 1) reader.skipLeb();
      return;
    case IMMEDIATE.valueTypes:
      for (let left = reader.u32(); left > 0; left -= 1) readValueType(reader);
      return;
    case IMMEDIATE.handlers:
      readBlockType(reader);
      skipHandlers(reader);
      return;
    case IMMEDIATE.memoryAndByte:
      skipMemoryArgument(reader);
      reader.skip(1);
      return;
    case IMMEDIATE.cast:
      reader.skip(1);
      reader.skipLeb();
      readHeapType(reader);
      readHeapType(reader);
      return;
    case IMMEDIATE.heapType:
      readHeapType(reader);
      return;
    default:
      throw reader.unknown("instruction", code);
  }
}

/** In the alignment of a memory argument: the index of a memory follows. */
const HAS_MEMORY_INDEX = 0x40;
/** The exponent of 16 bytes. Other bits are those of proposals. */
const MAX_ALIGNMENT = 4;

function skipMemoryArgument(reader: BinaryReader): void {
  const alignment = reader.u32();
  if ((alignment & ~HAS_MEMORY_INDEX) > MAX_ALIGNMENT) {
    throw reader.unknown("alignment", alignment);
  }
  if ((alignment & HAS_MEMORY_INDEX) !== 0) reader.skipLeb();
  reader.skipLeb();
}

/** The type of a block: no values, one result, or the index of a function type. */
export type BlockType = "nothing" | "value" | number;

const NO_VALUE = 0x40;
/** A first byte in this range starts a value type; an index never starts with one. */
const FIRST_VALUE_TYPE = 0x41;
const LAST_VALUE_TYPE = 0x7f;

export function readBlockType(reader: BinaryReader): BlockType {
  const code = reader.byte();
  if (code === NO_VALUE) return "nothing";
  reader.position -= 1;
  if (code < FIRST_VALUE_TYPE || code > LAST_VALUE_TYPE) return readTypeIndex(reader);
  readValueType(reader);
  return "value";
}

/** Skips the handlers of a `try_table`. */
export function skipHandlers(reader: BinaryReader): void {
  for (let left = reader.u32(); left > 0; left -= 1) skipHandler(reader);
}

/** Skips a handler: the first two kinds name a tag, all name a label. */
function skipHandler(reader: BinaryReader): void {
  const kind = reader.byte();
  if (kind > 3) throw reader.unknown("handler", kind);
  if (kind < 2) reader.skipLeb();
  reader.skipLeb();
}
