;; What makes a plugin of QuickJS: the buffers of the ABI, one function that all exports call, and the
;; native functions of the runtime in src/runtime. It is merged into quickjs.wasm, so what it imports from
;; "quickjs" are functions of the same module; `define.*` are what QuickJS itself imports.
;;
;; A JavaScript value is 64 bits: the tag in the upper half (0 integer, 3 undefined, 6 exception).
(module
  (import "quickjs" "memory" (memory 0))
  (import "quickjs" "__indirect_function_table" (table 0 funcref))
  (import "quickjs" "_initialize" (func $initialize))
  (import "quickjs" "malloc" (func $malloc (param i32) (result i32)))
  (import "quickjs" "realloc" (func $realloc (param i32 i32) (result i32)))
  (import "quickjs" "free" (func $free (param i32)))
  (import "quickjs" "qjs_init" (func $qjs_init (result i32)))
  (import "quickjs" "qjs_get_context_ptr" (func $qjs_get_context_ptr (result i32)))
  (import "quickjs" "qjs_get_runtime_ptr" (func $qjs_get_runtime_ptr (result i32)))
  (import "quickjs" "JS_SetMaxStackSize" (func $JS_SetMaxStackSize (param i32 i32)))
  (import "quickjs" "JS_Eval" (func $JS_Eval (param i32 i32 i32 i32 i32) (result i64)))
  (import "quickjs" "JS_EvalFunction" (func $JS_EvalFunction (param i32 i64) (result i64)))
  (import "quickjs" "JS_WriteObject" (func $JS_WriteObject (param i32 i32 i64 i32) (result i32)))
  (import "quickjs" "JS_ReadObject" (func $JS_ReadObject (param i32 i32 i32 i32) (result i64)))
  (import "quickjs" "JS_GetException" (func $JS_GetException (param i32) (result i64)))
  (import "quickjs" "JS_FreeValue" (func $JS_FreeValue (param i32 i64)))
  (import "quickjs" "JS_RunGC" (func $JS_RunGC (param i32)))
  (import "quickjs" "JS_Call" (func $JS_Call (param i32 i64 i64 i32 i32) (result i64)))
  (import "quickjs" "JS_NewArray" (func $JS_NewArray (param i32) (result i64)))
  (import "quickjs" "JS_NewArrayFrom" (func $JS_NewArrayFrom (param i32 i32 i32) (result i64)))
  (import "quickjs" "JS_NewNumber" (func $JS_NewNumber (param i32 f64) (result i64)))
  (import "quickjs" "JS_ToFloat64" (func $JS_ToFloat64 (param i32 i32 i64) (result i32)))
  (import "quickjs" "JS_GetPropertyUint32" (func $JS_GetPropertyUint32 (param i32 i64 i32) (result i64)))
  (import "quickjs" "JS_SetPropertyUint32" (func $JS_SetPropertyUint32 (param i32 i64 i32 i64) (result i32)))
  (import "quickjs" "JS_NewCFunction2" (func $JS_NewCFunction2 (param i32 i32 i32 i32 i32 i32) (result i64)))
  (import "quickjs" "JS_NewArrayBuffer"
    (func $JS_NewArrayBuffer (param i32 i32 i32 i32 i32 i32 i32) (result i64)))
  (import "quickjs" "JS_NewStringLen" (func $JS_NewStringLen (param i32 i32 i32) (result i64)))
  (import "quickjs" "JS_ToCStringLen2" (func $JS_ToCStringLen2 (param i32 i32 i64 i32) (result i32)))
  (import "quickjs" "JS_FreeCString" (func $JS_FreeCString (param i32 i32)))
  (import "quickjs" "JS_ToInt32" (func $JS_ToInt32 (param i32 i32 i64) (result i32)))
  (import "quickjs" "JS_ThrowOutOfMemory" (func $JS_ThrowOutOfMemory (param i32) (result i64)))
  (import "quickjs" "JS_ExecutePendingJob" (func $JS_ExecutePendingJob (param i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "random_get" (func $random_get (param i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "path_open"
    (func $path_open (param i32 i32 i32 i32 i32 i64 i64 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_read" (func $fd_read (param i32 i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_write" (func $fd_write (param i32 i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_close" (func $fd_close (param i32) (result i32)))

  ;; 128 bytes:
  ;;   0 pointer and 4 length of a result, 8 pointer and 12 capacity of the outgoing buffer,
  ;;   16 an integer, 20 another, 24 the runtime's function, 32 to 63 its arguments, 64 an iovec, 96 zeros
  (global $state (export "state") (mut i32) (i32.const 0))
  (global $context (export "context") (mut i32) (i32.const 0))

  ;; The native functions are in the table from here on, which the merge sets.
  (global $base (export "base") i32 (i32.const 0))
  (elem (i32.const 0)
    $text $put_text $numbers $put_numbers $reserve $release $call_host $run_jobs $random $open $read $write $close)

  ;; Buffers

  (func (export "__alloc_buffer") (param $length i32) (result i32)
    (local $pointer i32)
    (if (i32.eqz (local.get $length)) (then (return (i32.const 1))))
    (local.set $pointer (call $malloc (local.get $length)))
    (if (i32.eqz (local.get $pointer)) (then unreachable))
    (local.get $pointer))

  ;; The outgoing buffer is kept for the next message, unless it is large.
  (func $free_buffer (export "__free_buffer") (param $buffer i64)
    (local $pointer i32)
    (if (i32.eqz (i32.wrap_i64 (local.get $buffer))) (then (return)))
    (local.set $pointer (i32.wrap_i64 (i64.shr_u (local.get $buffer) (i64.const 32))))
    (if (i32.eq (local.get $pointer) (i32.load offset=8 (global.get $state)))
      (then
        (if (i32.le_u (i32.load offset=12 (global.get $state)) (i32.const 1048576)) (then (return)))
        (i64.store offset=8 (global.get $state) (i64.const 0))))
    (call $free (local.get $pointer)))

  ;; Calls

  (func $is_exception (param $value i64) (result i32)
    (i64.eq (i64.shr_u (local.get $value) (i64.const 32)) (i64.const 6)))

  (func $call_runtime (param $index i32) (param $first i64) (param $second i32)
    (i64.store offset=32 (global.get $state) (i64.extend_i32_u (local.get $index)))
    (i64.store offset=40 (global.get $state) (local.get $first))
    (i64.store offset=48 (global.get $state) (i64.extend_i32_u (local.get $second)))
    ;; The runtime has reported what was thrown.
    (if (call $is_exception
          (call $JS_Call (global.get $context) (i64.load offset=24 (global.get $state))
            (i64.const 0x300000000) (i32.const 3) (i32.add (global.get $state) (i32.const 32))))
      (then unreachable)))

  ;; What the export of a function calls, with its index.
  (func (export "call") (param $index i32) (param $buffer i64) (result i64)
    (call $call_runtime (local.get $index)
      (i64.shr_u (local.get $buffer) (i64.const 32))
      (i32.wrap_i64 (local.get $buffer)))
    (call $free_buffer (local.get $buffer))
    (i64.or
      (i64.shl (i64.load32_u (global.get $state)) (i64.const 32))
      (i64.load32_u offset=4 (global.get $state))))

  ;; Evaluates the module of the plugin, once it runs.
  (func (export "start") (call $call_runtime (i32.const -1) (i64.const 0) (i32.const 0)))

  ;; Frees memory and leaves zeros there, which take no room in a snapshot.
  (func $discard (param $pointer i32) (param $length i32)
    (memory.fill (local.get $pointer) (i32.const 0) (local.get $length))
    (call $free (local.get $pointer)))

  ;; Evaluates a text with a NUL after it. Functions do not keep their sources.
  (func $evaluate (param $text i32) (param $length i32) (param $file i32) (result i64)
    (local $value i64) (local $bytecode i32)
    (local.set $value
      (call $JS_Eval (global.get $context) (local.get $text) (local.get $length) (local.get $file)
        (i32.const 0x20))) ;; JS_EVAL_FLAG_COMPILE_ONLY
    (call $discard (local.get $text) (local.get $length))
    (if (call $is_exception (local.get $value)) (then (return (local.get $value))))
    (local.set $bytecode
      (call $JS_WriteObject (global.get $context) (i32.add (global.get $state) (i32.const 20))
        (local.get $value)
        (i32.const 0x11))) ;; JS_WRITE_OBJ_BYTECODE, JS_WRITE_OBJ_STRIP_SOURCE
    (call $JS_FreeValue (global.get $context) (local.get $value))
    (local.set $value
      (call $JS_ReadObject (global.get $context) (local.get $bytecode)
        (i32.load offset=20 (global.get $state))
        (i32.const 1))) ;; JS_READ_OBJ_BYTECODE
    (call $discard (local.get $bytecode) (i32.load offset=20 (global.get $state)))
    (call $JS_EvalFunction (global.get $context) (local.get $value)))

  ;; Takes the script of the plugin, when it is linked.
  (func (export "compile") (param $text i32) (param $length i32) (param $file i32)
    (local $value i64)
    (local.set $value (call $evaluate (local.get $text) (local.get $length) (local.get $file)))
    (if (call $is_exception (local.get $value))
      (then
        (call $call_runtime (i32.const -3) (call $JS_GetException (global.get $context)) (i32.const 0))))
    (call $call_runtime (i32.const -2) (local.get $value) (i32.const 0))
    (call $JS_RunGC (call $qjs_get_runtime_ptr)))

  ;; Starts QuickJS and the runtime, a text with a NUL after it, when a plugin is linked.
  (func (export "setup") (param $runtime i32) (param $length i32) (param $file i32)
    (local $natives i64) (local $index i32)
    (call $initialize)
    (drop (call $qjs_init))
    (global.set $context (call $qjs_get_context_ptr))
    ;; The stack of C has 1 MiB. Engines have about as much for their own.
    (call $JS_SetMaxStackSize (call $qjs_get_runtime_ptr) (i32.const 262144))
    (global.set $state (call $malloc (i32.const 128)))
    (memory.fill (global.get $state) (i32.const 0) (i32.const 128))
    (local.set $natives (call $JS_NewArray (global.get $context)))
    (loop $more
      (drop
        (call $JS_SetPropertyUint32 (global.get $context) (local.get $natives) (local.get $index)
          (call $JS_NewCFunction2 (global.get $context)
            (i32.add (global.get $base) (local.get $index))
            (i32.add (global.get $state) (i32.const 96))
            (i32.const 0) (i32.const 0) (i32.const 0))))
      (local.set $index (i32.add (local.get $index) (i32.const 1)))
      (br_if $more (i32.lt_u (local.get $index) (i32.const 13))))
    ;; All of the memory from address 8, as an ArrayBuffer: 0 would be taken for a detached one.
    (drop
      (call $JS_SetPropertyUint32 (global.get $context) (local.get $natives) (i32.const 13)
        (call $JS_NewArrayBuffer (global.get $context) (i32.const 8) (i32.const 0x7ffffff0)
          (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 0))))
    (drop
      (call $JS_SetPropertyUint32 (global.get $context) (local.get $natives) (i32.const 14)
        (i64.extend_i32_u (global.get $state))))
    (i64.store offset=32 (global.get $state) (local.get $natives))
    (i64.store offset=24 (global.get $state)
      (call $JS_Call (global.get $context)
        (call $evaluate (local.get $runtime) (local.get $length) (local.get $file))
        (i64.const 0x300000000) (i32.const 1) (i32.add (global.get $state) (i32.const 32)))))

  ;; Calls the import at an index. The linker writes its body.
  (func $host (export "host") (param $index i32) (param $buffer i64) (result i64) unreachable)

  ;; Native functions

  (func $argument (param $arguments i32) (param $index i32) (result i32)
    (local $value i64)
    (local.set $value
      (i64.load (i32.add (local.get $arguments) (i32.shl (local.get $index) (i32.const 3)))))
    (if (i64.eqz (i64.shr_u (local.get $value) (i64.const 32)))
      (then (return (i32.wrap_i64 (local.get $value)))))
    (drop
      (call $JS_ToInt32 (global.get $context) (i32.add (global.get $state) (i32.const 16))
        (local.get $value)))
    (i32.load offset=16 (global.get $state)))

  ;; Makes the outgoing buffer at least that large. Returns whether there was memory.
  (func $grow (param $bytes i32) (result i32)
    (local $capacity i32) (local $pointer i32)
    (local.set $capacity (i32.load offset=12 (global.get $state)))
    (if (i32.le_u (local.get $bytes) (local.get $capacity)) (then (return (i32.const 1))))
    (local.set $capacity (i32.shl (local.get $capacity) (i32.const 1)))
    (if (i32.lt_u (local.get $capacity) (local.get $bytes)) (then (local.set $capacity (local.get $bytes))))
    (if (i32.lt_u (local.get $capacity) (i32.const 1024)) (then (local.set $capacity (i32.const 1024))))
    (local.set $pointer (call $realloc (i32.load offset=8 (global.get $state)) (local.get $capacity)))
    (if (i32.eqz (local.get $pointer)) (then (return (i32.const 0))))
    (i32.store offset=8 (global.get $state) (local.get $pointer))
    (i32.store offset=12 (global.get $state) (local.get $capacity))
    (i32.const 1))

  ;; text(pointer, length): the string of UTF-8.
  (func $text (param i32 i64 i32) (param $arguments i32) (result i64)
    (call $JS_NewStringLen (global.get $context)
      (call $argument (local.get $arguments) (i32.const 0))
      (call $argument (local.get $arguments) (i32.const 1))))

  ;; putText(position, string): writes it into the outgoing buffer, its length before it. Returns the
  ;; position after it.
  (func $put_text (param i32 i64 i32) (param $arguments i32) (result i64)
    (local $position i32) (local $text i32) (local $length i32) (local $to i32)
    (local.set $position (call $argument (local.get $arguments) (i32.const 0)))
    (local.set $text
      (call $JS_ToCStringLen2 (global.get $context) (i32.add (global.get $state) (i32.const 20))
        (i64.load offset=8 (local.get $arguments)) (i32.const 0)))
    (if (i32.eqz (local.get $text)) (then (return (i64.const 0x600000000))))
    (local.set $length (i32.load offset=20 (global.get $state)))
    (if (i32.eqz
          (call $grow
            (i32.add (i32.add (local.get $position) (i32.const 8)) (local.get $length))))
      (then
        (call $JS_FreeCString (global.get $context) (local.get $text))
        (return (call $JS_ThrowOutOfMemory (global.get $context)))))
    (local.set $to (i32.add (i32.load offset=8 (global.get $state)) (local.get $position)))
    (i64.store (local.get $to) (i64.extend_i32_u (local.get $length)))
    (memory.copy (i32.add (local.get $to) (i32.const 8)) (local.get $text) (local.get $length))
    (call $JS_FreeCString (global.get $context) (local.get $text))
    (i64.extend_i32_u
      (i32.add (i32.add (local.get $position) (i32.const 8)) (local.get $length))))

  ;; numbers(pointer, count): an array of the numbers there, 64 bits each.
  (func $numbers (param i32 i64 i32) (param $arguments i32) (result i64)
    (local $from i32) (local $count i32) (local $values i32) (local $index i32) (local $at i32)
    (local $array i64)
    (local.set $from (call $argument (local.get $arguments) (i32.const 0)))
    (local.set $count (call $argument (local.get $arguments) (i32.const 1)))
    (local.set $values (call $malloc (i32.add (i32.shl (local.get $count) (i32.const 3)) (i32.const 8))))
    (if (i32.eqz (local.get $values)) (then (return (call $JS_ThrowOutOfMemory (global.get $context)))))
    (loop $more
      (if (i32.lt_u (local.get $index) (local.get $count))
        (then
          (local.set $at (i32.shl (local.get $index) (i32.const 3)))
          (i64.store (i32.add (local.get $values) (local.get $at))
            (call $JS_NewNumber (global.get $context)
              (f64.load (i32.add (local.get $from) (local.get $at)))))
          (local.set $index (i32.add (local.get $index) (i32.const 1)))
          (br $more))))
    (local.set $array
      (call $JS_NewArrayFrom (global.get $context) (local.get $count) (local.get $values)))
    (call $free (local.get $values))
    (local.get $array))

  (func $is_number (param $value i64) (result i32)
    (local $tag i32)
    (local.set $tag (i32.wrap_i64 (i64.shr_u (local.get $value) (i64.const 32))))
    ;; Of all other tags there are 17, from -9 to 7.
    (i32.or (i32.eqz (local.get $tag))
      (i32.lt_u (i32.sub (local.get $tag) (i32.const 8)) (i32.const -17))))

  ;; putNumbers(position, array, count): writes the numbers of an array into the outgoing buffer, 64 bits
  ;; each. Returns -1, or the index of what is no number.
  (func $put_numbers (param i32 i64 i32) (param $arguments i32) (result i64)
    (local $position i32) (local $count i32) (local $index i32) (local $value i64)
    (local.set $position (call $argument (local.get $arguments) (i32.const 0)))
    (local.set $count (call $argument (local.get $arguments) (i32.const 2)))
    (if (i32.eqz
          (call $grow (i32.add (local.get $position) (i32.shl (local.get $count) (i32.const 3)))))
      (then (return (call $JS_ThrowOutOfMemory (global.get $context)))))
    (loop $more
      (if (i32.lt_u (local.get $index) (local.get $count))
        (then
          (local.set $value
            (call $JS_GetPropertyUint32 (global.get $context)
              (i64.load offset=8 (local.get $arguments)) (local.get $index)))
          (if (i32.eqz (call $is_number (local.get $value)))
            (then
              (if (call $is_exception (local.get $value)) (then (return (local.get $value))))
              (call $JS_FreeValue (global.get $context) (local.get $value))
              (return (i64.extend_i32_u (local.get $index)))))
          (drop
            (call $JS_ToFloat64 (global.get $context)
              (i32.add
                (i32.add (i32.load offset=8 (global.get $state)) (local.get $position))
                (i32.shl (local.get $index) (i32.const 3)))
              (local.get $value)))
          (local.set $index (i32.add (local.get $index) (i32.const 1)))
          (br $more))))
    (i64.const 0xffffffff))

  ;; reserve(bytes): makes the outgoing buffer at least that large. Returns its pointer.
  (func $reserve (param i32 i64 i32) (param $arguments i32) (result i64)
    (if (i32.eqz (call $grow (call $argument (local.get $arguments) (i32.const 0))))
      (then (return (call $JS_ThrowOutOfMemory (global.get $context)))))
    (i64.extend_i32_u (i32.load offset=8 (global.get $state))))

  ;; release(pointer)
  (func $release (param i32 i64 i32) (param $arguments i32) (result i64)
    (call $free (call $argument (local.get $arguments) (i32.const 0)))
    (i64.const 0x300000000))

  ;; callHost(index, pointer, length): pointer and length of the result are in the state afterwards.
  (func $call_host (param i32 i64 i32) (param $arguments i32) (result i64)
    (local $result i64)
    (local.set $result
      (call $host (call $argument (local.get $arguments) (i32.const 0))
        (i64.or
          (i64.shl
            (i64.extend_i32_u (call $argument (local.get $arguments) (i32.const 1)))
            (i64.const 32))
          (i64.extend_i32_u (call $argument (local.get $arguments) (i32.const 2))))))
    (i64.store (global.get $state) (i64.rotl (local.get $result) (i64.const 32)))
    (i64.const 0x300000000))

  ;; runJobs(): runs what promises wait for, until nothing is left.
  (func $run_jobs (param i32 i64 i32 i32) (result i64)
    (loop $more
      (br_if $more
        (call $JS_ExecutePendingJob (call $qjs_get_runtime_ptr)
          (i32.add (global.get $state) (i32.const 20)))))
    (i64.const 0x300000000))

  ;; Calls of WASI. A result below 0 is an errno.

  (func $result (param $errno i32) (param $value i32) (result i64)
    (i64.extend_i32_u
      (select (local.get $value) (i32.sub (i32.const 0) (local.get $errno))
        (i32.eqz (local.get $errno)))))

  ;; random(pointer, length)
  (func $random (param i32 i64 i32) (param $arguments i32) (result i64)
    (call $result
      (call $random_get
        (call $argument (local.get $arguments) (i32.const 0))
        (call $argument (local.get $arguments) (i32.const 1)))
      (i32.const 0)))

  ;; open(pointer, length, flags, rights): opens a path below "/", the first preopen.
  (func $open (param i32 i64 i32) (param $arguments i32) (result i64)
    (call $result
      (call $path_open (i32.const 3) (i32.const 1)
        (call $argument (local.get $arguments) (i32.const 0))
        (call $argument (local.get $arguments) (i32.const 1))
        (call $argument (local.get $arguments) (i32.const 2))
        (i64.extend_i32_u (call $argument (local.get $arguments) (i32.const 3)))
        (i64.const 0) (i32.const 0)
        (i32.add (global.get $state) (i32.const 72)))
      (i32.load offset=72 (global.get $state))))

  (func $vector (param $arguments i32)
    (i32.store offset=64 (global.get $state) (call $argument (local.get $arguments) (i32.const 1)))
    (i32.store offset=68 (global.get $state) (call $argument (local.get $arguments) (i32.const 2))))

  ;; read(fd, pointer, length), write(fd, pointer, length): the number of bytes
  (func $read (param i32 i64 i32) (param $arguments i32) (result i64)
    (call $vector (local.get $arguments))
    (call $result
      (call $fd_read (call $argument (local.get $arguments) (i32.const 0))
        (i32.add (global.get $state) (i32.const 64)) (i32.const 1)
        (i32.add (global.get $state) (i32.const 72)))
      (i32.load offset=72 (global.get $state))))
  (func $write (param i32 i64 i32) (param $arguments i32) (result i64)
    (call $vector (local.get $arguments))
    (call $result
      (call $fd_write (call $argument (local.get $arguments) (i32.const 0))
        (i32.add (global.get $state) (i32.const 64)) (i32.const 1)
        (i32.add (global.get $state) (i32.const 72)))
      (i32.load offset=72 (global.get $state))))

  ;; close(fd)
  (func $close (param i32 i64 i32) (param $arguments i32) (result i64)
    (call $result (call $fd_close (call $argument (local.get $arguments) (i32.const 0))) (i32.const 0)))

  ;; What QuickJS imports

  (func (export "define.host_get_timezone_offset") (param i32 i32) (result i32) (i32.const 0))
  ;; Never called: QuickJS calls these only if it is told to.
  (func (export "define.host_interrupt") (result i32) unreachable)
  (func (export "define.host_promise_rejection") (param i32 i32 i32) unreachable)
  (func (export "define.host_module_normalize") (param i32 i32) (result i32) unreachable)
  (func (export "define.host_module_load") (param i32 i32) (result i32) unreachable)
  (func (export "define.host_call") (param i32 i32 i32 i32 i32) (result i32) unreachable))
