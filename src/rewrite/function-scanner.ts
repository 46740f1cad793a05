/**
 * Finds the places in a function's body where the rewriter inserts something.
 *
 * The whole code of a module passes through here while its plugin loads, so it is read once and no
 * object is created per instruction.
 */

import { BinaryReader } from "../abi/binary-reader.ts";
import type { ModuleLayout } from "../abi/module-layout.ts";
import { readValueType } from "../abi/value-types.ts";
import { type FunctionBody, Sites, WAYPOINT } from "./function-body.ts";
import { InstructionCosts } from "./instruction-costs.ts";
import { readBlockType, readInstruction, SHAPE, shapeOf, skipHandlers } from "./instructions.ts";
import { isBulk, OP } from "./opcodes.ts";
import { OperandStack } from "./operand-stack.ts";
import { PathLength } from "./path-length.ts";

/** The types of a module that its instructions refer to. */
export type ModuleTypes = Pick<ModuleLayout, "types" | "functions" | "tags">;

/** In a byte of a LEB128 integer: another byte follows. */
const CONTINUES = 0x80;
/** The exponent of 16 bytes. A larger value contains flags. */
const MAX_ALIGNMENT = 4;
/** The smallest opcode with a prefix, as in `OP`. */
const FIRST_PREFIXED = 0x100;

/** Scans the bodies of one module's functions. */
export class FunctionScanner implements FunctionBody {
  start = 0;
  codeStart = 0;
  end = 0;
  locals = 0;
  localGroups = 0;
  localsStart = 0;
  controlFrames = 0;
  hasCalls = false;
  hasExceptions = false;
  readonly sites: Sites = new Sites();
  readonly #reader: BinaryReader;
  /** By how much a call changes the height of the stack, by function and by type. */
  readonly #functionChanges: Int32Array;
  readonly #typeChanges: Int32Array;
  readonly #types: ModuleTypes["types"];
  /** The maximum number of values that an exception carries. */
  readonly #maxCaught: number;
  readonly #path: PathLength = new PathLength();
  readonly #stack: OperandStack = new OperandStack();
  readonly #costs: InstructionCosts = new InstructionCosts(this.sites);
  #depth = 0;

  constructor(bytes: Uint8Array, { types, functions, tags }: ModuleTypes) {
    this.#reader = new BinaryReader(bytes);
    this.#types = types;
    this.#functionChanges = Int32Array.from(functions, changeOfCall);
    this.#typeChanges = Int32Array.from(types, changeOfCall);
    this.#maxCaught = tags.reduce((most, tag) => Math.max(most, tag?.params.length ?? 0), 0);
  }

  get cost(): number {
    return this.#costs.atEntry;
  }

  get stackedValues(): number {
    return this.#stack.atBlocks;
  }

  /**
   * Scans one body, from its first byte after its size to its end.
   *
   * @throws {TypeError} when it contains an unknown instruction or type.
   */
  scan(start: number, end: number): FunctionBody {
    this.start = start;
    this.end = end;
    this.#reset();
    this.#scanLocals();
    this.#scanCode();
    return this;
  }

  #reset(): void {
    this.controlFrames = 0;
    this.hasCalls = false;
    this.hasExceptions = false;
    this.sites.count = 0;
    this.#path.reset();
    this.#stack.reset();
    this.#costs.reset();
    this.#depth = 1;
  }

  #scanLocals(): void {
    const reader = this.#reader;
    reader.position = this.start;
    this.localGroups = reader.u32();
    this.localsStart = reader.position;
    this.locals = 0;
    for (let left = this.localGroups; left > 0; left -= 1) {
      this.locals += reader.u32();
      readValueType(reader);
    }
    this.codeStart = reader.position;
  }

  #scanCode(): void {
    const reader = this.#reader;
    const { bytes } = reader;
    const { end } = this;
    const path = this.#path;
    const stack = this.#stack;
    const costs = this.#costs;
    let { position } = reader;
    while (this.#depth > 0) {
      const start = position;
      if (start >= end) throw reader.tooShort(end);
      const op = bytes[position++] as number;
      if (path.isLong) this.#waypoint(start);
      costs.pass();
      const shape = shapeOf(op);
      // Integers of more than ten bytes are not detected: the engine refuses such a module.
      if (shape === SHAPE.integer) while ((bytes[position++] as number) >= CONTINUES);
      else if (shape === SHAPE.memory && (bytes[position] as number) <= MAX_ALIGNMENT) {
        position += 1;
        while ((bytes[position++] as number) >= CONTINUES);
      } else if (shape !== SHAPE.alone) {
        reader.position = position;
        this.#passOther(op, start);
        position = reader.position;
        continue;
      }
      path.pass(op);
      stack.pass(op);
    }
    reader.position = position;
    if (position !== end) throw reader.malformed("code after the end of a function", position);
  }

  /** Passes an instruction that branches, calls, opens or closes a block, or is rare. The reader is after `op`. */
  #passOther(op: number, start: number): void {
    const path = this.#path;
    const stack = this.#stack;
    const reader = this.#reader;
    switch (op) {
      case OP.if:
        path.pass(op);
        stack.change(-1);
        this.#open(op);
        break;
      case OP.block:
      case OP.try:
        path.pass(op);
        this.hasExceptions ||= op === OP.try;
        this.#open(op);
        break;
      case OP.tryTable:
        path.pass(op);
        path.branchAnywhere();
        this.hasExceptions = true;
        this.#open(op);
        skipHandlers(reader);
        break;
      case OP.loop:
        // Its head has a check on every path to it.
        path.check();
        this.#open(op);
        this.#costs.check(this.sites.add(op, start, reader.position));
        break;
      case OP.else:
        path.pass(op);
        path.enterElse();
        stack.enterElse();
        this.#costs.enterArm();
        break;
      case OP.catch:
      case OP.catchAll:
        if (op === OP.catch) reader.skipLeb();
        path.pass(op);
        path.enterCatch();
        stack.enterCatch(this.#maxCaught);
        this.hasExceptions = true;
        this.#costs.enterArm();
        break;
      case OP.delegate:
      case OP.end:
        if (op === OP.delegate) reader.skipLeb();
        path.pass(op);
        path.close();
        stack.close();
        this.#depth -= 1;
        this.#costs.close();
        break;
      case OP.brIf:
      case OP.brOnNull:
      case OP.brOnNonNull:
        path.pass(op);
        path.branch(reader.u32());
        stack.pass(op);
        break;
      case OP.br:
        path.pass(op);
        path.branch(reader.u32());
        this.#leave();
        break;
      case OP.brTable:
        path.pass(op);
        for (let left = reader.u32(); left >= 0; left -= 1) path.branch(reader.u32());
        this.#leave();
        break;
      case OP.return:
        this.sites.add(op, start, reader.position);
        this.#leave();
        break;
      case OP.unreachable:
        this.#leave();
        break;
      case OP.throw:
      case OP.rethrow:
      case OP.throwRef:
        if (op !== OP.throwRef) reader.skipLeb();
        this.hasExceptions = true;
        this.#leave();
        break;
      case OP.call:
        this.#call(op, start, this.#functionChanges[reader.u32()]);
        break;
      case OP.callIndirect: {
        const change = this.#typeChanges[reader.u32()];
        reader.skipLeb();
        stack.change(-1);
        this.#call(op, start, change);
        break;
      }
      case OP.callRef: {
        const change = this.#typeChanges[reader.u32()];
        stack.change(-1);
        this.#call(op, start, change);
        break;
      }
      case OP.returnCall:
      case OP.returnCallRef:
      case OP.returnCallIndirect:
        reader.skipLeb();
        if (op === OP.returnCallIndirect) reader.skipLeb();
        this.sites.add(op, start, reader.position);
        this.hasCalls = true;
        this.#leave();
        break;
      default:
        this.#passRare(start);
    }
  }

  #passRare(start: number): void {
    const path = this.#path;
    const reader = this.#reader;
    reader.position = start;
    const op = readInstruction(reader);
    if (op < FIRST_PREFIXED) path.pass(op);
    else path.passPrefixed();
    this.#stack.pass(op);
    if (op === OP.brOnCast || op === OP.brOnCastFail) path.branchAnywhere();
    if (isBulk(op)) this.sites.add(op, start, reader.position);
  }

  #open(op: number): void {
    const blockType = readBlockType(this.#reader);
    const type = typeof blockType === "number" ? this.#types[blockType] : undefined;
    const params = type?.params.length ?? 0;
    const results = blockType === "value" ? 1 : (type?.results.length ?? 0);
    this.#path.open(op);
    this.#stack.open(params, results);
    this.controlFrames += 1;
    this.#costs.open();
    this.#depth += 1;
  }

  #call(op: number, start: number, change = 0): void {
    this.#path.pass(op);
    this.#path.call();
    this.#stack.change(change);
    this.sites.add(op, start, this.#reader.position);
    this.hasCalls = true;
  }

  /** The code after the last instruction is unreachable. */
  #leave(): void {
    this.#path.leave();
    this.#stack.leave();
  }

  #waypoint(position: number): void {
    this.#path.check();
    this.#costs.check(this.sites.add(WAYPOINT, position, position));
  }
}

function changeOfCall(type: ModuleTypes["types"][number]): number {
  return type === undefined ? 0 : type.results.length - type.params.length;
}
