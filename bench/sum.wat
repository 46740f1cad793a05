;; Adds up ones through an import: what host calls cost without a library.
(module
  (import "env" "add" (func $add (param i32 i32) (result i32)))
  (func (export "sum") (param $left i32) (result i32)
    (local $sum i32)
    (block $done
      (loop $next
        (br_if $done (i32.eqz (local.get $left)))
        (local.set $sum (call $add (local.get $sum) (i32.const 1)))
        (local.set $left (i32.sub (local.get $left) (i32.const 1)))
        (br $next)))
    (local.get $sum)))
