/**
 * Finds the places in a function's body that a rewriter has something to do at.
 *
 * All code of a module goes through here while its plugin loads, so it is read once, and no object is
 * made for an instruction.
 */

import { BinaryReader } from "../abi/binary-reader.ts";
import { type ModuleLayout, readValueType } from "../abi/module-layout.ts";
import {
  isBulk,
  OP,
  readBlockType,
  readInstruction,
  SHAPE,
  shapeOf,
  skipHandlers,
} from "./instructions.ts";
import { OperandStack } from "./operand-stack.ts";
import { PathLength } from "./path-length.ts";

/** What a module's types say, as far as instructions refer to it. */
export type ModuleTypes = Pick<ModuleLayout, "types" | "functions" | "tags">;

/** Stands for no instruction: a place that the path to, from the last check, is long. */
export const WAYPOINT = -1;

/** In place of a site: whoever enters the function. */
const ENTRY = -1;

/** Instructions of interest and {@link WAYPOINT}s, in their order, each a number in several lists. */
export class Sites {
  count = 0;
  readonly ops: number[] = [];
  /** Where each starts and ends in the binary. */
  readonly starts: number[] = [];
  readonly ends: number[] = [];
  /**
   * For a loop: how many instructions one turn takes at most, inner loops not counted. For a waypoint:
   * how many there are from there to the end of its block.
   */
  readonly costs: number[] = [];

  add(op: number, start: number, end: number): number {
    const site = this.count++;
    this.ops[site] = op;
    this.starts[site] = start;
    this.ends[site] = end;
    this.costs[site] = 0;
    return site;
  }
}

/** What is found in the body of one function: good until the next is scanned. */
export interface FunctionBody {
  /** The body in the binary: its locals, and the code from `codeStart` to `end`, the last `end` included. */
  readonly start: number;
  readonly codeStart: number;
  readonly end: number;
  /** How many locals it declares, and in how many groups; parameters are not among them. */
  readonly locals: number;
  readonly localGroups: number;
  /** Where its groups of locals begin, after their number. */
  readonly localsStart: number;
  /** Blocks, loops, conditions and tries, without the body itself. */
  readonly controlFrames: number;
  /** How many values lay on the stack at each of those, all together. */
  readonly stackedValues: number;
  /** How many instructions lie outside all loops, up to the first waypoint. */
  readonly cost: number;
  readonly hasCalls: boolean;
  /** Whether it throws or catches. */
  readonly hasExceptions: boolean;
  readonly sites: Sites;
}

/** In a byte of an integer: another one follows. */
const CONTINUES = 0x80;
/** The exponent of 16 bytes. What is larger has flags in it. */
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
  cost = 0;
  hasCalls = false;
  hasExceptions = false;
  readonly sites: Sites = new Sites();
  readonly #reader: BinaryReader;
  /** How much more a call leaves on the stack than it takes, by function and by type. */
  readonly #functionChanges: Int32Array;
  readonly #typeChanges: Int32Array;
  readonly #types: ModuleTypes["types"];
  /** The most values that an exception brings. */
  readonly #maxCaught: number;
  readonly #path: PathLength = new PathLength();
  readonly #stack: OperandStack = new OperandStack();
  /** For each open block, who pays for its instructions: the last check before them that they always follow. */
  readonly #payers: number[] = [];
  #depth = 0;
  #payer = ENTRY;
  /** How many instructions were read, and how many of those were charged. */
  #instructions = 0;
  #paid = 0;

  constructor(bytes: Uint8Array, { types, functions, tags }: ModuleTypes) {
    this.#reader = new BinaryReader(bytes);
    this.#types = types;
    this.#functionChanges = Int32Array.from(functions, changeOfCall);
    this.#typeChanges = Int32Array.from(types, changeOfCall);
    this.#maxCaught = tags.reduce((most, tag) => Math.max(most, tag?.params.length ?? 0), 0);
  }

  get stackedValues(): number {
    return this.#stack.atBlocks;
  }

  /**
   * Scans one body, from its first byte after its size to its end.
   *
   * @throws {TypeError} when it has a form that is not known here.
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
    this.cost = 0;
    this.hasCalls = false;
    this.hasExceptions = false;
    this.sites.count = 0;
    this.#path.reset();
    this.#stack.reset();
    this.#payers[0] = ENTRY;
    this.#payer = ENTRY;
    this.#depth = 1;
    this.#paid = 0;
    this.#instructions = 0;
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
    let { position } = reader;
    while (this.#depth > 0) {
      const start = position;
      if (start >= end) throw reader.tooShort(end);
      const op = bytes[position++] as number;
      if (path.isLong) this.#waypoint(start);
      this.#instructions += 1;
      const shape = shapeOf(op);
      // An integer of more than ten bytes is not looked for: with it the engine refuses the module.
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

  /** Passes what branches, calls, or opens or closes a block, and what is rare. The reader is behind `op`. */
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
        // Its head is checked, whoever gets there.
        path.check();
        this.#open(op);
        this.#pay(this.sites.add(op, start, reader.position));
        this.#payers[this.#depth - 1] = this.#payer;
        break;
      case OP.else:
        path.pass(op);
        path.enterElse();
        stack.enterElse();
        this.#payAsAround();
        break;
      case OP.catch:
      case OP.catchAll:
        if (op === OP.catch) reader.skipLeb();
        path.pass(op);
        path.enterCatch();
        stack.enterCatch(this.#maxCaught);
        this.hasExceptions = true;
        this.#payAsAround();
        break;
      case OP.delegate:
      case OP.end:
        if (op === OP.delegate) reader.skipLeb();
        path.pass(op);
        path.close();
        stack.close();
        this.#depth -= 1;
        this.#pay(this.#payers[this.#depth - 1] ?? ENTRY);
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
    this.#payers[this.#depth++] = this.#payer;
  }

  #call(op: number, start: number, change = 0): void {
    this.#path.pass(op);
    this.#path.call();
    this.#stack.change(change);
    this.sites.add(op, start, this.#reader.position);
    this.hasCalls = true;
  }

  /** Nothing goes on behind the instruction before. */
  #leave(): void {
    this.#path.leave();
    this.#stack.leave();
  }

  #waypoint(position: number): void {
    this.#path.check();
    this.#pay(this.sites.add(WAYPOINT, position, position));
    this.#payers[this.#depth - 1] = this.#payer;
  }

  /** Code behind `else` or `catch` is paid for like the block that it is in. */
  #payAsAround(): void {
    const around = this.#payers[this.#depth - 2] ?? ENTRY;
    this.#payers[this.#depth - 1] = around;
    this.#pay(around);
  }

  /** Charges the payer so far for what was read, and goes on with another one. */
  #pay(next: number): void {
    const cost = this.#instructions - this.#paid;
    if (this.#payer === ENTRY) this.cost += cost;
    else (this.sites.costs[this.#payer] as number) += cost;
    this.#payer = next;
    this.#paid = this.#instructions;
  }
}

function changeOfCall(type: ModuleTypes["types"][number]): number {
  return type === undefined ? 0 : type.results.length - type.params.length;
}
