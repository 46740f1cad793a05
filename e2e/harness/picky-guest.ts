/** A guest that looks for files wherever it can be called, and comes to an end of its own when it finds one. */

import { FREE, guest, wasiImport } from "./hand-made-guest.ts";

/** A name, where it is in memory. */
function names(...list: readonly string[]): { data: string; found: (name: string) => string } {
  const at = (name: string) => 256 + 32 * list.indexOf(name);
  return {
    data: list.map((name) => `(data (i32.const ${at(name)}) "${name}")`).join("\n"),
    found: (name) => `(call $exists (i32.const ${at(name)}) (i32.const ${name.length}))`,
  };
}

const { data, found } = names(
  "start-spins",
  "start-sleeps",
  "start-traps",
  "start-exits",
  "alloc-spins",
);

/** Sleeps for a minute, which takes no processor: a subscription to the monotonic clock stands at 512. */
const SLEEP = `
  (i32.store (i32.const 528) (i32.const 1))
  (i64.store (i32.const 536) (i64.const 60000000000))
  (drop (call $poll_oneoff (i32.const 512) (i32.const 576) (i32.const 1) (i32.const 640)))`;

const PARTS = [
  '(import "wasi_snapshot_preview1" "path_open" (func $path_open (param i32 i32 i32 i32 i32 i64 i64 i32 i32) (result i32)))',
  wasiImport("poll_oneoff"),
  '(import "wasi_snapshot_preview1" "proc_exit" (func $proc_exit (param i32)))',
  '(memory (export "memory") 1)',
  data,
  FREE,
  `(func $exists (param i32 i32) (result i32)
    (i32.eqz (call $path_open (i32.const 3) (i32.const 0) (local.get 0) (local.get 1)
      (i32.const 0) (i64.const 2) (i64.const 0) (i32.const 0) (i32.const 12))))`,
  `(func (export "__alloc_buffer") (param i32) (result i32)
    (if ${found("alloc-spins")} (then (loop (br 0))))
    (i32.const 1024))`,
  `(func $begin
    (if ${found("start-spins")} (then (loop (br 0))))
    (if ${found("start-sleeps")} (then ${SLEEP}))
    (if ${found("start-traps")} (then unreachable))
    (if ${found("start-exits")} (then (call $proc_exit (i32.const 9)))))`,
  '(func (export "__trap") (param i64) (result i64) unreachable)',
  '(func (export "__echo") (param i64) (result i64) (local.get 0))',
];

/** By how it begins: in `_initialize`, or in its start section. */
export const PICKY_GUESTS = {
  _initialize: guest(...PARTS, '(export "_initialize" (func $begin))'),
  start: guest(...PARTS, "(start $begin)"),
} as const;
