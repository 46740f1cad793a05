/**
 * What is known of each instruction: everything of Wasm 3.0 (SIMD, relaxed SIMD, GC, exceptions, tail
 * calls, 64-bit and multiple memories), threads, the older exceptions and wide arithmetic.
 *
 * Sources: https://webassembly.github.io/spec/core/binary/instructions.html,
 * https://github.com/WebAssembly/threads, the legacy exceptions of
 * https://github.com/WebAssembly/exception-handling, and for the height of the stack
 * https://webassembly.github.io/spec/core/appendix/index-instructions.html
 */

/** The kinds of immediates: what follows an opcode. */
export namespace IMMEDIATE {
  export const unknown: u8 = 0;
  export const none: u8 = 1;
  /** One integer: an index, a label, or a constant. */
  export const one: u8 = 2;
  export const two: u8 = 3;
  export const memory: u8 = 4;
  export const byte: u8 = 5;
  export const bytes4: u8 = 6;
  export const bytes8: u8 = 7;
  export const bytes16: u8 = 8;
  export const valueTypes: u8 = 9;
  export const memoryAndByte: u8 = 10;
  /** `br_on_cast`: flags, a label and two heap types. */
  export const cast: u8 = 11;
  export const heapType: u8 = 12;
  /** Opens or closes a block, branches or calls: the scanner reads it by itself. */
  export const control: u8 = 13;
}

/** Opcodes that are treated specially. Those with a prefix are `prefix << 16 | code`. */
export namespace OP {
  export const unreachable: u32 = 0x00;
  export const block: u32 = 0x02;
  export const loop: u32 = 0x03;
  export const if_: u32 = 0x04;
  export const else_: u32 = 0x05;
  export const try_: u32 = 0x06;
  export const catch_: u32 = 0x07;
  export const throw_: u32 = 0x08;
  export const rethrow: u32 = 0x09;
  export const throwRef: u32 = 0x0a;
  export const end: u32 = 0x0b;
  export const br: u32 = 0x0c;
  export const brIf: u32 = 0x0d;
  export const brTable: u32 = 0x0e;
  export const return_: u32 = 0x0f;
  export const call: u32 = 0x10;
  export const callIndirect: u32 = 0x11;
  export const returnCall: u32 = 0x12;
  export const returnCallIndirect: u32 = 0x13;
  export const callRef: u32 = 0x14;
  export const returnCallRef: u32 = 0x15;
  export const delegate: u32 = 0x18;
  export const catchAll: u32 = 0x19;
  export const tryTable: u32 = 0x1f;
  export const memoryGrow: u32 = 0x40;
  export const brOnNull: u32 = 0xd5;
  export const brOnNonNull: u32 = 0xd6;
  export const brOnCast: u32 = 0xfb0018;
  export const brOnCastFail: u32 = 0xfb0019;
}

export const FIRST_PREFIX: u32 = 0xfb;
const LAST_PREFIX: u32 = 0xfe;
/** The number of codes after a prefix that there is room for. */
const CODES: u32 = 0x120;

/** By opcode of one byte. */
const PLAIN_IMMEDIATES = memory.data(0x100);
const PLAIN_CHANGES = memory.data(0x100);
const PLAIN_FACTS = memory.data(0x400, 4);
/** By prefix and code. */
const IMMEDIATES = memory.data(4 * 0x120);
const CHANGES = memory.data(4 * 0x120);
const BULKS = memory.data(4 * 0x120);

export function immediateOf(op: u32): u8 {
  return load<u8>(PLAIN_IMMEDIATES + op);
}

export function changeOf(op: u32): i32 {
  return load<i8>(PLAIN_CHANGES + op);
}

/** By how much an instruction of one byte that is no control instruction changes the stack, and more: see {@link makeFacts}. */
export function factsOf(op: u32): i32 {
  return load<i32>(PLAIN_FACTS + (op << 2));
}

export function immediateOfPrefixed(prefix: u32, code: u32): u8 {
  if (prefix > LAST_PREFIX || code >= CODES) return IMMEDIATE.unknown;
  return load<u8>(IMMEDIATES + placeOf(prefix, code));
}

export function changeOfPrefixed(prefix: u32, code: u32): i32 {
  return load<i8>(CHANGES + placeOf(prefix, code));
}

/** Whether the number on top of the stack determines how long an instruction with a prefix takes. */
export function isBulkPrefixed(prefix: u32, code: u32): bool {
  return load<u8>(BULKS + placeOf(prefix, code)) != 0;
}

function placeOf(prefix: u32, code: u32): u32 {
  return (prefix - FIRST_PREFIX) * CODES + code;
}

function plain(first: u32, last: u32, immediate: u8): void {
  memory.fill(PLAIN_IMMEDIATES + first, immediate, last + 1 - first);
}

/** An opcode of one byte changes the height of the stack. */
function moves(first: u32, last: u32, change: i8): void {
  memory.fill(PLAIN_CHANGES + first, change, last + 1 - first);
}

function prefixed(prefix: u32, first: u32, last: u32, immediate: u8): void {
  memory.fill(IMMEDIATES + placeOf(prefix, first), immediate, last + 1 - first);
}

function movesPrefixed(prefix: u32, first: u32, last: u32, change: i8): void {
  memory.fill(CHANGES + placeOf(prefix, first), change, last + 1 - first);
}

function bulk(prefix: u32, code: u32): void {
  store<u8>(BULKS + placeOf(prefix, code), 1);
}

const CONTINUES: i32 = 0x80;
/** The exponent of 16 bytes. A larger value contains flags. */
export const MAX_ALIGNMENT: u32 = 4;
/** Divisions and square roots take about twenty times as long as an addition. */
const SLOW_STEPS: i32 = 16;

export function stepsOf(op: u32): i32 {
  switch (op) {
    case 0x6d: // i32.div, i32.rem
    case 0x6e:
    case 0x6f:
    case 0x70:
    case 0x7f: // i64.div, i64.rem
    case 0x80:
    case 0x81:
    case 0x82:
    case 0x91: // f32.sqrt, f32.div, f64.sqrt, f64.div
    case 0x95:
    case 0x9f:
    case 0xa3:
      return SLOW_STEPS;
    default:
      return 1;
  }
}

/**
 * Makes one number of all that the scanner wants to know of an instruction, so that it passes most of
 * them without a branch that depends on which one it is:
 *
 * - bits 0 and 1: the least length, with an integer of one byte; 0 for all that are not so simple;
 * - bits 2 to 6: its steps;
 * - bit 7: set where it ends in an integer, as in its last byte where another one follows;
 * - bits 8 to 15: the most that the byte after the opcode may be;
 * - from bit 16: its change of the stack's height.
 */
function makeFacts(): void {
  for (let op: u32 = 0; op < 0x100; op += 1) {
    const immediate = immediateOf(op);
    let length = 0;
    let continues = CONTINUES;
    let most = 0xff;
    if (op == OP.memoryGrow) continue;
    if (immediate == IMMEDIATE.none) {
      length = 1;
      continues = 0;
    } else if (immediate == IMMEDIATE.one) length = 2;
    else if (immediate == IMMEDIATE.memory) {
      length = 3;
      most = MAX_ALIGNMENT;
    } else continue;
    const facts = length | (stepsOf(op) << 2) | continues | (most << 8) | (changeOf(op) << 16);
    store<i32>(PLAIN_FACTS + (op << 2), facts);
  }
}

export function makeTables(): void {
  plain(0x00, 0x13, IMMEDIATE.control);
  plain(0x01, 0x01, IMMEDIATE.none); // nop
  plain(0x14, 0x15, IMMEDIATE.control); // call_ref, return_call_ref
  plain(0x18, 0x19, IMMEDIATE.control); // delegate, catch_all
  plain(0x1a, 0x1b, IMMEDIATE.none); // drop, select
  plain(0x1c, 0x1c, IMMEDIATE.valueTypes); // select t
  plain(0x1f, 0x1f, IMMEDIATE.control); // try_table
  plain(0x20, 0x26, IMMEDIATE.one); // locals, globals, table.get, table.set
  plain(0x28, 0x3e, IMMEDIATE.memory);
  plain(0x3f, 0x42, IMMEDIATE.one); // memory.size, memory.grow, i32.const, i64.const
  plain(0x43, 0x43, IMMEDIATE.bytes4);
  plain(0x44, 0x44, IMMEDIATE.bytes8);
  plain(0x45, 0xc4, IMMEDIATE.none);
  plain(0xd0, 0xd0, IMMEDIATE.heapType); // ref.null
  plain(0xd1, 0xd1, IMMEDIATE.none);
  plain(0xd2, 0xd2, IMMEDIATE.one); // ref.func
  plain(0xd3, 0xd4, IMMEDIATE.none); // ref.eq, ref.as_non_null
  plain(0xd5, 0xd6, IMMEDIATE.control); // br_on_null, br_on_non_null

  prefixed(0xfb, 0, 1, IMMEDIATE.one); // GC
  prefixed(0xfb, 2, 5, IMMEDIATE.two);
  prefixed(0xfb, 6, 7, IMMEDIATE.one);
  prefixed(0xfb, 8, 10, IMMEDIATE.two);
  prefixed(0xfb, 11, 14, IMMEDIATE.one);
  prefixed(0xfb, 15, 15, IMMEDIATE.none);
  prefixed(0xfb, 16, 16, IMMEDIATE.one);
  prefixed(0xfb, 17, 19, IMMEDIATE.two);
  prefixed(0xfb, 20, 23, IMMEDIATE.heapType);
  prefixed(0xfb, 24, 25, IMMEDIATE.cast);
  prefixed(0xfb, 26, 30, IMMEDIATE.none);

  prefixed(0xfc, 0, 7, IMMEDIATE.none); // saturating conversions
  prefixed(0xfc, 8, 8, IMMEDIATE.two); // bulk operations
  prefixed(0xfc, 9, 9, IMMEDIATE.one);
  prefixed(0xfc, 10, 10, IMMEDIATE.two);
  prefixed(0xfc, 11, 11, IMMEDIATE.one);
  prefixed(0xfc, 12, 12, IMMEDIATE.two);
  prefixed(0xfc, 13, 13, IMMEDIATE.one);
  prefixed(0xfc, 14, 14, IMMEDIATE.two);
  prefixed(0xfc, 15, 17, IMMEDIATE.one);
  prefixed(0xfc, 19, 22, IMMEDIATE.none); // wide arithmetic

  prefixed(0xfd, 0, 11, IMMEDIATE.memory); // SIMD
  prefixed(0xfd, 12, 13, IMMEDIATE.bytes16);
  prefixed(0xfd, 14, 20, IMMEDIATE.none);
  prefixed(0xfd, 21, 34, IMMEDIATE.byte);
  prefixed(0xfd, 35, 83, IMMEDIATE.none);
  prefixed(0xfd, 84, 91, IMMEDIATE.memoryAndByte);
  prefixed(0xfd, 92, 93, IMMEDIATE.memory);
  prefixed(0xfd, 94, 0x113, IMMEDIATE.none);

  prefixed(0xfe, 0, 2, IMMEDIATE.memory); // threads
  prefixed(0xfe, 3, 3, IMMEDIATE.byte);
  prefixed(0xfe, 0x10, 0x4e, IMMEDIATE.memory);

  // The height may be too large but never too small, so rare instructions count for at least what they push.
  moves(0x0d, 0x0d, -1); // br_if
  moves(0x1a, 0x1a, -1); // drop
  moves(0x1b, 0x1c, -2); // select
  moves(0x20, 0x20, 1); // local.get
  moves(0x21, 0x21, -1);
  moves(0x23, 0x23, 1); // global.get
  moves(0x24, 0x24, -1);
  moves(0x26, 0x26, -2); // table.set
  moves(0x36, 0x3e, -2); // stores
  moves(0x3f, 0x3f, 1); // memory.size
  moves(0x41, 0x44, 1); // constants
  moves(0x46, 0x4f, -1); // comparisons
  moves(0x51, 0x66, -1);
  moves(0x6a, 0x78, -1); // arithmetic on two numbers
  moves(0x7c, 0x8a, -1);
  moves(0x92, 0x98, -1);
  moves(0xa0, 0xa6, -1);
  moves(0xd0, 0xd0, 1); // ref.null
  moves(0xd2, 0xd2, 1); // ref.func
  moves(0xd3, 0xd3, -1);
  moves(0xd6, 0xd6, -1); // br_on_non_null

  movesPrefixed(0xfb, 0x00, 0x01, 1); // GC: an object takes a value for each field, at least one
  movesPrefixed(0xfb, 0x05, 0x05, -2);
  movesPrefixed(0xfb, 0x06, 0x06, -1);
  movesPrefixed(0xfb, 0x08, 0x08, 1);
  movesPrefixed(0xfb, 0x09, 0x0a, -1);
  movesPrefixed(0xfb, 0x0b, 0x0d, -1);
  movesPrefixed(0xfb, 0x0e, 0x0e, -3);
  movesPrefixed(0xfb, 0x10, 0x10, -4);
  movesPrefixed(0xfb, 0x11, 0x11, -5);
  movesPrefixed(0xfb, 0x12, 0x13, -4);

  movesPrefixed(0xfc, 0x08, 0x08, -3); // bulk operations
  movesPrefixed(0xfc, 0x0a, 0x0c, -3);
  movesPrefixed(0xfc, 0x0e, 0x0e, -3);
  movesPrefixed(0xfc, 0x0f, 0x0f, -1);
  movesPrefixed(0xfc, 0x10, 0x10, 1);
  movesPrefixed(0xfc, 0x11, 0x11, -3);
  movesPrefixed(0xfc, 0x13, 0x14, -2); // wide arithmetic

  movesPrefixed(0xfd, 0x0b, 0x0b, -2); // SIMD
  movesPrefixed(0xfd, 0x0c, 0x0c, 1);
  movesPrefixed(0xfd, 0x0d, 0x0e, -1);
  movesPrefixed(0xfd, 0x17, 0x17, -1); // replace_lane
  movesPrefixed(0xfd, 0x1a, 0x1a, -1);
  movesPrefixed(0xfd, 0x1c, 0x1c, -1);
  movesPrefixed(0xfd, 0x1e, 0x1e, -1);
  movesPrefixed(0xfd, 0x20, 0x20, -1);
  movesPrefixed(0xfd, 0x22, 0x22, -1);
  movesPrefixed(0xfd, 0x23, 0x4c, -1); // comparisons
  movesPrefixed(0xfd, 0x4e, 0x51, -1);
  movesPrefixed(0xfd, 0x52, 0x52, -2);
  movesPrefixed(0xfd, 0x54, 0x57, -1);
  movesPrefixed(0xfd, 0x58, 0x5b, -2);
  movesPrefixed(0xfd, 0x65, 0x66, -1);
  movesPrefixed(0xfd, 0x6b, 0x73, -1);
  movesPrefixed(0xfd, 0x76, 0x79, -1);
  movesPrefixed(0xfd, 0x7b, 0x7b, -1);
  movesPrefixed(0xfd, 0x82, 0x82, -1);
  movesPrefixed(0xfd, 0x85, 0x86, -1);
  movesPrefixed(0xfd, 0x8b, 0x93, -1);
  movesPrefixed(0xfd, 0x95, 0x9f, -1);
  movesPrefixed(0xfd, 0xab, 0xbf, -1);
  movesPrefixed(0xfd, 0xcb, 0xdf, -1);
  movesPrefixed(0xfd, 0xe4, 0xeb, -1);
  movesPrefixed(0xfd, 0xf0, 0xf7, -1);
  movesPrefixed(0xfd, 0x100, 0x100, -1);
  movesPrefixed(0xfd, 0x105, 0x10c, -2);
  movesPrefixed(0xfd, 0x10d, 0x112, -1);
  movesPrefixed(0xfd, 0x113, 0x113, -2);

  movesPrefixed(0xfe, 0x00, 0x00, -1); // threads
  movesPrefixed(0xfe, 0x01, 0x02, -2);
  movesPrefixed(0xfe, 0x17, 0x1d, -2);
  movesPrefixed(0xfe, 0x1e, 0x47, -1);
  movesPrefixed(0xfe, 0x48, 0x4e, -2);

  bulk(0xfb, 0x06); // array.new, array.new_default, array.new_data, array.new_elem
  bulk(0xfb, 0x07);
  bulk(0xfb, 0x09);
  bulk(0xfb, 0x0a);
  bulk(0xfb, 0x10); // array.fill, array.copy, array.init_data, array.init_elem
  bulk(0xfb, 0x11);
  bulk(0xfb, 0x12);
  bulk(0xfb, 0x13);
  bulk(0xfc, 0x08); // memory.init, memory.copy, memory.fill
  bulk(0xfc, 0x0a);
  bulk(0xfc, 0x0b);
  bulk(0xfc, 0x0c); // table.init, table.copy, table.grow, table.fill
  bulk(0xfc, 0x0e);
  bulk(0xfc, 0x0f);
  bulk(0xfc, 0x11);

  makeFacts();
}
