/** Bulk operations, whose duration the guest chooses: they are charged before they run, and split into pieces. */

import { encodeS64, encodeU32, I32, I64, type ModuleBuilder } from "./module-builder.ts";
import { OP } from "./opcodes.ts";

/** Adds a function (length) -> length that is called before a bulk operation. Returns its index. */
export type Charge = (type: typeof I32 | typeof I64) => number;

/** Bytes filled or copied between two checks: 4 MiB, which takes about a millisecond. */
const PIECE_BYTES = 4 * 1024 * 1024;

/** The call that goes before a bulk operation, or replaces it. */
export interface BulkReplacement {
  /** Index of the function to call. */
  readonly callee: number;
  /** Whether the call replaces the operation. */
  readonly isInstead: boolean;
}

/**
 * @param op As in `OP`.
 * @param first The first index after it.
 * @param second The second one, where it has two.
 */
export function replaceBulk(
  builder: ModuleBuilder,
  op: number,
  [first, second]: readonly [first: number, second: number],
  charge: Charge,
): BulkReplacement {
  const { memories, tables } = builder.spaces;
  const ofMemory = (index: number) => (memories[index]?.is64 ? I64 : I32);
  const ofTable = (index: number) => (tables[index]?.is64 ? I64 : I32);
  const before = (type: typeof I32 | typeof I64) => ({ callee: charge(type), isInstead: false });
  switch (op) {
    case OP.memoryFill:
      return { callee: fillInPieces(builder, first, ofMemory(first), charge), isInstead: true };
    case OP.memoryCopy: {
      const type = ofMemory(first);
      // A copy between a 32-bit and a 64-bit memory, which no toolchain emits, is not split.
      if (type !== ofMemory(second)) return before(I32);
      return { callee: copyInPieces(builder, first, second, type, charge), isInstead: true };
    }
    case OP.memoryGrow:
      return before(ofMemory(first));
    case OP.tableGrow:
    case OP.tableFill:
      return before(ofTable(first));
    case OP.tableCopy:
      return before(ofTable(first) === I64 ? ofTable(second) : I32);
    default:
      return before(I32);
  }
}

/** The instructions that differ between 32 and 64 bits. */
const ARITHMETIC = {
  [I32]: { const: 0x41, add: 0x6a, sub: 0x6b, lessOrEqual: 0x4d, greater: 0x4b, extend: [0xad] },
  [I64]: { const: 0x42, add: 0x7c, sub: 0x7d, lessOrEqual: 0x58, greater: 0x56, extend: [] },
};
const { extend: EXTEND_I32 } = ARITHMETIC[I32];
const I64_SHIFT_LEFT = 0x86;
const I32_OR = 0x72;

const get = (local: number) => [0x20, local];
const set = (local: number) => [0x21, local];
const IF = [OP.if, 0x40];
const LOOP = [OP.loop, 0x40];
const RETURN = [OP.return];
const END = [OP.end];

/** A function (destination, value, length) that does what `memory.fill` does, with a check before each piece. */
function fillInPieces(
  builder: ModuleBuilder,
  memory: number,
  type: typeof I32 | typeof I64,
  charge: Charge,
): number {
  const [destination, value, length] = [0, 1, 2];
  return builder.helper(`fill ${memory}`, [type, I32, type], [], () => {
    const { const: constant, add, sub, lessOrEqual } = ARITHMETIC[type];
    const piece = [constant, ...encodeS64(PIECE_BYTES)];
    const charged = [0x10, ...encodeU32(charge(type))];
    const fill = [0xfc, 11, ...encodeU32(memory)];
    const rest = [...get(destination), ...get(value), ...get(length), ...charged, ...fill];
    const restIfShort = [
      ...[...get(length), ...piece, lessOrEqual, ...IF],
      ...[...rest, ...RETURN, ...END],
    ];
    return [
      ...restIfShort,
      // Out of bounds: the operation itself traps, before it writes anything.
      ...outOfBounds(builder, memory, destination, length, type),
      ...[...IF, ...rest, ...RETURN, ...END],
      ...[...LOOP, ...restIfShort],
      ...[...get(destination), ...get(value), ...piece, ...charged, ...fill],
      ...[...get(destination), ...piece, add, ...set(destination)],
      ...[...get(length), ...piece, sub, ...set(length)],
      ...[0x0c, 0], // br
      ...END,
    ];
  });
}

/** A function (destination, source, length) that does what `memory.copy` does, with a check before each piece. */
function copyInPieces(
  builder: ModuleBuilder,
  to: number,
  from: number,
  type: typeof I32 | typeof I64,
  charge: Charge,
): number {
  const [destination, source, length] = [0, 1, 2];
  return builder.helper(`copy ${to} ${from}`, [type, type, type], [], () => {
    const { const: constant, add, sub, lessOrEqual, greater } = ARITHMETIC[type];
    const piece = [constant, ...encodeS64(PIECE_BYTES)];
    const charged = [0x10, ...encodeU32(charge(type))];
    const copy = [0xfc, 10, ...encodeU32(to), ...encodeU32(from)];
    const rest = [...get(destination), ...get(source), ...get(length), ...charged, ...copy];
    const restIfShort = [
      ...[...get(length), ...piece, lessOrEqual, ...IF],
      ...[...rest, ...RETURN, ...END],
    ];
    const shorten = [...get(length), ...piece, sub, ...set(length)];
    return [
      ...restIfShort,
      ...outOfBounds(builder, to, destination, length, type),
      ...outOfBounds(builder, from, source, length, type),
      ...[I32_OR, ...IF, ...rest, ...RETURN, ...END],
      // Where the ranges overlap, bytes must not be overwritten before they are read.
      ...[...get(destination), ...get(source), greater, ...IF],
      ...[...LOOP, ...restIfShort, ...shorten],
      ...[...get(destination), ...get(length), add, ...get(source), ...get(length), add],
      ...[...piece, ...charged, ...copy, 0x0c, 0, ...END, ...END],
      ...[...LOOP, ...restIfShort],
      ...[...get(destination), ...get(source), ...piece, ...charged, ...copy],
      ...[...get(destination), ...piece, add, ...set(destination)],
      ...[...get(source), ...piece, add, ...set(source), ...shorten],
      ...[0x0c, 0, ...END],
    ];
  });
}

/** Code that computes, as an i32, whether `start + length` is beyond the end of a memory. */
function outOfBounds(
  { spaces }: ModuleBuilder,
  memory: number,
  start: number,
  length: number,
  type: typeof I32 | typeof I64,
): readonly number[] {
  const { extend } = ARITHMETIC[type];
  const { sub, greater } = ARITHMETIC[I64];
  const extendPages = spaces.memories[memory]?.is64 ? [] : EXTEND_I32;
  const bytes = [0x3f, ...encodeU32(memory), ...extendPages, 0x42, 16, I64_SHIFT_LEFT];
  return [
    ...[...get(length), ...extend, ...bytes, greater],
    ...[...get(start), ...extend, ...bytes, ...get(length), ...extend, sub, greater],
    I32_OR,
  ];
}
