/** A guest that makes whatever calls of WASI the page tells it to, with whatever arguments. */

import { PREVIEW1_SIGNATURES } from "../../src/wasi/preview1-signatures.ts";
import { guest, wasiImport } from "../harness/hand-made-guest.ts";

/** Where it gets its arguments, one after the other, 8 bytes each; it never keeps any. */
const ARGUMENTS = 0x10000;

/** A megabyte of its memory is the page's to read and write, see `caller.ts`. */
export const CALLING_GUEST: number[] = guest(
  ...[...PREVIEW1_SIGNATURES.keys()].map(wasiImport),
  '(memory (export "memory") 16)',
  `(func (export "__alloc_buffer") (param i32) (result i32) (i32.const ${ARGUMENTS}))`,
  '(func (export "__free_buffer") (param i64))',
  '(func (export "__echo") (param i64) (result i64) (local.get 0))',
  ...[...PREVIEW1_SIGNATURES].map(([name, { params, results }]) => makes(name, params, results)),
  // An address and a length, and what is there.
  `(func (export "__read") (param i64) (result i64)
    (i64.or (i64.shl (i64.load (i32.const ${ARGUMENTS})) (i64.const 32))
      (i64.load (i32.const ${ARGUMENTS + 8}))))`,
  // An address, and what is to be there.
  `(func (export "__write") (param i64) (result i64)
    (memory.copy (i32.wrap_i64 (i64.load (i32.const ${ARGUMENTS}))) (i32.const ${ARGUMENTS + 8})
      (i32.sub (i32.wrap_i64 (local.get 0)) (i32.const 8)))
    (i64.const 0))`,
  // How many: makes directories, with names of 3 letters that count up, until one fails.
  `(func (export "__fill") (param i64) (result i64) (local $made i64)
    (loop
      ${[0, 1, 2].map(letter).join("\n")}
      (i32.store (i32.const 8)
        (call $path_create_directory (i32.const 3) (i32.const 16) (i32.const 3)))
      (local.set $made (i64.add (local.get $made) (i64.const 1)))
      (br_if 0 (i32.and (i32.eqz (i32.load (i32.const 8)))
        (i64.lt_u (local.get $made) (i64.load (i32.const ${ARGUMENTS}))))))
    (i64.const 0x00000008_00000004))`,
);

/** Makes a call as often as the first of its arguments says, and gives the error number of the last. */
function makes(name: string, params: readonly string[], results: readonly string[]): string {
  const given = params.map((type, index) => {
    const load = `(i64.load (i32.const ${ARGUMENTS + 8 * (index + 1)}))`;
    return type === "i64" ? load : `(i32.wrap_i64 ${load})`;
  });
  const call = `(call $${name} ${given.join(" ")})`;
  const noted = results.length === 0 ? call : `(i32.store (i32.const 8) ${call})`;
  return `(func (export "__${name}") (param i64) (result i64) (local $left i64)
    (local.set $left (i64.load (i32.const ${ARGUMENTS})))
    (loop ${noted}
      (local.set $left (i64.sub (local.get $left) (i64.const 1)))
      (br_if 0 (i64.ne (local.get $left) (i64.const 0))))
    (i64.const 0x00000008_00000004))`;
}

/** Six bits of how many were made, as one of the 64 characters from `0` on. */
function letter(place: number): string {
  const bits = `(i64.shr_u (local.get $made) (i64.const ${6 * place}))`;
  return `(i64.store8 (i32.const ${16 + place})
    (i64.add (i64.const 0x30) (i64.and ${bits} (i64.const 63))))`;
}
