/** Finds the places in a function's body that a rewriter has something to do at. */

import { BinaryReader } from "../abi/binary-reader.ts";
import { readValueType } from "../abi/module-layout.ts";
import { OP, readInstruction } from "./instructions.ts";
import { type ModuleTypes, OperandStack } from "./operand-stack.ts";
import { PathLength } from "./path-length.ts";

/** Stands for no instruction: a place that the path to, from one check to the next, is long. */
export const WAYPOINT = -1;

/** One instruction of interest, or a {@link WAYPOINT}, and where it is. */
export interface Site {
  readonly op: number;
  readonly start: number;
  readonly end: number;
  /**
   * For a loop: how many instructions one turn takes at most, inner loops not counted. For a waypoint:
   * how many there are from there to the end of its block.
   */
  cost: number;
}

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
  readonly sites: readonly Site[];
}

/** Reads one function's body, from its first byte after its size to its end. */
export function scanFunctionBody(
  bytes: Uint8Array,
  { start, end }: { readonly start: number; readonly end: number },
  module: ModuleTypes,
): FunctionBody {
  const reader = new BinaryReader(bytes, start, end);
  const localGroups = reader.u32();
  const localsStart = reader.position;
  let locals = 0;
  for (let left = localGroups; left > 0; left -= 1) {
    locals += reader.u32();
    readValueType(reader);
  }

  const codeStart = reader.position;
  const sites: Site[] = [];
  const body = siteOf(OP.block, codeStart, codeStart);
  const path = new PathLength();
  const stack = new OperandStack(module);
  /** For each open block, whoever pays for its instructions: the last check before them that they follow from. */
  const payers: Site[] = [body];
  let controlFrames = 0;
  let hasCalls = false;
  let hasExceptions = false;
  for (let payer = payers.at(-1); payer !== undefined; payer = payers.at(-1)) {
    const position = reader.position;
    const op = readInstruction(reader);
    if (path.isLong) {
      payer = siteOf(WAYPOINT, position, position);
      payers[payers.length - 1] = payer;
      sites.push(payer);
      path.check();
    }
    payer.cost += 1;
    path.pass(op, reader, position);
    stack.pass(op, reader, position);
    switch (op) {
      case OP.loop: {
        const loop = siteOf(op, position, reader.position);
        controlFrames += 1;
        sites.push(loop);
        payers.push(loop);
        break;
      }
      case OP.try:
      case OP.tryTable:
        hasExceptions = true;
        controlFrames += 1;
        payers.push(payer);
        break;
      case OP.block:
      case OP.if:
        controlFrames += 1;
        payers.push(payer);
        break;
      case OP.delegate:
      case OP.end:
        payers.pop();
        break;
      case OP.else:
        payers[payers.length - 1] = payers.at(-2) ?? body;
        break;
      case OP.catch:
      case OP.catchAll:
        hasExceptions = true;
        payers[payers.length - 1] = payers.at(-2) ?? body;
        break;
      case OP.throw:
      case OP.rethrow:
      case OP.throwRef:
        hasExceptions = true;
        break;
      case OP.call:
      case OP.callIndirect:
      case OP.callRef:
      case OP.returnCall:
      case OP.returnCallIndirect:
      case OP.returnCallRef:
        hasCalls = true;
        sites.push(siteOf(op, position, reader.position));
        break;
      case OP.return:
        sites.push(siteOf(op, position, reader.position));
        break;
      default:
        if (isBulk(op)) sites.push(siteOf(op, position, reader.position));
    }
  }
  if (!reader.done) throw reader.unknown("code after the end of a function, up to", OP.end);
  const { cost } = body;
  return {
    ...{ start, codeStart, end, locals, localGroups, localsStart },
    ...{ controlFrames, stackedValues: stack.atBlocks, cost, hasCalls, hasExceptions, sites },
  };
}

function siteOf(op: number, start: number, end: number): Site {
  return { op, start, end, cost: 0 };
}

const BULK: ReadonlySet<number> = new Set([
  OP.memoryGrow,
  OP.memoryInit,
  OP.memoryCopy,
  OP.memoryFill,
  OP.tableInit,
  OP.tableCopy,
  OP.tableGrow,
  OP.tableFill,
  OP.arrayNew,
  OP.arrayNewDefault,
  OP.arrayNewData,
  OP.arrayNewElem,
  OP.arrayFill,
  OP.arrayCopy,
  OP.arrayInitData,
  OP.arrayInitElem,
]);

/** Whether an instruction takes as long as the number on top of the stack says. */
export function isBulk(op: number): boolean {
  // One byte is enough for most instructions, and for one of these.
  return (op > 0xff || op === OP.memoryGrow) && BULK.has(op);
}
