;; Adds up ones through a function of the host, as a plugin of Extism. Its input is how many, as a u64.
(module
  (import "extism:host/env" "input_load_u64" (func $input_load_u64 (param i64) (result i64)))
  (import "extism:host/env" "alloc" (func $alloc (param i64) (result i64)))
  (import "extism:host/env" "store_u64" (func $store_u64 (param i64 i64)))
  (import "extism:host/env" "output_set" (func $output_set (param i64 i64)))
  (import "extism:host/user" "add" (func $add (param i64 i64) (result i64)))
  (memory (export "memory") 1)
  (func (export "sum") (result i32)
    (local $left i64) (local $sum i64) (local $output i64)
    (local.set $left (call $input_load_u64 (i64.const 0)))
    (block $done
      (loop $next
        (br_if $done (i64.eqz (local.get $left)))
        (local.set $sum (call $add (local.get $sum) (i64.const 1)))
        (local.set $left (i64.sub (local.get $left) (i64.const 1)))
        (br $next)))
    (local.set $output (call $alloc (i64.const 8)))
    (call $store_u64 (local.get $output) (local.get $sum))
    (call $output_set (local.get $output) (i64.const 8))
    (i32.const 0)))
