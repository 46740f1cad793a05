;; A command that writes a megabyte to stdout for each of its arguments, 64 bytes at a time.
(module
  (import "wasi_snapshot_preview1" "args_sizes_get" (func $args_sizes_get (param i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_write"
    (func $fd_write (param i32 i32 i32 i32) (result i32)))
  (memory (export "memory") 1)
  (data (i32.const 16) "\40\00\00\00\40\00\00\00")
  (data (i32.const 64) "A line of sixty-four bytes, which ends in a line feed, as usual\n")
  (func (export "_start") (local $left i32)
    (drop (call $args_sizes_get (i32.const 0) (i32.const 4)))
    (local.set $left (i32.mul (i32.load (i32.const 0)) (i32.const 15625)))
    (loop $next
      (if (local.get $left)
        (then
          (if (call $fd_write (i32.const 1) (i32.const 16) (i32.const 1) (i32.const 8))
            (then (unreachable)))
          (local.set $left (i32.sub (local.get $left) (i32.const 1)))
          (br $next))))))
