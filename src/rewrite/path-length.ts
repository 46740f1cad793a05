/**
 * Follows the longest path through a function's code from one check to the next.
 *
 * Checks at loop heads and function entries alone leave straight code unchecked, and there may be
 * megabytes of it behind every call of a deep recursion, all of which runs on the way out. So there is
 * another check wherever more than {@link MAX_STEPS} can have passed without one: between an interrupt
 * and the end of the guest there are at most that many for each frame on its stack.
 */

import { OP } from "./opcodes.ts";

/** A step takes about as long as an addition. Times the frames a stack has room for: milliseconds. */
const MAX_STEPS = 512;

/** Functions without calls whose code is shorter have no check at their entry. */
export const UNCHECKED_CODE_BYTES = 64;

/** Divisions and square roots take some twenty times as long as an addition. */
const SLOW_STEPS = 16;
/** SIMD, atomic operations and all others with a prefix. */
const PREFIXED_STEPS = 4;

const FIRST_PREFIX = 0xfb;
/** Of instructions of one byte. */
const STEPS: Uint8Array = stepsByOpcode();

/** The path length of code that nothing leads to. No function is long enough to count up from here. */
const UNREACHED = -(2 ** 30);

export class PathLength {
  #steps = 0;
  /** How many blocks the code is within. */
  #depth = 0;
  // By block, outermost first.
  readonly #ops: number[] = [];
  /** How long the path to its start was. */
  readonly #starts: number[] = [];
  /** The longest path from which something branches to its end. */
  readonly #branched: number[] = [];
  /** So many of the outer blocks are branched to after the longest path. */
  #branchedBlocks = 0;

  /** Whether there has to be a check before the next instruction. */
  get isLong(): boolean {
    return this.#steps >= MAX_STEPS;
  }

  /** Starts over, in the body of another function. */
  reset(): void {
    this.#steps = 0;
    this.#depth = 0;
    this.#branchedBlocks = 0;
    this.open(OP.block);
  }

  /** There is a check here. */
  check(): void {
    this.#steps = 0;
  }

  /** Passes an instruction of one byte. */
  pass(op: number): void {
    this.#steps += STEPS[op] as number;
  }

  passPrefixed(): void {
    this.#steps += PREFIXED_STEPS;
  }

  /** Passes a call, which may be of a function without a check. */
  call(): void {
    this.#steps += UNCHECKED_CODE_BYTES;
  }

  open(op: number): void {
    const depth = this.#depth++;
    this.#ops[depth] = op;
    this.#starts[depth] = this.#steps;
    this.#branched[depth] = UNREACHED;
  }

  close(): void {
    const depth = --this.#depth;
    const op = this.#ops[depth];
    // A branch to a loop leads to its head.
    if (op !== OP.loop) this.#extendTo(this.#branched[depth] as number);
    // A condition without an `else` may be skipped from its start.
    if (op === OP.if) this.#extendTo(this.#starts[depth] as number);
    if (this.#branchedBlocks > depth) this.#branchedBlocks = depth;
  }

  enterElse(): void {
    this.branch(0);
    this.#ops[this.#depth - 1] = OP.else;
    this.#steps = this.#starts[this.#depth - 1] as number;
  }

  /** Whatever was called, and however far it came. */
  enterCatch(): void {
    this.branch(0);
    this.#steps = MAX_STEPS;
  }

  branch(label: number): void {
    const depth = this.#depth - 1 - label;
    const branched = this.#branched[depth];
    if (branched !== undefined && branched < this.#steps) this.#branched[depth] = this.#steps;
  }

  /** For rare instructions: they may branch out of every block, after the longest path. */
  branchAnywhere(): void {
    while (this.#branchedBlocks < this.#depth) this.#branched[this.#branchedBlocks++] = MAX_STEPS;
  }

  /** Nothing goes on behind the instruction before. */
  leave(): void {
    this.#steps = UNREACHED;
  }

  #extendTo(steps: number): void {
    if (this.#steps < steps) this.#steps = steps;
  }
}

function stepsByOpcode(): Uint8Array {
  const steps = new Uint8Array(FIRST_PREFIX).fill(1);
  const slow = [
    ...[0x6d, 0x6e, 0x6f, 0x70], // i32.div, i32.rem
    ...[0x7f, 0x80, 0x81, 0x82], // i64.div, i64.rem
    ...[0x91, 0x95, 0x9f, 0xa3], // f32.sqrt, f32.div, f64.sqrt, f64.div
  ];
  for (const op of slow) steps[op] = SLOW_STEPS;
  return steps;
}
