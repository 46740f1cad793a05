/**
 * Tracks the height of the operand stack from what each instruction pops and pushes.
 *
 * A browser's baseline compiler keeps a copy of all locals and of the whole stack for every block: ten
 * thousand values on the stack of as many blocks take gigabytes, in a module of 80 KB. The height may
 * be too large but never too small, so rare instructions count for at least what they push.
 *
 * Source: https://webassembly.github.io/spec/core/appendix/index-instructions.html
 */

type Span = readonly [first: number, last: number, change: number];

/** By how much an instruction changes the stack's height. */
const PLAIN = table(0xfa, [
  [0x0d, 0x0d, -1], // br_if
  [0x1a, 0x1a, -1], // drop
  [0x1b, 0x1c, -2], // select
  [0x20, 0x20, 1], // local.get
  [0x21, 0x21, -1],
  [0x23, 0x23, 1], // global.get
  [0x24, 0x24, -1],
  [0x26, 0x26, -2], // table.set
  [0x36, 0x3e, -2], // stores
  [0x3f, 0x3f, 1], // memory.size
  [0x41, 0x44, 1], // constants
  [0x46, 0x4f, -1], // comparisons
  [0x51, 0x66, -1],
  [0x6a, 0x78, -1], // arithmetic on two numbers
  [0x7c, 0x8a, -1],
  [0x92, 0x98, -1],
  [0xa0, 0xa6, -1],
  [0xd0, 0xd0, 1], // ref.null
  [0xd2, 0xd2, 1], // ref.func
  [0xd3, 0xd3, -1],
  [0xd6, 0xd6, -1], // br_on_non_null
]);

/** By prefix, the codes after it. */
const PREFIXED: ReadonlyMap<number, Int8Array> = new Map([
  [
    0xfb, // GC: an object takes a value for each field, at least one
    table(0x1e, [
      [0x00, 0x01, 1],
      [0x05, 0x05, -2],
      [0x06, 0x06, -1],
      [0x08, 0x08, 1],
      [0x09, 0x0a, -1],
      [0x0b, 0x0d, -1],
      [0x0e, 0x0e, -3],
      [0x10, 0x10, -4],
      [0x11, 0x11, -5],
      [0x12, 0x13, -4],
    ]),
  ],
  [
    0xfc,
    table(0x16, [
      [0x08, 0x08, -3], // bulk operations
      [0x0a, 0x0c, -3],
      [0x0e, 0x0e, -3],
      [0x0f, 0x0f, -1],
      [0x10, 0x10, 1],
      [0x11, 0x11, -3],
      [0x13, 0x14, -2], // wide arithmetic
    ]),
  ],
  [
    0xfd, // SIMD
    table(0x113, [
      [0x0b, 0x0b, -2],
      [0x0c, 0x0c, 1],
      [0x0d, 0x0e, -1],
      ...[0x17, 0x1a, 0x1c, 0x1e, 0x20, 0x22].map((code): Span => [code, code, -1]), // replace_lane
      [0x23, 0x4c, -1], // comparisons
      [0x4e, 0x51, -1],
      [0x52, 0x52, -2],
      [0x54, 0x57, -1],
      [0x58, 0x5b, -2],
      [0x65, 0x66, -1],
      [0x6b, 0x73, -1],
      [0x76, 0x79, -1],
      [0x7b, 0x7b, -1],
      [0x82, 0x82, -1],
      [0x85, 0x86, -1],
      [0x8b, 0x93, -1],
      [0x95, 0x9f, -1],
      [0xab, 0xbf, -1],
      [0xcb, 0xdf, -1],
      [0xe4, 0xeb, -1],
      [0xf0, 0xf7, -1],
      [0x100, 0x100, -1],
      [0x105, 0x10c, -2],
      [0x10d, 0x112, -1],
      [0x113, 0x113, -2],
    ]),
  ],
  [
    0xfe, // threads
    table(0x4e, [
      [0x00, 0x00, -1],
      [0x01, 0x02, -2],
      [0x17, 0x1d, -2],
      [0x1e, 0x47, -1],
      [0x48, 0x4e, -2],
    ]),
  ],
]);

export class OperandStack {
  #height = 0;
  #atBlocks = 0;
  /** The number of open blocks. */
  #depth = 0;
  /** The height below the innermost block. */
  #base = 0;
  // By block, outermost first.
  readonly #bases: number[] = [];
  readonly #params: number[] = [];
  readonly #results: number[] = [];

  /** The height at each block, with its parameters and results, added up. */
  get atBlocks(): number {
    return this.#atBlocks;
  }

  /** Starts the body of another function. */
  reset(): void {
    this.#height = 0;
    this.#depth = 0;
    this.#base = 0;
    this.open(0, 0);
    this.#atBlocks = 0;
  }

  /** Passes an instruction that is no branch, block or call, as in `OP`. */
  pass(op: number): void {
    this.change(op > 0xff ? (PREFIXED.get(op >> 16)?.[op & 0xffff] ?? 0) : (PLAIN[op] as number));
  }

  /** Changes the height. In unreachable code any number of values may be popped, so it stays above the base. */
  change(change: number): void {
    const height = this.#height + change;
    this.#height = height < this.#base ? this.#base : height;
  }

  open(params: number, results: number): void {
    const base = Math.max(this.#base, this.#height - params);
    const depth = this.#depth++;
    this.#bases[depth] = base;
    this.#params[depth] = params;
    this.#results[depth] = results;
    this.#base = base;
    this.#height = base + params;
    this.#atBlocks += this.#height + params + results;
  }

  close(): void {
    const depth = --this.#depth;
    this.#height = this.#base + (this.#results[depth] as number);
    this.#base = depth === 0 ? 0 : (this.#bases[depth - 1] as number);
  }

  enterElse(): void {
    this.#height = this.#base + (this.#params[this.#depth - 1] as number);
  }

  /** @param values The maximum number of values of the exception. */
  enterCatch(values: number): void {
    this.#height = this.#base + values;
  }

  /** The code after the last instruction is unreachable. */
  leave(): void {
    this.#height = this.#base;
  }
}

function table(last: number, spans: readonly Span[]): Int8Array {
  const changes = new Int8Array(last + 1);
  for (const [first, end, change] of spans) changes.fill(change, first, end + 1);
  return changes;
}
