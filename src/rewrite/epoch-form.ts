/**
 * Checks that compare a number in shared memory with the one that the instance was started with.
 *
 * The load is atomic, so that an engine does not hoist it out of a loop, and at a constant address, so
 * that an engine does not check its bounds.
 */

import type { BinaryWriter } from "./binary-writer.ts";
import { type Checks, writeCheckedCode } from "./checked-code.ts";
import type { Form } from "./form.ts";
import type { FunctionBody } from "./function-body.ts";
import { encodeS64, encodeU32, I32, type ModuleBuilder } from "./module-builder.ts";
import { OP } from "./opcodes.ts";
import { UNCHECKED_CODE_BYTES } from "./path-length.ts";

export class EpochForm implements Form {
  readonly #bytes: Uint8Array;
  readonly #builder: ModuleBuilder;
  readonly #check: Uint8Array;
  readonly #checks: Checks;

  /**
   * @param flag Where the number is: the index of the memory and the address in it.
   * @param generation The index of the global with the number that is expected.
   */
  constructor(
    bytes: Uint8Array,
    builder: ModuleBuilder,
    flag: { readonly memory: number; readonly address: number },
    generation: number,
  ) {
    this.#bytes = bytes;
    this.#builder = builder;
    const check = Uint8Array.from([
      ...[0x41, ...encodeS64(flag.address)], // i32.const
      ...[0xfe, 0x10, 0x42, ...encodeU32(flag.memory), 0], // i32.atomic.load
      ...[0x23, ...encodeU32(generation)], // global.get
      ...[0x47, OP.if, 0x40, OP.unreachable, OP.end], // i32.ne
    ]);
    this.#check = check;
    this.#checks = {
      write: (_cost, writer) => writer.bytes(check),
      charge: (type) => {
        const name = type === I32 ? "check i32" : "check i64";
        return builder.helper(name, [type], [type], () => [...check, 0x20, 0]);
      },
      save: [],
      load: [],
    };
  }

  writeBody(body: FunctionBody, _type: unknown, writer: BinaryWriter): void {
    writer.copy(this.#bytes, body.start, body.codeStart);
    // A short function without calls cannot recurse, and ends sooner than a check would pay off.
    const isSmall = body.end - body.codeStart < UNCHECKED_CODE_BYTES;
    if (body.hasCalls || !isSmall) writer.bytes(this.#check);
    writeCheckedCode(this.#bytes, body, this.#checks, this.#builder, writer);
  }
}
