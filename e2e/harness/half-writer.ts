/** A guest that can die in the middle of writing a file, in every way there is. */

import { ALLOC, FREE, guest } from "./hand-made-guest.ts";

/** What becomes of the guest between the two halves. */
export const FATES = { writes: 0, traps: 1, spins: 2, exits: 3, overflows: 4, asks: 5 } as const;

/**
 * Its function `write(path, content, fate)` writes a file in two halves, and meets its fate between
 * them; `asks` is a call of the host function `pause`. `calls` tells how often this instance has been
 * asked to write.
 */
export const HALF_WRITER: number[] = guest(
  '(import "env" "__pause" (func $pause (param i64) (result i64)))',
  '(import "wasi_snapshot_preview1" "path_open" (func $path_open (param i32 i32 i32 i32 i32 i64 i64 i32 i32) (result i32)))',
  '(import "wasi_snapshot_preview1" "fd_write" (func $fd_write (param i32 i32 i32 i32) (result i32)))',
  '(import "wasi_snapshot_preview1" "fd_close" (func $fd_close (param i32) (result i32)))',
  '(import "wasi_snapshot_preview1" "proc_exit" (func $proc_exit (param i32)))',
  '(memory (export "memory") 16)',
  ALLOC,
  FREE,
  "(func $overflow (call $overflow) (call $overflow))",
  `(func $put (param $fd i32) (param $at i32) (param $length i32)
    (i32.store (i32.const 0) (local.get $at))
    (i32.store (i32.const 4) (local.get $length))
    (drop (call $fd_write (local.get $fd) (i32.const 0) (i32.const 1) (i32.const 8))))`,
  `(func $meet (param $fate i32)
    (if (i32.eq (local.get $fate) (i32.const 1)) (then unreachable))
    (if (i32.eq (local.get $fate) (i32.const 2)) (then (loop (br 0))))
    (if (i32.eq (local.get $fate) (i32.const 3)) (then (call $proc_exit (i32.const 7))))
    (if (i32.eq (local.get $fate) (i32.const 4)) (then (call $overflow)))
    (if (i32.eq (local.get $fate) (i32.const 5)) (then (drop (call $pause (i64.const 0))))))`,
  `(func (export "__write") (param $args i64) (result i64)
    (local $path i32) (local $content i32) (local $length i32) (local $half i32) (local $fd i32)
    (i32.store (i32.const 16) (i32.add (i32.load (i32.const 16)) (i32.const 1)))
    ;; Two strings, each a u64 and so many bytes, and a u32.
    (local.set $path (i32.wrap_i64 (i64.shr_u (local.get $args) (i64.const 32))))
    (local.set $content
      (i32.add (i32.add (local.get $path) (i32.const 8)) (i32.load (local.get $path))))
    (local.set $length (i32.load (local.get $content)))
    (local.set $half (i32.div_u (local.get $length) (i32.const 2)))
    (drop (call $path_open
      (i32.const 3) (i32.const 0)
      (i32.add (local.get $path) (i32.const 8)) (i32.load (local.get $path))
      (i32.const 9) (i64.const 64) (i64.const 0) (i32.const 0) (i32.const 12)))
    (local.set $fd (i32.load (i32.const 12)))
    (local.set $content (i32.add (local.get $content) (i32.const 8)))
    (call $put (local.get $fd) (local.get $content) (local.get $half))
    (call $meet (i32.load (i32.add (local.get $content) (local.get $length))))
    (call $put (local.get $fd)
      (i32.add (local.get $content) (local.get $half))
      (i32.sub (local.get $length) (local.get $half)))
    (drop (call $fd_close (local.get $fd)))
    (i64.const 0))`,
  '(func (export "__calls") (param i64) (result i64) (i64.const 0x00000010_00000004))',
);
