/**
 * Measures the longest path through a function's code from one check to the next.
 *
 * Checks at loop heads and function entries leave straight-line code unchecked. There may be megabytes
 * of it after every call of a deep recursion, and all of it runs as the recursion returns. So another
 * check is inserted where more than {@link MAX_STEPS} may have passed since the last one: after an
 * interrupt a guest runs at most that many steps for each frame on its stack.
 */

import { OP } from "./opcodes.ts";

/** A step takes about as long as an addition. Multiplied by the frames that fit on a stack: milliseconds. */
const MAX_STEPS = 512;

/** Functions without calls whose code is shorter have no check at their entry. */
export const UNCHECKED_CODE_BYTES = 64;

/** Divisions and square roots take about twenty times as long as an addition. */
const SLOW_STEPS = 16;
/** SIMD, atomic operations and all others with a prefix. */
const PREFIXED_STEPS = 4;

const FIRST_PREFIX = 0xfb;
/** By opcode, for opcodes of one byte. */
const STEPS: Uint8Array = stepsByOpcode();

/** The path length of unreachable code. No function is long enough to count from here up to 0. */
const UNREACHED = -(2 ** 30);

export class PathLength {
  #steps = 0;
  /** The number of open blocks. */
  #depth = 0;
  // By block, outermost first.
  readonly #ops: number[] = [];
  /** The length of the path to its start. */
  readonly #starts: number[] = [];
  /** The length of the longest path that ends in a branch to its end. */
  readonly #branched: number[] = [];
  /** The number of outer blocks that are already branched to from the longest path. */
  #branchedBlocks = 0;

  /** Whether a check is needed before the next instruction. */
  get isLong(): boolean {
    return this.#steps >= MAX_STEPS;
  }

  /** Starts the body of another function. */
  reset(): void {
    this.#steps = 0;
    this.#depth = 0;
    this.#branchedBlocks = 0;
    this.open(OP.block);
  }

  /** Passes a check. */
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

  /** Passes a call. The callee may have no check. */
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
    // An `if` without `else` may be skipped.
    if (op === OP.if) this.#extendTo(this.#starts[depth] as number);
    if (this.#branchedBlocks > depth) this.#branchedBlocks = depth;
  }

  enterElse(): void {
    this.branch(0);
    this.#ops[this.#depth - 1] = OP.else;
    this.#steps = this.#starts[this.#depth - 1] as number;
  }

  /** Starts a handler: any instruction of the `try` may have thrown. */
  enterCatch(): void {
    this.branch(0);
    this.#steps = MAX_STEPS;
  }

  branch(label: number): void {
    const depth = this.#depth - 1 - label;
    const branched = this.#branched[depth];
    if (branched !== undefined && branched < this.#steps) this.#branched[depth] = this.#steps;
  }

  /** Passes a rare instruction: it counts as a branch to every block, after the longest path. */
  branchAnywhere(): void {
    while (this.#branchedBlocks < this.#depth) this.#branched[this.#branchedBlocks++] = MAX_STEPS;
  }

  /** The code after the last instruction is unreachable. */
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
