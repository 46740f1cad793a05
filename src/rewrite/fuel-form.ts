/**
 * Checks that count what a guest does, and ask the host for more when it has done what it may.
 *
 * A unit is an instruction. Whoever enters a function, or a turn of a loop, pays for all instructions
 * in it beforehand, up to the next waypoint, those of branches that are not taken included: so the
 * same run costs the same everywhere. Bulk operations pay a unit for each eight bytes or elements besides.
 *
 * The count is kept in a global, and in a local while no other function runs. A function that throws
 * or catches is left in ways that are hard to follow, so there it is kept in the global alone.
 */

import type { WrittenFunctionType } from "../abi/module-layout.ts";
import type { BinaryWriter } from "./binary-writer.ts";
import { type Charge, replaceBulk } from "./bulk.ts";
import type { Form } from "./form.ts";
import { type FunctionBody, WAYPOINT } from "./function-body.ts";
import { isBulk, OP } from "./instructions.ts";
import { encodeU32, I32, I64, type ModuleBuilder } from "./module-builder.ts";

/**
 * What a host puts into the refill table, both `() -> i32`: what is called when the fuel is used up,
 * and what may suspend the guest, where the first asks for that. The first answers with one of
 * {@link REFILL}. They are two because what can suspend cannot be called where nothing may.
 */
export const REFILL_TABLE_SIZE = 2;

/** What came of a refill: the guest traps, goes on, or goes on after a call of the second function. */
export const REFILL = { refused: 0, given: 1, pause: 2 } as const;

/** 2^3 bytes or elements are a unit: what a processor moves at once. */
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

/** Code that works on the count, in the global or in a local. */
interface Counter {
  /** () -> what is left. */
  readonly get: readonly number[];
  /** (what is left) -> the same. */
  readonly update: readonly number[];
  /** (what is left) -> (). */
  readonly set: readonly number[];
  /** From the local to the global, and back. */
  readonly save: readonly number[];
  readonly load: readonly number[];
}

export class FuelForm implements Form {
  readonly #bytes: Uint8Array;
  readonly #builder: ModuleBuilder;
  readonly #getGlobal: readonly number[];
  readonly #setGlobal: readonly number[];
  readonly #refillTable: number;
  #counter: Counter | undefined;
  readonly #localCounters: Map<number, Counter> = new Map();
  readonly #blockTypes: Map<WrittenFunctionType, number> = new Map();
  #refill: readonly number[] | undefined;

  /**
   * @param fuel The index of the global with what is left, an i64.
   * @param refillTable The index of the table with the functions to call when it is below 0.
   */
  constructor(bytes: Uint8Array, builder: ModuleBuilder, fuel: number, refillTable: number) {
    this.#bytes = bytes;
    this.#builder = builder;
    this.#getGlobal = [GLOBAL.get, ...encodeU32(fuel)];
    this.#setGlobal = [GLOBAL.set, ...encodeU32(fuel)];
    this.#refillTable = refillTable;
  }

  writeBody(body: FunctionBody, type: WrittenFunctionType, writer: BinaryWriter): void {
    if (body.hasExceptions) this.#writeWithGlobal(body, writer);
    else this.#writeWithLocal(body, type, writer);
  }

  #writeWithGlobal(body: FunctionBody, writer: BinaryWriter): void {
    const bytes = this.#bytes;
    this.#counter ??= {
      get: this.#getGlobal,
      update: [...this.#setGlobal, ...this.#getGlobal],
      set: this.#setGlobal,
      save: [],
      load: [],
    };
    writer.copy(bytes, body.start, body.codeStart);
    this.#writeCharge(body.cost, this.#counter, writer);
    this.#writeSites(body, this.#counter, writer);
  }

  #writeWithLocal(body: FunctionBody, type: WrittenFunctionType, writer: BinaryWriter): void {
    const index = type.params.length + body.locals;
    const counter = this.#localCounter(index);
    writer.u32(body.localGroups + 1);
    writer.copy(this.#bytes, body.localsStart, body.codeStart);
    writer.byte(1);
    writer.byte(I64);
    writer.bytes(counter.load);
    this.#writeCharge(body.cost, counter, writer);
    // In a block of its own: whoever branches out of the function comes by here.
    writer.byte(OP.block);
    writer.s64(this.#blockType(type));
    this.#writeSites(body, counter, writer);
    writer.bytes(counter.save);
    writer.byte(OP.end);
  }

  /** Code that charges for some instructions. */
  #writeCharge(cost: number, { get, update, set }: Counter, writer: BinaryWriter): void {
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

  /** Writes the code from after the locals to its end, with what goes before and behind sites. */
  #writeSites(body: FunctionBody, counter: Counter, writer: BinaryWriter): void {
    const bytes = this.#bytes;
    const { ops, starts, ends, costs, count } = body.sites;
    let copied = body.codeStart;
    for (let site = 0; site < count; site += 1) {
      const op = ops[site] as number;
      const end = ends[site] as number;
      if (op === OP.loop || op === WAYPOINT) {
        writer.copy(bytes, copied, end);
        this.#writeCharge(costs[site] as number, counter, writer);
        copied = end;
      } else if (isBulk(op)) {
        writer.copy(bytes, copied, starts[site] as number);
        const { callee, isInstead } = replaceBulk(
          this.#builder,
          bytes,
          body.sites,
          site,
          this.#charge,
        );
        writer.bytes(counter.save);
        writer.byte(OP.call);
        writer.u32(callee);
        writer.bytes(counter.load);
        copied = isInstead ? end : (starts[site] as number);
      } else if (counter.save.length > 0) {
        writer.copy(bytes, copied, starts[site] as number);
        writer.bytes(counter.save);
        writer.copy(bytes, starts[site] as number, end);
        if (CALLS.has(op)) writer.bytes(counter.load);
        copied = end;
      }
    }
    writer.copy(bytes, copied, body.end);
  }

  /** The counter in a local of an index. */
  #localCounter(index: number): Counter {
    const known = this.#localCounters.get(index);
    if (known !== undefined) return known;
    const local = encodeU32(index);
    const made = {
      get: [LOCAL.get, ...local],
      update: [LOCAL.tee, ...local],
      set: [LOCAL.set, ...local],
      save: [LOCAL.get, ...local, ...this.#setGlobal],
      load: [...this.#getGlobal, LOCAL.set, ...local],
    };
    this.#localCounters.set(index, made);
    return made;
  }

  /** The index of the type of a block that leaves what a function does. */
  #blockType(type: WrittenFunctionType): number {
    let index = this.#blockTypes.get(type);
    if (index === undefined) {
      index = this.#builder.type([], this.#bytes.subarray(type.resultsStart, type.resultsEnd));
      this.#blockTypes.set(type, index);
    }
    return index;
  }

  /** (what is left, below 0) -> what is left. Traps when there is no more. */
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

  /** (length) -> length, after it is paid for. */
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

/** After these the function goes on. */
const CALLS: ReadonlySet<number> = new Set([OP.call, OP.callIndirect, OP.callRef]);
