/**
 * Follows how much lies on the operand stack, by what each instruction takes and leaves.
 *
 * A browser's first compiler keeps a copy of all locals and of the whole stack for every block: some
 * ten thousand values on the stack of as many blocks take gigabytes, in a module of 80 KB. Only the
 * number matters here, so what is rare is taken for more than it is, and never for less.
 *
 * Source: https://webassembly.github.io/spec/core/appendix/index-instructions.html
 */

import type { BinaryReader } from "../abi/binary-reader.ts";
import type { ModuleLayout, WrittenFunctionType } from "../abi/module-layout.ts";
import { blockTypeAt, leaves, OP, operandAt } from "./instructions.ts";

/** What a module's types say, as far as instructions refer to it. */
export type ModuleTypes = Pick<ModuleLayout, "types" | "functions" | "tags">;

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
    0xfb, // GC: objects are made of as many values as they have fields, one at least
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

interface Block {
  /** What lies below it. */
  readonly base: number;
  readonly params: number;
  readonly results: number;
}

export class OperandStack {
  readonly #module: ModuleTypes;
  readonly #blocks: Block[] = [{ base: 0, params: 0, results: 0 }];
  /** The most values that an exception brings. */
  readonly #caught: number;
  #height = 0;
  #atBlocks = 0;

  constructor(module: ModuleTypes) {
    this.#module = module;
    this.#caught = module.tags.reduce((most, tag) => Math.max(most, tag?.params.length ?? 0), 0);
  }

  /** What lay on the stack at each block, its own parameters and results included, all together. */
  get atBlocks(): number {
    return this.#atBlocks;
  }

  /**
   * Goes past one instruction.
   *
   * @param reader Stands behind it.
   * @param position Where it begins.
   */
  pass(op: number, reader: BinaryReader, position: number): void {
    const { types, functions } = this.#module;
    switch (op) {
      case OP.if:
        this.#height -= 1;
        this.#open(reader, position);
        break;
      case OP.block:
      case OP.loop:
      case OP.try:
      case OP.tryTable:
        this.#open(reader, position);
        break;
      case OP.else:
        this.#reopen((block) => block.params);
        break;
      case OP.catch:
      case OP.catchAll:
        this.#reopen(() => this.#caught);
        break;
      case OP.end:
      case OP.delegate:
        this.#close();
        break;
      case OP.call:
        this.#call(functions[operandAt(reader, position)]);
        break;
      case OP.callIndirect:
      case OP.callRef:
        this.#height -= 1;
        this.#call(types[operandAt(reader, position)]);
        break;
      default:
        if (leaves(op)) this.#reopen(() => 0);
        else this.#change(changeOf(op));
    }
  }

  #open(reader: BinaryReader, position: number): void {
    const { params, results } = this.#arityAt(reader, position);
    const around = this.#blocks.at(-1)?.base ?? 0;
    const base = Math.max(around, this.#height - params);
    this.#blocks.push({ base, params, results });
    this.#height = base + params;
    this.#atBlocks += this.#height + params + results;
  }

  #close(): void {
    const block = this.#blocks.pop();
    if (block !== undefined) this.#height = block.base + block.results;
  }

  /** Puts the stack to where the block has it, with so many values of its own. */
  #reopen(own: (block: Block) => number): void {
    const block = this.#blocks.at(-1);
    if (block !== undefined) this.#height = block.base + own(block);
  }

  #call(type: WrittenFunctionType | undefined): void {
    this.#change((type?.results.length ?? 0) - (type?.params.length ?? 0));
  }

  /** Behind a branch there is as much to take as anybody wants. */
  #change(change: number): void {
    const base = this.#blocks.at(-1)?.base ?? 0;
    this.#height = Math.max(base, this.#height + change);
  }

  #arityAt(reader: BinaryReader, position: number): { params: number; results: number } {
    const blockType = blockTypeAt(reader, position);
    if (typeof blockType === "string")
      return { params: 0, results: blockType === "nothing" ? 0 : 1 };
    const type = this.#module.types[blockType];
    return { params: type?.params.length ?? 0, results: type?.results.length ?? 0 };
  }
}

function changeOf(op: number): number {
  const changes = op > 0xff ? PREFIXED.get(op >> 16) : PLAIN;
  return changes?.[op & 0xffff] ?? 0;
}

function table(last: number, spans: readonly Span[]): Int8Array {
  const changes = new Int8Array(last + 1);
  for (const [first, end, change] of spans) changes.fill(change, first, end + 1);
  return changes;
}
