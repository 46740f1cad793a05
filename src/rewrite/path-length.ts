/**
 * Follows the longest way through a function's code from one check to the next.
 *
 * Checks at loop heads and function entries alone leave straight code unchecked, and there may be
 * megabytes of it behind every call of a deep recursion, all of which is run on the way out. So
 * there is another check wherever more than {@link MAX_STEPS} can have gone by without one: between
 * a guest that is interrupted and its end there are at most that many for each frame on its stack.
 */

import type { BinaryReader } from "../abi/binary-reader.ts";
import { labelsAt, leaves, OP } from "./instructions.ts";

/** A step is about as long as an addition takes. Times the frames a stack has room for: milliseconds. */
const MAX_STEPS = 512;

/** Code of functions that no check is put at the entry of: they have no calls, and are shorter than this. */
export const UNCHECKED_CODE_BYTES = 64;

/** Divisions and square roots take some twenty times as long as an addition. */
const SLOW_STEPS = 16;
/** SIMD, atomic operations and what else has a prefix. */
const PREFIXED_STEPS = 4;

const FIRST_PREFIX = 0xfb;
/** Of instructions of one byte. */
const STEPS: Uint8Array = stepsByOpcode();

/** A block that the code is within. */
interface Block {
  readonly op: number;
  /** How long the way to its beginning was. */
  readonly begin: number;
  /** The longest way from which something branches to its end. */
  branched: number;
}

/** No way leads to code behind a branch. */
const UNREACHED = -Infinity;

export class PathLength {
  #steps = 0;
  readonly #blocks: Block[] = [];

  constructor() {
    this.#open(OP.block);
  }

  /** Whether there has to be a check before the next instruction. */
  get isLong(): boolean {
    return this.#steps >= MAX_STEPS;
  }

  /** There is a check here. */
  check(): void {
    this.#steps = 0;
  }

  /**
   * Goes past one instruction.
   *
   * @param reader Stands behind it.
   * @param position Where it begins.
   */
  pass(op: number, reader: BinaryReader, position: number): void {
    this.#steps += op < FIRST_PREFIX ? (STEPS[op] ?? 1) : PREFIXED_STEPS;
    switch (op) {
      case OP.loop:
        // Its head is checked, whoever gets there.
        this.#steps = 0;
        this.#open(op);
        break;
      case OP.block:
      case OP.if:
      case OP.try:
        this.#open(op);
        break;
      case OP.tryTable:
        this.#branchAnywhere();
        this.#open(op);
        break;
      case OP.else:
        this.#else();
        break;
      case OP.catch:
      case OP.catchAll:
        this.#catch();
        break;
      case OP.end:
      case OP.delegate:
        this.#close();
        break;
      case OP.br:
      case OP.brTable:
      case OP.brIf:
      case OP.brOnNull:
      case OP.brOnNonNull:
        this.#branch(labelsAt(reader, position));
        break;
      case OP.brOnCast:
      case OP.brOnCastFail:
        this.#branchAnywhere();
        break;
      case OP.call:
      case OP.callIndirect:
      case OP.callRef:
        this.#steps += UNCHECKED_CODE_BYTES;
        break;
    }
    if (leaves(op)) this.#steps = UNREACHED;
  }

  #open(op: number): void {
    this.#blocks.push({ op, begin: this.#steps, branched: UNREACHED });
  }

  #close(): void {
    const block = this.#blocks.pop();
    if (block === undefined) return;
    // A condition without an `else` is passed over from its beginning; a branch to a loop leads to its head.
    const passed = block.op === OP.if ? block.begin : UNREACHED;
    const branched = block.op === OP.loop ? UNREACHED : block.branched;
    this.#steps = Math.max(this.#steps, passed, branched);
  }

  #else(): void {
    const block = this.#blocks.pop();
    if (block === undefined) return;
    const { begin } = block;
    const branched = Math.max(block.branched, this.#steps);
    this.#blocks.push({ op: OP.else, begin, branched });
    this.#steps = begin;
  }

  /** Whatever was called, and however far it came. */
  #catch(): void {
    const block = this.#blocks.at(-1);
    if (block !== undefined) block.branched = Math.max(block.branched, this.#steps);
    this.#steps = MAX_STEPS;
  }

  #branch(labels: readonly number[]): void {
    for (const label of labels) {
      const block = this.#blocks.at(-1 - label);
      if (block !== undefined) block.branched = Math.max(block.branched, this.#steps);
    }
  }

  /** For what is rare: it may lead out of every block, after the longest way. */
  #branchAnywhere(): void {
    for (const block of this.#blocks) block.branched = MAX_STEPS;
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
