/**
 * Checks that subtract the cost of the code that follows from the fuel, and ask the host for more when
 * it is used up.
 *
 * A unit is an instruction. The entry of a function and each iteration of a loop pay in advance for all
 * their instructions up to the next waypoint, with those of branches that are not taken: so the same run
 * costs the same everywhere. Bulk operations also pay a unit for every eight bytes or elements.
 *
 * The fuel is kept in a global, and in a local while no other function runs. A function that throws or
 * catches can be left at many points, so it uses the global alone.
 */

import type { WrittenFunctionType } from "../abi/type-section.ts";
import type { BinaryWriter } from "./binary-writer.ts";
import type { Charge } from "./bulk.ts";
import { type Checks, writeCheckedCode } from "./checked-code.ts";
import type { Form } from "./form.ts";
import type { FunctionBody } from "./function-body.ts";
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

const IF_BELOW_0 = [I64_CONST, 0, I64_LESS, OP.if, 0x40];

/** Encoded code that reads and writes the fuel, in the global or in a local. */
interface Counter {
  /** () -> fuel. */
  readonly get: readonly number[];
  /** (fuel) -> fuel, stored. */
  readonly update: readonly number[];
  /** (fuel) -> (), stored. */
  readonly set: readonly number[];
}

export class FuelForm implements Form {
  readonly #bytes: Uint8Array;
  readonly #builder: ModuleBuilder;
  readonly #getGlobal: readonly number[];
  readonly #setGlobal: readonly number[];
  readonly #refillTable: number;
  readonly #checksOfGlobal: Checks;
  readonly #checksOfLocals: Map<number, Checks> = new Map();
  readonly #blockTypes: Map<WrittenFunctionType, number> = new Map();
  #refill: readonly number[] | undefined;

  /**
   * @param fuel The index of the global with the fuel, an i64.
   * @param refillTable The index of the refill table.
   */
  constructor(bytes: Uint8Array, builder: ModuleBuilder, fuel: number, refillTable: number) {
    this.#bytes = bytes;
    this.#builder = builder;
    this.#getGlobal = [GLOBAL.get, ...encodeU32(fuel)];
    this.#setGlobal = [GLOBAL.set, ...encodeU32(fuel)];
    this.#refillTable = refillTable;
    const counter = {
      get: this.#getGlobal,
      update: [...this.#setGlobal, ...this.#getGlobal],
      set: this.#setGlobal,
    };
    this.#checksOfGlobal = this.#checks(counter, { save: [], load: [] });
  }

  writeBody(body: FunctionBody, type: WrittenFunctionType, writer: BinaryWriter): void {
    if (body.hasExceptions) this.#writeWithGlobal(body, writer);
    else this.#writeWithLocal(body, type, writer);
  }

  #writeWithGlobal(body: FunctionBody, writer: BinaryWriter): void {
    const checks = this.#checksOfGlobal;
    writer.copy(this.#bytes, body.start, body.codeStart);
    checks.write(body.cost, writer);
    writeCheckedCode(this.#bytes, body, checks, this.#builder, writer);
  }

  #writeWithLocal(body: FunctionBody, type: WrittenFunctionType, writer: BinaryWriter): void {
    const checks = this.#checksOfLocal(type.params.length + body.locals);
    writer.u32(body.localGroups + 1);
    writer.copy(this.#bytes, body.localsStart, body.codeStart);
    writer.byte(1);
    writer.byte(I64);
    writer.bytes(checks.load);
    checks.write(body.cost, writer);
    // In a block of its own, so that every branch out of the function passes the code after it.
    writer.byte(OP.block);
    writer.s64(this.#blockType(type));
    writeCheckedCode(this.#bytes, body, checks, this.#builder, writer);
    writer.bytes(checks.save);
    writer.byte(OP.end);
  }

  /** Makes checks on a counter. */
  #checks(counter: Counter, around: Pick<Checks, "save" | "load">): Checks {
    const write = (cost: number, writer: BinaryWriter) => this.#writeCheck(cost, counter, writer);
    return { ...around, write, charge: this.#charge };
  }

  /** Writes code that charges for some instructions. */
  #writeCheck(cost: number, { get, update, set }: Counter, writer: BinaryWriter): void {
    writer.bytes(get);
    writer.byte(I64_CONST);
    writer.s64(cost);
    writer.byte(I64_SUB);
    writer.bytes(update);
    writer.bytes(IF_BELOW_0);
    writer.bytes(get);
    writer.bytes(this.#callRefill());
    writer.bytes(set);
    writer.byte(OP.end);
  }

  /** Checks on the fuel in the local of an index. */
  #checksOfLocal(index: number): Checks {
    const known = this.#checksOfLocals.get(index);
    if (known !== undefined) return known;
    const local = encodeU32(index);
    const counter = {
      get: [LOCAL.get, ...local],
      update: [LOCAL.tee, ...local],
      set: [LOCAL.set, ...local],
    };
    const made = this.#checks(counter, {
      save: [LOCAL.get, ...local, ...this.#setGlobal],
      load: [...this.#getGlobal, LOCAL.set, ...local],
    });
    this.#checksOfLocals.set(index, made);
    return made;
  }

  /** The index of the type of a block with the results of a function. */
  #blockType(type: WrittenFunctionType): number {
    let index = this.#blockTypes.get(type);
    if (index === undefined) {
      index = this.#builder.type([], this.#bytes.subarray(type.resultsStart, type.resultsEnd));
      this.#blockTypes.set(type, index);
    }
    return index;
  }

  /** (fuel below 0) -> fuel. Traps when it is refused more. */
  #callRefill(): readonly number[] {
    this.#refill ??= this.#addRefill();
    return this.#refill;
  }

  #addRefill(): readonly number[] {
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
    const index = this.#builder.helper("refill", [I64], [I64], code, [1, 1, I32]);
    return [OP.call, ...encodeU32(index)];
  }

  /** (length) -> length, charged. */
  readonly #charge: Charge = (type) => {
    const name = type === I32 ? "charge i32" : "charge i64";
    const extend = type === I32 ? [I64_EXTEND_I32] : [];
    return this.#builder.helper(name, [type], [type], () => [
      ...[...this.#getGlobal, LOCAL.get, 0, ...extend],
      ...[I64_CONST, UNITS_SHIFT, I64_SHIFT_RIGHT, I64_SUB, ...this.#setGlobal],
      ...[...this.#getGlobal, I64_CONST, 0, I64_LESS, OP.if, 0x40],
      ...[...this.#getGlobal, ...this.#callRefill(), ...this.#setGlobal, OP.end],
      ...[LOCAL.get, 0],
    ]);
  };
}
