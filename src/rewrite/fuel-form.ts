/**
 * Checks that subtract the cost of the code that follows from the fuel, and ask the host for more when
 * it is used up.
 *
 * A unit is an instruction. The entry of a function and each iteration of a loop pay in advance for all
 * their instructions up to the next waypoint, with those of branches that are not taken: so the same run
 * costs the same everywhere. Bulk operations also pay a unit for every eight bytes or elements.
 *
 * The fuel is in a global. A function with loops keeps it in a local while no other function runs. One
 * that throws or catches can be left at many points, so it uses the global alone.
 */

import type { WrittenFunctionType } from "../abi/type-section.ts";
import type { Charge } from "./bulk.ts";
import { FORM_KIND, type Form } from "./form.ts";
import { encodeU32, I32, I64, type ModuleBuilder } from "./module-builder.ts";
import { OP } from "./opcodes.ts";

/**
 * The refill table holds two functions of the host, both `() -> i32`. The first is called when the fuel
 * is used up and returns one of {@link REFILL}. The second may suspend the guest, and is called when
 * the first asks for it. They are separate because a suspending function cannot be called everywhere.
 */
export const REFILL_TABLE_SIZE = 2;

/** The result of a refill: the guest traps, continues, or continues after a call of the second function. */
export const REFILL = { refused: 0, given: 1, pause: 2 } as const;

/** 2^3 bytes or elements are a unit: what a processor moves in one instruction. */
const UNITS_SHIFT = 3;

const I32_CONST = 0x41;
const I32_EQUAL = 0x46;
const I64_CONST = 0x42;
const I64_SUB = 0x7d;
const I64_LESS = 0x53;
const I64_SHIFT_RIGHT = 0x88;
const I64_EXTEND_I32 = 0xad;
const GLOBAL = { get: 0x23, set: 0x24 };
const LOCAL = { get: 0x20, set: 0x21, tee: 0x22 };

export class FuelForm implements Form {
  readonly kind: number = FORM_KIND.fuel;
  readonly check: readonly number[] = [];
  readonly fuel: number;
  readonly #bytes: Uint8Array;
  readonly #builder: ModuleBuilder;
  readonly #getGlobal: readonly number[];
  readonly #setGlobal: readonly number[];
  readonly #refillTable: number;

  /**
   * @param fuel The index of the global with the fuel, an i64.
   * @param refillTable The index of the refill table.
   */
  constructor(bytes: Uint8Array, builder: ModuleBuilder, fuel: number, refillTable: number) {
    this.#bytes = bytes;
    this.#builder = builder;
    this.fuel = fuel;
    this.#getGlobal = [GLOBAL.get, ...encodeU32(fuel)];
    this.#setGlobal = [GLOBAL.set, ...encodeU32(fuel)];
    this.#refillTable = refillTable;
  }

  blockType(type: WrittenFunctionType): number {
    return this.#builder.type([], this.#bytes.subarray(type.resultsStart, type.resultsEnd));
  }

  /** Adds (fuel below 0) -> fuel, which traps when it is refused more. */
  refill(): number {
    const code = () => {
      const type = encodeU32(this.#builder.type([], [1, I32]));
      const callIndirect = [OP.callIndirect, ...type, ...encodeU32(this.#refillTable)];
      return [
        ...[LOCAL.get, 0, ...this.#setGlobal],
        ...[I32_CONST, 0, ...callIndirect, LOCAL.tee, 1],
        ...[I32_CONST, REFILL.refused, I32_EQUAL, OP.if, 0x40, OP.unreachable, OP.end],
        ...[LOCAL.get, 1, I32_CONST, REFILL.pause, I32_EQUAL],
        ...[OP.if, 0x40, I32_CONST, 1, ...callIndirect, 0x1a, OP.end], // drop
        ...this.#getGlobal,
      ];
    };
    return this.#builder.helper("refill", [I64], [I64], code, [1, 1, I32]);
  }

  /** (length) -> length, charged. */
  readonly charge: Charge = (type) => {
    const name = type === I32 ? "charge i32" : "charge i64";
    const extend = type === I32 ? [I64_EXTEND_I32] : [];
    return this.#builder.helper(name, [type], [type], () => [
      ...[...this.#getGlobal, LOCAL.get, 0, ...extend],
      ...[I64_CONST, UNITS_SHIFT, I64_SHIFT_RIGHT, I64_SUB, ...this.#setGlobal],
      ...[...this.#getGlobal, I64_CONST, 0, I64_LESS, OP.if, 0x40],
      ...[...this.#getGlobal, OP.call, ...encodeU32(this.refill()), ...this.#setGlobal, OP.end],
      ...[LOCAL.get, 0],
    ]);
  };
}
