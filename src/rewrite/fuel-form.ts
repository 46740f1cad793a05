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
import { type FunctionBody, isBulk, type Site, WAYPOINT } from "./function-body.ts";
import { OP } from "./instructions.ts";
import { encodeS64, encodeU32, I32, I64, type ModuleBuilder } from "./module-builder.ts";

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

export class FuelForm implements Form {
  readonly #bytes: Uint8Array;
  readonly #builder: ModuleBuilder;
  readonly #getGlobal: readonly number[];
  readonly #setGlobal: readonly number[];
  readonly #refillTable: number;

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
    const charge = (cost: number) => [
      ...[...this.#getGlobal, I64_CONST, ...encodeS64(cost), I64_SUB, ...this.#setGlobal],
      ...[...this.#getGlobal, I64_CONST, 0, I64_LESS, OP.if, 0x40],
      ...[...this.#getGlobal, ...this.#callRefill(), ...this.#setGlobal, OP.end],
    ];
    writer.bytes(this.#bytes.subarray(body.start, body.codeStart));
    writer.bytes(charge(body.cost));
    this.#writeSites(body, writer, { charge, save: [], load: [] });
    writer.bytes(this.#bytes.subarray(body.sites.at(-1)?.end ?? body.codeStart, body.end));
  }

  #writeWithLocal(body: FunctionBody, type: WrittenFunctionType, writer: BinaryWriter): void {
    const local = encodeU32(type.params.length + body.locals);
    const save = [LOCAL.get, ...local, ...this.#setGlobal];
    const load = [...this.#getGlobal, LOCAL.set, ...local];
    const charge = (cost: number) => [
      ...[LOCAL.get, ...local, I64_CONST, ...encodeS64(cost), I64_SUB, LOCAL.tee, ...local],
      ...[I64_CONST, 0, I64_LESS, OP.if, 0x40],
      ...[LOCAL.get, ...local, ...this.#callRefill(), LOCAL.set, ...local, OP.end],
    ];
    writer.u32(body.localGroups + 1);
    writer.bytes(this.#bytes.subarray(body.localsStart, body.codeStart));
    writer.bytes([1, I64, ...load, ...charge(body.cost)]);
    // In a block of its own: whoever branches out of the function comes by here.
    const results = this.#bytes.subarray(type.resultsStart, type.resultsEnd);
    writer.bytes([OP.block, ...encodeS64(this.#builder.type([], results))]);
    this.#writeSites(body, writer, { charge, save, load });
    writer.bytes(this.#bytes.subarray(body.sites.at(-1)?.end ?? body.codeStart, body.end));
    writer.bytes([...save, OP.end]);
  }

  /** Writes the code up to the end of the last site. */
  #writeSites(
    body: FunctionBody,
    writer: BinaryWriter,
    code: {
      charge(cost: number): readonly number[];
      readonly save: readonly number[];
      readonly load: readonly number[];
    },
  ): void {
    let copied = body.codeStart;
    for (const site of body.sites) {
      writer.bytes(this.#bytes.subarray(copied, site.start));
      copied = site.end;
      const instruction = this.#bytes.subarray(site.start, site.end);
      if (site.op === OP.loop || site.op === WAYPOINT) {
        writer.bytes(instruction);
        writer.bytes(code.charge(site.cost));
      } else if (isBulk(site.op)) {
        this.#writeBulk(site, instruction, writer, code);
      } else {
        writer.bytes(code.save);
        writer.bytes(instruction);
        if (CALLS.has(site.op)) writer.bytes(code.load);
      }
    }
  }

  #writeBulk(
    site: Site,
    instruction: Uint8Array,
    writer: BinaryWriter,
    { save, load }: { readonly save: readonly number[]; readonly load: readonly number[] },
  ): void {
    const { callee, isInstead } = replaceBulk(this.#builder, this.#bytes, site, this.#charge);
    writer.bytes([...save, OP.call, ...encodeU32(callee), ...load]);
    if (!isInstead) writer.bytes(instruction);
  }

  /** (what is left, below 0) -> what is left. Traps when there is no more. */
  #callRefill(): readonly number[] {
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
