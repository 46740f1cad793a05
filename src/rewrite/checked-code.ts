/** Writes the code of a function with checks in it. */

import type { BinaryWriter } from "./binary-writer.ts";
import { type Charge, replaceBulk } from "./bulk.ts";
import { type FunctionBody, WAYPOINT } from "./function-body.ts";
import type { ModuleBuilder } from "./module-builder.ts";
import { isBulk, OP } from "./opcodes.ts";

/** What a form inserts into the code of a function. */
export interface Checks {
  /** Writes a check. @param cost How many instructions it pays for. */
  write(cost: number, writer: BinaryWriter): void;
  readonly charge: Charge;
  /** Encoded code before a call or a return, and after a call. */
  readonly save: readonly number[];
  readonly load: readonly number[];
}

/** After these the function continues. */
const CALLS: ReadonlySet<number> = new Set([OP.call, OP.callIndirect, OP.callRef]);

/** Writes the code of a body, from after its locals to its last `end`, with checks at all its sites. */
export function writeCheckedCode(
  bytes: Uint8Array,
  body: FunctionBody,
  checks: Checks,
  builder: ModuleBuilder,
  writer: BinaryWriter,
): void {
  const { save, load } = checks;
  const { ops, starts, ends, costs, count } = body.sites;
  let copied = body.codeStart;
  for (let site = 0; site < count; site += 1) {
    const op = ops[site] as number;
    const start = starts[site] as number;
    const end = ends[site] as number;
    if (op === OP.loop || op === WAYPOINT) {
      writer.copy(bytes, copied, end);
      checks.write(costs[site] as number, writer);
      copied = end;
    } else if (isBulk(op)) {
      writer.copy(bytes, copied, start);
      const { callee, isInstead } = replaceBulk(builder, bytes, body.sites, site, checks.charge);
      writer.bytes(save);
      writer.byte(OP.call);
      writer.u32(callee);
      writer.bytes(load);
      copied = isInstead ? end : start;
    } else if (save.length > 0) {
      writer.copy(bytes, copied, start);
      writer.bytes(save);
      writer.copy(bytes, start, end);
      if (CALLS.has(op)) writer.bytes(load);
      copied = end;
    }
  }
  writer.copy(bytes, copied, body.end);
}
