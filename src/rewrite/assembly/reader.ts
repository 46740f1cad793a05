/** Reads the primitives of the binary format. Positions are addresses in this module's memory. */

import { FIRST_PREFIX, IMMEDIATE, immediateOf, immediateOfPrefixed, MAX_ALIGNMENT } from "./tables";

/** Why a read failed, for the host: see `code-rewriter.ts`. */
export namespace PROBLEM {
  export const tooShort: i32 = 1;
  export const afterEnd: i32 = 2;
  export const long32: i32 = 3;
  export const long64: i32 = 4;
  export const instruction: i32 = 5;
  export const type: i32 = 6;
  export const alignment: i32 = 7;
  export const handler: i32 = 8;
  export const noType: i32 = 9;
}

export let problem: i32 = 0;
export let problemAt: u32 = 0;
export let problemValue: u32 = 0;

/** Where the next byte is read. */
export let at: u32 = 0;
/** Where reading ends. */
export let limit: u32 = 0;

export function moveTo(position: u32): void {
  at = position;
}

export function endAt(position: u32): void {
  limit = position;
}

/** Stops all work: the host looks up the problem, and throws an error that describes it. */
export function fail(what: i32, position: u32, value: u32 = 0): void {
  problem = what;
  problemAt = position;
  problemValue = value;
  unreachable();
}

export function readByte(): u32 {
  if (at >= limit) fail(PROBLEM.tooShort, limit);
  const value = load<u8>(at);
  at += 1;
  return value;
}

export function readIndex(): u32 {
  let value: u32 = 0;
  for (let shift: u32 = 0; shift < 35; shift += 7) {
    const next = readByte();
    value |= (next & 0x7f) << shift;
    if (next < 0x80) return value;
  }
  fail(PROBLEM.long32, at - 1);
  return 0;
}

/** Skips an integer of any width and sign. */
export function skipInteger(): void {
  for (let length = 0; length < 10; length += 1) if (readByte() < 0x80) return;
  fail(PROBLEM.long64, at - 1);
}

function skip(length: u32): void {
  if (length > limit - at) fail(PROBLEM.tooShort, limit);
  at += length;
}

/** The type of a block: nothing, one value, or from 0 the index of a function type. */
export namespace BLOCK_TYPE {
  export const nothing: i32 = -1;
  export const value: i32 = -2;
}

const NO_VALUE: u32 = 0x40;
/** A first byte in this range starts a value type; an index never starts with one. */
const FIRST_VALUE_TYPE: u32 = 0x41;
const LAST_VALUE_TYPE: u32 = 0x7f;
const FIRST_NUMBER: u32 = 0x7b;

export function blockType(): i32 {
  const code = readByte();
  if (code == NO_VALUE) return BLOCK_TYPE.nothing;
  at -= 1;
  if (code < FIRST_VALUE_TYPE || code > LAST_VALUE_TYPE) return typeIndex();
  skipValueType();
  return BLOCK_TYPE.value;
}

/**
 * Skips a value type. Whatever is not known is refused: a type that was read as shorter than it is would
 * put all that follows out of step, and checks with it.
 */
export function skipValueType(): void {
  const code = readByte();
  if (code >= FIRST_NUMBER && code <= LAST_VALUE_TYPE) return;
  if (code != 0x63 && code != 0x64) at -= 1; // ref, ref null
  skipHeapType();
}

/** Skips a heap type: one that has a name, from exceptions to what no exception is, or the index of a type. */
function skipHeapType(): void {
  const code = readByte();
  if (code >= 0x69 && code <= 0x74) return;
  at -= 1;
  typeIndex();
}

/** Reads the index of a type where one that has a name could stand, which would be negative. */
function typeIndex(): i32 {
  const start = at;
  let last = readByte();
  while (last >= 0x80) last = readByte();
  if ((last & 0x40) != 0) fail(PROBLEM.type, at - 1, last);
  at = start;
  // An index of more than 31 bits is none.
  return readIndex() & 0x7fffffff;
}

/** In the alignment of a memory argument: the index of a memory follows. */
const HAS_MEMORY_INDEX: u32 = 0x40;

function skipMemoryArgument(): void {
  const alignment = readIndex();
  if ((alignment & ~HAS_MEMORY_INDEX) > MAX_ALIGNMENT) {
    fail(PROBLEM.alignment, at - 1, alignment);
  }
  if ((alignment & HAS_MEMORY_INDEX) != 0) skipInteger();
  skipInteger();
}

/** Skips the handlers of a `try_table`: the first two kinds name a tag, all name a label. */
export function skipHandlers(): void {
  for (let left = readIndex(); left > 0; left -= 1) {
    const kind = readByte();
    if (kind > 3) fail(PROBLEM.handler, at - 1, kind);
    if (kind < 2) skipInteger();
    skipInteger();
  }
}

/** Reads an instruction that is no control instruction, with its immediates. Returns its opcode, as in `OP`. */
export function instruction(): u32 {
  const first = readByte();
  if (first < FIRST_PREFIX) {
    skipImmediate(first, immediateOf(first));
    return first;
  }
  if (first == 0xff) fail(PROBLEM.instruction, at - 1, first);
  const code = readIndex();
  skipImmediate(code, immediateOfPrefixed(first, code));
  return (first << 16) | code;
}

function skipImmediate(code: u32, immediate: u8): void {
  switch (immediate) {
    case IMMEDIATE.none:
      return;
    case IMMEDIATE.one:
      skipInteger();
      return;
    case IMMEDIATE.two:
      skipInteger();
      skipInteger();
      return;
    case IMMEDIATE.memory:
      skipMemoryArgument();
      return;
    case IMMEDIATE.byte:
      skip(1);
      return;
    case IMMEDIATE.bytes4:
      skip(4);
      return;
    case IMMEDIATE.bytes8:
      skip(8);
      return;
    case IMMEDIATE.bytes16:
      skip(16);
      return;
    case IMMEDIATE.valueTypes:
      for (let left = readIndex(); left > 0; left -= 1) skipValueType();
      return;
    case IMMEDIATE.memoryAndByte:
      skipMemoryArgument();
      skip(1);
      return;
    case IMMEDIATE.cast:
      skip(1);
      skipInteger();
      skipHeapType();
      skipHeapType();
      return;
    case IMMEDIATE.heapType:
      skipHeapType();
      return;
    default:
      fail(PROBLEM.instruction, at - 1, code);
  }
}
