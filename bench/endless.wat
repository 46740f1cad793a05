;; Calls that never return, each in its own way. The address of a buffer of no bytes is any.
(module
  (import "wasi_snapshot_preview1" "random_get" (func $random (param i32 i32) (result i32)))
  (memory (export "memory") 64)
  (type $guest (func (param i64) (result i64)))
  (table 4 funcref)
  (elem (i32.const 0) $step $step $step $step)
  (global $sum (mut i32) (i32.const 0))

  (func (export "__alloc_buffer") (param i32) (result i32) (i32.const 0))
  (func (export "__free_buffer") (param i64))

  (func (export "__nothing") (type $guest)
    (loop $again (br $again))
    (unreachable))

  (func (export "__memory") (type $guest) (local $at i32)
    (loop $again
      (i32.store (local.get $at) (i32.add (i32.load offset=4 (local.get $at)) (i32.const 1)))
      (local.set $at (i32.and (i32.add (local.get $at) (i32.const 64)) (i32.const 0x3fff00)))
      (br $again))
    (unreachable))

  ;; Deep enough to be at it for hours, and never too deep for a stack.
  (func $tree (param $depth i32)
    (if (local.get $depth)
      (then
        (call $tree (i32.sub (local.get $depth) (i32.const 1)))
        (call $tree (i32.sub (local.get $depth) (i32.const 1))))))
  (func (export "__recursion") (type $guest)
    (call $tree (i32.const 60))
    (i64.const 0))

  (func $step
    (global.set $sum (i32.add (global.get $sum) (i32.const 1))))
  (func (export "__calls") (type $guest)
    (loop $again
      (call_indirect (i32.and (global.get $sum) (i32.const 3)))
      (br $again))
    (unreachable))

  (func (export "__branches") (type $guest) (local $state i32)
    (loop $again
      (block $three
        (block $two
          (block $one
            (br_table $one $two $three (i32.rem_u (local.get $state) (i32.const 3))))
          (local.set $state (i32.add (local.get $state) (i32.const 7)))
          (br $again))
        (local.set $state (i32.mul (local.get $state) (i32.const 5)))
        (br $again))
      (local.set $state (i32.add (local.get $state) (i32.const 1)))
      (br $again))
    (unreachable))

  ;; What takes longer than the code around it.
  (func (export "__system") (type $guest)
    (loop $again
      (drop (call $random (i32.const 0) (i32.const 65536)))
      (br $again))
    (unreachable))

  ;; Deep recursion, with a long way out of it: a megabyte of code behind each call.
  (func $long (param $depth i32)
    (if (local.get $depth) (then (call $long (i32.sub (local.get $depth) (i32.const 1)))))
    ;; repeated 80000 times
    (global.set $sum (i32.rotl (i32.mul (global.get $sum) (i32.const 7)) (i32.const 5)))
  )
  (func (export "__unwinding") (type $guest)
    (loop $again (call $long (i32.const 5000)) (br $again))
    (unreachable))

  ;; The same with the slowest code that goes without a check.
  (global $root (mut f64) (f64.const 1e300))
  (func $slow (param $depth i32)
    (if (local.get $depth) (then (call $slow (i32.sub (local.get $depth) (i32.const 1)))))
    ;; repeated 24 times
    (global.set $root (f64.sqrt (global.get $root)))
  )
  (func (export "__roots") (type $guest)
    (loop $again (call $slow (i32.const 5000)) (br $again))
    (unreachable))

  (func (export "__fill") (type $guest)
    (loop $again
      (memory.fill (i32.const 0) (i32.const 1) (i32.const 0x400000))
      (br $again))
    (unreachable)))
