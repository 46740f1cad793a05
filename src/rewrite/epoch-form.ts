/**
 * Checks that compare a number in shared memory with the one that the instance was started with.
 *
 * The load is atomic, so that an engine does not hoist it out of a loop; at a constant address, so that an
 * engine does not check its bounds; and of the number's lowest byte, which has no alignment to check.
 */

import type { Charge } from "./bulk.ts";
import { FORM_KIND, type Form, unused } from "./form.ts";
import { encodeS64, encodeU32, I32, type ModuleBuilder } from "./module-builder.ts";
import { OP } from "./opcodes.ts";

export class EpochForm implements Form {
  readonly kind: number = FORM_KIND.epoch;
  readonly fuel: number = 0;
  readonly check: readonly number[];
  readonly charge: Charge;
  readonly refill: typeof unused = unused;
  readonly blockType: typeof unused = unused;

  /**
   * @param flag Where the number is: the index of the memory and the address in it.
   * @param generation The index of the global with the number that is expected.
   */
  constructor(
    builder: ModuleBuilder,
    flag: { readonly memory: number; readonly address: number },
    generation: number,
  ) {
    const check = [
      ...[0x41, ...encodeS64(flag.address)], // i32.const
      ...[0xfe, 0x12, 0x40, ...encodeU32(flag.memory), 0], // i32.atomic.load8_u
      ...[0x23, ...encodeU32(generation)], // global.get
      ...[0x47, OP.if, 0x40, OP.unreachable, OP.end], // i32.ne
    ];
    this.check = check;
    this.charge = (type) => {
      const name = type === I32 ? "check i32" : "check i64";
      return builder.helper(name, [type], [type], () => [...check, 0x20, 0]);
    };
  }
}
