/**
 * Finds the places in a function's body where something is inserted, and measures the body:
 *
 * - the longest path from one check to the next;
 * - the height of the operand stack at each block. A browser's baseline compiler keeps a copy of all
 *   locals and of the whole stack for every block: ten thousand values on the stack of as many blocks take
 *   gigabytes, in a module of 80 KB;
 * - who pays for each instruction: the last check before it that it always follows, which is the
 *   function's entry, the head of a loop, or a waypoint.
 *
 * Checks at loop heads and function entries leave straight-line code unchecked. There may be megabytes of
 * it after every call of a deep recursion, and all of it runs as the recursion returns. So a waypoint, a
 * check between two instructions, is added where more than `MAX_STEPS` may have passed since the last
 * check: after an interrupt a guest runs at most that many steps for each frame on its stack.
 *
 * A small function has no check at its entry, where the form allows that: it may take a few steps before
 * its first check, and its callers count them. Before a call whose callee is not known yet there is a check
 * on every path from the entry. Each recursion has such a call, since functions are scanned in order.
 */

import {
  at,
  BLOCK_TYPE,
  blockType,
  endAt,
  fail,
  instruction,
  moveTo,
  PROBLEM,
  readByte,
  readIndex,
  skipHandlers,
  skipInteger,
  skipValueType,
} from "./reader";
import {
  changeOf,
  changeOfPrefixed,
  FIRST_PREFIX,
  factsOf,
  isBulkPrefixed,
  OP,
  stepsOf,
} from "./tables";

/** A step takes about as long as an addition. Multiplied by the frames that fit on a stack: milliseconds. */
const MAX_STEPS: i32 = 512;
/** SIMD, atomic operations and all others with a prefix. */
const PREFIXED_STEPS: i32 = 4;
/** Functions whose code is shorter need no check at their entry. */
const SMALL_CODE_BYTES: u32 = 128;
/** The steps of a function before its first check, where they are not known. */
const UNCHECKED_STEPS: i32 = 64;
/** The length of the path to an entry without a check, so that one comes after `UNCHECKED_STEPS`. */
const UNCHECKED_ENTRY: i32 = MAX_STEPS - UNCHECKED_STEPS;
/** The path length of unreachable code. No function is long enough to count from here up to 0. */
const UNREACHED: i32 = -0x40000000;

/** In place of a site: the entry of the function pays. */
const ENTRY: u32 = 0;

/** What is known of an open block, in a list of all of them, outermost first. */
namespace BLOCK {
  export const op: usize = 0;
  /** The length of the path to its start. */
  export const start: usize = 4;
  /** The length of the longest path that ends in a branch to its end. */
  export const branched: usize = 8;
  /** The height of the stack below it. */
  export const base: usize = 12;
  export const params: usize = 16;
  export const results: usize = 20;
  /** Who pays for its code behind inner blocks. */
  export const payer: usize = 24;
  export const size: u32 = 28;
}

/** A place where something is inserted. In a list, in order. */
export namespace SITE {
  /** As in `OP`, or {@link WAYPOINT}. */
  export const op: usize = 0;
  export const start: usize = 4;
  export const end: usize = 8;
  /**
   * For a loop: the maximum number of instructions of one iteration, without inner loops. For a
   * waypoint: the number of instructions from there to the end of its block.
   */
  export const cost: usize = 12;
  export const size: u32 = 16;
}

/** In place of an opcode: a point between instructions that needs a check, since the last one is far. */
export const WAYPOINT: u32 = 0xffffffff;

/** A type: the numbers of its parameters and results, -1 where it is no function's, and what `write.ts` keeps of it. */
export namespace TYPE {
  export const params: usize = 0;
  export const results: usize = 4;
  export const blockType: usize = 8;
  export const size: u32 = 12;
}

let types: u32 = 0;
let typeCount: u32 = 0;
/** The index of the type of each function; {@link NO_TYPE} where there is none. */
let functions: u32 = 0;
let functionCount: u32 = 0;
/** The steps of each function before its first check, a byte each: {@link UNCHECKED_STEPS} until it is scanned. */
let uncheckedSteps: u32 = 0;
/** Whether all functions have a check at their entry. */
let isEntryPaid: bool = false;
/** The maximum number of values that an exception carries. */
let maxCaught: i32 = 0;
let blocks: u32 = 0;
export let sites: u32 = 0;

export const NO_TYPE: u32 = 0xffffffff;

// The function that was scanned last.

export let codeStart: u32 = 0;
/** The number of locals it declares, and of their groups, without parameters. */
export let locals: u64 = 0;
export let localGroups: u32 = 0;
/** Where its groups of locals start, after their count. */
export let localsStart: u32 = 0;
/** The number of blocks, loops, ifs and tries, without the body itself. */
export let controlFrames: u32 = 0;
/** The number of values on the stack at each of those, added up. */
export let stackedValues: u64 = 0;
/** The number of instructions outside all loops, up to the first waypoint. */
export let cost: u32 = 0;
export let isEntryChecked: bool = false;
/** Whether it has loops, or waypoints: checks besides the one at its entry. */
export let hasMoreChecks: bool = false;
/** Whether it throws or catches. */
export let hasExceptions: bool = false;
/** Where the list of its sites ends. */
export let sitesEnd: u32 = 0;

export function setModule(
  typesAt: u32,
  typesLength: u32,
  functionsAt: u32,
  functionsLength: u32,
  uncheckedStepsAt: u32,
  caught: i32,
): void {
  types = typesAt;
  typeCount = typesLength;
  functions = functionsAt;
  functionCount = functionsLength;
  uncheckedSteps = uncheckedStepsAt;
  maxCaught = caught;
  memory.fill(uncheckedSteps, <u8>UNCHECKED_STEPS, functionCount);
}

/** @param isPaid Whether all functions need a check at their entry. @param imported The number of functions that check by themselves. */
export function setEntries(isPaid: bool, imported: u32): void {
  isEntryPaid = isPaid;
  if (!isPaid) memory.fill(uncheckedSteps, 0, imported);
}

export function setRoom(blocksAt: u32, sitesAt: u32): void {
  blocks = blocksAt;
  sites = sitesAt;
}

export function typeOfFunction(index: u32): u32 {
  if (index >= functionCount) return NO_TYPE;
  return load<u32>(functions + (index << 2));
}

/** Where a type is; 0 for what is no function type. */
export function typeAt(index: u32): u32 {
  if (index >= typeCount) return 0;
  const type = types + index * TYPE.size;
  return load<i32>(type, TYPE.params) < 0 ? 0 : type;
}

/** By how much a call changes the height of the stack. */
function changeOfCall(typeIndex: u32): i32 {
  const type = typeAt(typeIndex);
  if (type == 0) return 0;
  return load<i32>(type, TYPE.results) - load<i32>(type, TYPE.params);
}

function atLeast(value: i32, least: i32): i32 {
  return select(value, least, value > least);
}

function addSite(op: u32, start: u32, end: u32): u32 {
  const site = sitesEnd;
  store<u32>(site, op, SITE.op);
  store<u32>(site, start, SITE.start);
  store<u32>(site, end, SITE.end);
  store<u32>(site, 0, SITE.cost);
  sitesEnd = site + SITE.size;
  return site;
}

function charge(payer: u32, instructions: u32): void {
  if (payer == ENTRY) cost += instructions;
  else store<u32>(payer, load<u32>(payer, SITE.cost) + instructions, SITE.cost);
}

/** Adds a waypoint before an instruction. Returns it: it pays for what follows in the block. */
function addWaypoint(position: u32, inner: u32): u32 {
  const site = addSite(WAYPOINT, position, position);
  hasMoreChecks = true;
  store<u32>(inner, site, BLOCK.payer);
  return site;
}

/**
 * Passes a rare instruction: it counts as a branch to every block, after the longest path. Returns up to
 * which block all are branched to.
 */
function branchAnywhere(branchedTo: u32, inner: u32): u32 {
  let block = branchedTo;
  for (; block <= inner; block += BLOCK.size) store<i32>(block, MAX_STEPS, BLOCK.branched);
  return block;
}

/** Scans one body, from its first byte after its size to its end. @param index Of the function. */
export function scan(start: u32, end: u32, index: u32): void {
  moveTo(start);
  endAt(end);
  localGroups = readIndex();
  localsStart = at;
  locals = 0;
  for (let left = localGroups; left > 0; left -= 1) {
    locals += readIndex();
    skipValueType();
  }
  codeStart = at;
  isEntryChecked = isEntryPaid || end - at >= SMALL_CODE_BYTES;
  const unchecked = scanCode(end, index);
  if (!isEntryPaid) store<u8>(uncheckedSteps + index, unchecked);
}

/**
 * One loop, with all its state in local variables: all code of a module passes through here. Returns the
 * most steps before the first check.
 */
function scanCode(end: u32, index: u32): i32 {
  cost = 0;
  hasMoreChecks = false;
  hasExceptions = false;
  sitesEnd = sites;
  const entry = isEntryChecked ? 0 : UNCHECKED_ENTRY;
  /** The length of the longest path from the entry to a check or to the end. */
  let entered: i32 = UNCHECKED_ENTRY;
  // The body is a block as well.
  let inner = blocks;
  store<u32>(inner, OP.block, BLOCK.op);
  store<i32>(inner, entry, BLOCK.start);
  store<i32>(inner, UNREACHED, BLOCK.branched);
  store<i32>(inner, 0, BLOCK.base);
  store<i32>(inner, 0, BLOCK.params);
  store<i32>(inner, 0, BLOCK.results);
  store<u32>(inner, ENTRY, BLOCK.payer);
  /** Up to this block, all are already branched to from the longest path. */
  let branchedTo = inner;
  /** The length of the path since the last check. */
  let steps: i32 = entry;
  /** The height of the stack, and below the innermost block. */
  let height: i32 = 0;
  let base: i32 = 0;
  let stacked: u64 = 0;
  let frames: u32 = 0;
  /** Who pays, and the number of instructions passed and of those that are paid for. */
  let payer = ENTRY;
  let passed: u32 = 0;
  let paid: u32 = 0;

  let position = at;
  while (inner >= blocks) {
    if (position >= end) fail(PROBLEM.tooShort, end);
    if (steps >= MAX_STEPS) {
      entered = atLeast(entered, steps);
      steps = 0;
      charge(payer, passed - paid);
      paid = passed;
      payer = addWaypoint(position, inner);
    }
    const start = position;
    const op: u32 = load<u8>(position);
    position += 1;
    passed += 1;
    const facts = factsOf(op);
    const length = facts & 3;
    if (length > 0 && <i32>load<u8>(position) <= ((facts >> 8) & 0xff)) {
      position += length - 1;
      const last = <i32>load<u8>(position - 1) & facts & 0x80;
      position += last >>> 7;
      // Integers of more than ten bytes are not detected: the engine refuses such a module.
      if ((last & <i32>load<u8>(position - 1)) != 0) {
        while (position < end && load<u8>(position) >= 0x80) position += 1;
        position += 1;
      }
      steps += (facts >> 2) & 31;
      // In unreachable code any number of values may be popped.
      height = atLeast(height + (facts >> 16), base);
      continue;
    }

    moveTo(position);
    switch (op) {
      case OP.block:
      case OP.loop:
      case OP.if_:
      case OP.try_:
      case OP.tryTable: {
        if (op == OP.loop) {
          // Its head has a check on every path to it.
          entered = atLeast(entered, steps);
          steps = 0;
        } else steps += 1;
        if (op == OP.if_) height = atLeast(height - 1, base);
        let params = 0;
        let results = 0;
        const code: u32 = load<u8>(position);
        if (code >= 0x7c && code <= 0x7f) {
          moveTo(position + 1);
          results = 1;
        } else {
          const index = blockType();
          if (index >= 0) {
            const type = typeAt(index);
            if (type != 0) {
              params = load<i32>(type, TYPE.params);
              results = load<i32>(type, TYPE.results);
            }
          } else if (index == BLOCK_TYPE.value) results = 1;
        }
        if (op == OP.tryTable) branchedTo = branchAnywhere(branchedTo, inner);
        if (op == OP.tryTable || op == OP.try_) hasExceptions = true;
        base = atLeast(height - params, base);
        height = base + params;
        inner += BLOCK.size;
        store<u32>(inner, op, BLOCK.op);
        store<i32>(inner, steps, BLOCK.start);
        store<i32>(inner, UNREACHED, BLOCK.branched);
        store<i32>(inner, base, BLOCK.base);
        store<i32>(inner, params, BLOCK.params);
        store<i32>(inner, results, BLOCK.results);
        stacked += height + params + results;
        frames += 1;
        if (op == OP.loop) {
          charge(payer, passed - paid);
          paid = passed;
          payer = addSite(op, start, at);
          hasMoreChecks = true;
        } else if (op == OP.tryTable) skipHandlers();
        store<u32>(inner, payer, BLOCK.payer);
        break;
      }
      case OP.else_:
      case OP.catch_:
      case OP.catchAll: {
        steps += 1;
        if (op == OP.catch_) skipInteger();
        store<i32>(inner, atLeast(load<i32>(inner, BLOCK.branched), steps), BLOCK.branched);
        if (op == OP.else_) {
          store<u32>(inner, op, BLOCK.op);
          steps = load<i32>(inner, BLOCK.start);
          height = base + load<i32>(inner, BLOCK.params);
        } else {
          // Any instruction of the `try` may have thrown.
          steps = MAX_STEPS;
          height = base + maxCaught;
          hasExceptions = true;
        }
        charge(payer, passed - paid);
        paid = passed;
        // Paid for like the block that it is in.
        payer = inner == blocks ? ENTRY : load<u32>(inner - BLOCK.size, BLOCK.payer);
        store<u32>(inner, payer, BLOCK.payer);
        break;
      }
      case OP.delegate:
      case OP.end: {
        steps += 1;
        if (op == OP.delegate) skipInteger();
        const opened = load<u32>(inner, BLOCK.op);
        // A branch to a loop leads to its head.
        if (opened != OP.loop) steps = atLeast(steps, load<i32>(inner, BLOCK.branched));
        // An `if` without `else` may be skipped.
        if (opened == OP.if_) steps = atLeast(steps, load<i32>(inner, BLOCK.start));
        height = base + load<i32>(inner, BLOCK.results);
        if (branchedTo > inner) branchedTo = inner;
        charge(payer, passed - paid);
        paid = passed;
        inner -= BLOCK.size;
        if (inner >= blocks) {
          base = load<i32>(inner, BLOCK.base);
          payer = load<u32>(inner, BLOCK.payer);
        }
        break;
      }
      case OP.br:
      case OP.brIf:
      case OP.brOnNull:
      case OP.brOnNonNull:
      case OP.brTable: {
        steps += 1;
        for (let left: i64 = op == OP.brTable ? <i64>readIndex() : 0; left >= 0; left -= 1) {
          const label = readIndex();
          if (label > (inner - blocks) / BLOCK.size) continue;
          const target = inner - label * BLOCK.size;
          store<i32>(target, atLeast(load<i32>(target, BLOCK.branched), steps), BLOCK.branched);
        }
        if (op == OP.br || op == OP.brTable) {
          steps = UNREACHED;
          height = base;
        } else height = atLeast(height + changeOf(op), base);
        break;
      }
      case OP.call:
      case OP.callIndirect:
      case OP.callRef:
      case OP.returnCall:
      case OP.returnCallRef:
      case OP.returnCallIndirect: {
        const isByIndex = op == OP.call || op == OP.returnCall;
        const callee = readIndex();
        if (op == OP.callIndirect || op == OP.returnCallIndirect) skipInteger();
        // One that is scanned later may call this one.
        const isKnown = isByIndex && callee < index;
        const unchecked = isKnown ? <i32>load<u8>(uncheckedSteps + callee) : UNCHECKED_STEPS;
        if (steps + unchecked >= MAX_STEPS) {
          entered = atLeast(entered, steps);
          steps = 0;
          charge(payer, passed - 1 - paid);
          paid = passed - 1;
          payer = addWaypoint(start, inner);
        }
        steps += 1 + unchecked;
        addSite(op, start, at);
        if (op == OP.call || op == OP.callIndirect || op == OP.callRef) {
          if (!isByIndex) height = atLeast(height - 1, base);
          height = atLeast(
            height + changeOfCall(isByIndex ? typeOfFunction(callee) : callee),
            base,
          );
        } else {
          entered = atLeast(entered, steps);
          steps = UNREACHED;
          height = base;
        }
        break;
      }
      case OP.return_:
        addSite(op, start, at);
        entered = atLeast(entered, steps);
        steps = UNREACHED;
        height = base;
        break;
      case OP.throw_:
      case OP.rethrow:
      case OP.throwRef:
        if (op != OP.throwRef) skipInteger();
        hasExceptions = true;
        steps = UNREACHED;
        height = base;
        break;
      case OP.unreachable:
        steps = UNREACHED;
        height = base;
        break;
      default: {
        moveTo(start);
        const full = instruction();
        if (full < 0x100) {
          steps += stepsOf(full);
          height = atLeast(height + changeOf(full), base);
          if (full == OP.memoryGrow) addSite(full, start, at);
        } else {
          const prefix = full >> 16;
          const code = full & 0xffff;
          steps += PREFIXED_STEPS;
          height = atLeast(height + changeOfPrefixed(prefix, code), base);
          if (full == OP.brOnCast || full == OP.brOnCastFail) {
            branchedTo = branchAnywhere(branchedTo, inner);
          }
          if (isBulkPrefixed(prefix, code)) addSite(full, start, at);
        }
      }
    }
    position = at;
  }
  controlFrames = frames;
  stackedValues = stacked;
  if (position != end) fail(PROBLEM.afterEnd, position);
  return isEntryChecked ? 0 : atLeast(entered, steps) - UNCHECKED_ENTRY;
}

/** Skips a constant expression with its `end`. Returns the position after it. */
export function passExpression(start: u32, end: u32): u32 {
  moveTo(start);
  endAt(end);
  let op = readByte();
  for (; op != OP.end; op = readByte()) {
    moveTo(at - 1);
    instruction();
  }
  return at;
}
