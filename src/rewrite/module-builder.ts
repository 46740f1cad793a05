/** What the rewriter adds to a module: always after what is there, so that no index changes. */

import type { SizeLimits } from "../abi/size-limits.ts";
import { BinaryWriter } from "./binary-writer.ts";

/** The encoded types of numbers. */
export const I32 = 0x7f;
export const I64 = 0x7e;

/** The number of definitions in a module, by kind, before anything is added. */
export interface IndexSpaces {
  readonly types: number;
  readonly functions: number;
  readonly tables: readonly SizeLimits[];
  readonly memories: readonly SizeLimits[];
  readonly globals: number;
}

/** An added function: the index of its type, its encoded locals, and its code without the last `end`. */
interface AddedFunction {
  readonly type: number;
  readonly locals: readonly number[];
  code: readonly number[];
}

export class ModuleBuilder {
  readonly spaces: IndexSpaces;
  /** Encoded function types. */
  readonly types: (readonly number[])[] = [];
  readonly functions: AddedFunction[] = [];
  /** Encoded globals. */
  readonly globals: (readonly number[])[] = [];
  /** Encoded tables. */
  readonly tables: (readonly number[])[] = [];
  /** Encoded exports, without their names. */
  readonly exports: { readonly name: string; readonly kind: number; readonly index: number }[] = [];
  readonly #typeIndexes: Map<string, number> = new Map();
  readonly #helpers: Map<string, number> = new Map();

  constructor(spaces: IndexSpaces) {
    this.spaces = spaces;
  }

  /** The index of a function type, which is added on first use. @param results Encoded as a vector. */
  type(params: readonly number[], results: ArrayLike<number>): number {
    const encoded = [0x60, ...encodeU32(params.length), ...params, ...Array.from(results)];
    const key = encoded.join(" ");
    const known = this.#typeIndexes.get(key);
    if (known !== undefined) return known;
    const index = this.spaces.types + this.types.push(encoded) - 1;
    this.#typeIndexes.set(key, index);
    return index;
  }

  /**
   * The index of a function, which is added on first use.
   *
   * @param code Makes its code, which may name other helpers.
   * @param locals Encoded as a vector.
   */
  helper(
    name: string,
    params: readonly number[],
    results: readonly number[],
    code: () => readonly number[],
    locals: readonly number[] = [0],
  ): number {
    const known = this.#helpers.get(name);
    if (known !== undefined) return known;
    const type = this.type(params, [results.length, ...results]);
    const added: AddedFunction = { type, locals, code: [] };
    const index = this.spaces.functions + this.functions.push(added) - 1;
    this.#helpers.set(name, index);
    added.code = code();
    return index;
  }

  /** Adds a mutable global of 0. Returns its index. */
  global(type: typeof I32 | typeof I64): number {
    const zero = type === I32 ? 0x41 : 0x42;
    return this.spaces.globals + this.globals.push([type, 1, zero, 0, 0x0b]) - 1;
  }

  /** Adds a table of a few functions. Returns its index. */
  table(size: number): number {
    const funcref = 0x70;
    return this.spaces.tables.length + this.tables.push([funcref, 1, size, size]) - 1;
  }

  export(name: string, kind: "function" | "table" | "global", index: number): void {
    const kinds = { function: 0, table: 1, global: 3 };
    this.exports.push({ name, kind: kinds[kind], index });
  }
}

/** Encodes an unsigned integer for code. */
export function encodeU32(value: number): readonly number[] {
  const writer = new BinaryWriter(5);
  writer.u32(value);
  return [...writer.written];
}

/** Encodes a constant ≥ 0 for code. */
export function encodeS64(value: number): readonly number[] {
  const writer = new BinaryWriter(10);
  writer.s64(value);
  return [...writer.written];
}
