;; `double` as a plugin of Extism, by its imports alone: the least that a plugin development kit does.
(module
  (import "extism:host/env" "input_length" (func $input_length (result i64)))
  (import "extism:host/env" "input_load_u64" (func $input_load_u64 (param i64) (result i64)))
  (import "extism:host/env" "alloc" (func $alloc (param i64) (result i64)))
  (import "extism:host/env" "store_u64" (func $store_u64 (param i64 i64)))
  (import "extism:host/env" "output_set" (func $output_set (param i64 i64)))
  (memory (export "memory") 1)
  (func (export "double") (result i32)
    (local $at i64) (local $length i64) (local $output i64) (local $number f64)
    (local.set $length (call $input_length))
    (local.set $output (call $alloc (local.get $length)))
    (block $done
      (loop $next
        (br_if $done (i64.ge_u (local.get $at) (local.get $length)))
        (local.set $number (f64.reinterpret_i64 (call $input_load_u64 (local.get $at))))
        (call $store_u64
          (i64.add (local.get $output) (local.get $at))
          (i64.reinterpret_f64 (f64.add (local.get $number) (local.get $number))))
        (local.set $at (i64.add (local.get $at) (i64.const 8)))
        (br $next)))
    (call $output_set (local.get $output) (local.get $length))
    (i32.const 0)))
