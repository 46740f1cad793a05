;; Makes a command of QuickJS, which is published as a reactor that opens no files: runs the script that
;; the command line names, and lends it the calls of WASI that quickjs-prelude.js makes a library of.
(module
  (import "quickjs" "memory" (memory 0))
  (import "quickjs" "_initialize" (func $initialize))
  (import "quickjs" "wasm_malloc" (func $malloc (param i32) (result i32)))
  (import "quickjs" "wasm_free" (func $free (param i32)))
  (import "quickjs" "qjs_init" (func $qjs_init (result i32)))
  (import "quickjs" "qjs_eval" (func $qjs_eval (param i32 i32 i32 i32) (result i32)))
  (import "quickjs" "qjs_get_exception" (func $qjs_get_exception (result i32)))
  (import "quickjs" "qjs_get_undefined" (func $qjs_get_undefined (result i32)))
  (import "quickjs" "qjs_set_prop_uint32" (func $qjs_set_prop_uint32 (param i32 i32 i32) (result i32)))
  (import "quickjs" "qjs_new_array" (func $qjs_new_array (result i32)))
  (import "quickjs" "qjs_new_number" (func $qjs_new_number (param f64) (result i32)))
  (import "quickjs" "qjs_new_string" (func $qjs_new_string (param i32 i32) (result i32)))
  (import "quickjs" "qjs_new_host_function" (func $qjs_new_host_function (param i32 i32 i32) (result i32)))
  (import "quickjs" "qjs_get_float64" (func $qjs_get_float64 (param i32) (result f64)))
  (import "quickjs" "qjs_get_string_len" (func $qjs_get_string_len (param i32 i32) (result i32)))
  (import "quickjs" "qjs_free_cstring" (func $qjs_free_cstring (param i32)))
  (import "quickjs" "qjs_call" (func $qjs_call (param i32 i32 i32 i32) (result i32)))
  (import "quickjs" "qjs_is_exception" (func $qjs_is_exception (param i32) (result i32)))
  (import "quickjs" "qjs_is_job_pending" (func $qjs_is_job_pending (result i32)))
  (import "quickjs" "qjs_execute_pending_job" (func $qjs_execute_pending_job (result i32)))
  (import "quickjs" "qjs_promise_state" (func $qjs_promise_state (param i32) (result i32)))
  (import "quickjs" "qjs_promise_result" (func $qjs_promise_result (param i32) (result i32)))
  (import "wasi_snapshot_preview1" "args_sizes_get" (func $args_sizes_get (param i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "args_get" (func $args_get (param i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "path_open"
    (func $path_open (param i32 i32 i32 i32 i32 i64 i64 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_filestat_get" (func $fd_filestat_get (param i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_read" (func $fd_read (param i32 i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_write" (func $fd_write (param i32 i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_close" (func $fd_close (param i32) (result i32)))
  (import "wasi_snapshot_preview1" "proc_exit" (func $proc_exit (param i32)))

  ;; The names of the lent functions, one letter each: open, read, write, close, exit, line.
  (data $letters "orwcxl")
  ;; The installer puts the text here.
  (data $prelude "{{text of quickjs-prelude.js}}\00")

  ;; 128 bytes: an iovec and a length at 0, a file's length at 16, a text's at 24, a filestat at 32, and
  ;; the letters at 96.
  (global $scratch (mut i32) (i32.const 0))
  ;; The function that tells of an uncaught error.
  (global $report (mut i32) (i32.const 0))

  (func $length (param $text i32) (result i32)
    (local $end i32)
    (local.set $end (local.get $text))
    (loop $more
      (if (i32.load8_u (local.get $end))
        (then
          (local.set $end (i32.add (local.get $end) (i32.const 1)))
          (br $more))))
    (i32.sub (local.get $end) (local.get $text)))

  (func $item (param $list i32) (param $index i32) (result i32)
    (i32.load (i32.add (local.get $list) (i32.mul (local.get $index) (i32.const 4)))))

  ;; Files. What is below 0 is an errno.

  ;; Opens a path below `/`, the first preopen: to be read, or new to be written.
  (func $open (param $path i32) (param $length i32) (param $writes i32) (result i32)
    (local $errno i32)
    (local.set $errno
      (call $path_open
        (i32.const 3)
        (i32.const 1) ;; symlink_follow
        (local.get $path) (local.get $length)
        (select (i32.const 9) (i32.const 0) (local.get $writes)) ;; creat and trunc
        (select (i64.const 0x40) (i64.const 0x200002) (local.get $writes)) ;; fd_write; fd_read, fd_filestat_get
        (i64.const 0)
        (i32.const 0)
        (global.get $scratch)))
    (if (local.get $errno) (then (return (i32.sub (i32.const 0) (local.get $errno)))))
    (i32.load (global.get $scratch)))

  ;; Reads a whole file into new memory, a NUL after it; its length goes to scratch.
  (func $read (param $fd i32) (result i32)
    (local $errno i32) (local $size i32) (local $bytes i32) (local $done i32) (local $step i32)
    (local.set $errno
      (call $fd_filestat_get (local.get $fd) (i32.add (global.get $scratch) (i32.const 32))))
    (if (local.get $errno) (then (return (i32.sub (i32.const 0) (local.get $errno)))))
    (local.set $size (i32.load offset=64 (global.get $scratch)))
    (local.set $bytes (call $malloc (i32.add (local.get $size) (i32.const 1))))
    (loop $more
      (i32.store (global.get $scratch) (i32.add (local.get $bytes) (local.get $done)))
      (i32.store offset=4 (global.get $scratch) (i32.sub (local.get $size) (local.get $done)))
      (local.set $errno
        (call $fd_read (local.get $fd) (global.get $scratch) (i32.const 1)
          (i32.add (global.get $scratch) (i32.const 8))))
      (if (local.get $errno) (then (return (i32.sub (i32.const 0) (local.get $errno)))))
      (local.set $step (i32.load offset=8 (global.get $scratch)))
      (local.set $done (i32.add (local.get $done) (local.get $step)))
      (br_if $more (local.get $step)))
    (i32.store8 (i32.add (local.get $bytes) (local.get $done)) (i32.const 0))
    (i32.store offset=16 (global.get $scratch) (local.get $done))
    (local.get $bytes))

  (func $write (param $fd i32) (param $bytes i32) (param $length i32) (result i32)
    (local $errno i32) (local $step i32)
    (loop $more
      (i32.store (global.get $scratch) (local.get $bytes))
      (i32.store offset=4 (global.get $scratch) (local.get $length))
      (local.set $errno
        (call $fd_write (local.get $fd) (global.get $scratch) (i32.const 1)
          (i32.add (global.get $scratch) (i32.const 8))))
      (if (local.get $errno) (then (return (i32.sub (i32.const 0) (local.get $errno)))))
      (local.set $step (i32.load offset=8 (global.get $scratch)))
      (local.set $bytes (i32.add (local.get $bytes) (local.get $step)))
      (local.set $length (i32.sub (local.get $length) (local.get $step)))
      (br_if $more (local.get $length)))
    (i32.const 0))

  ;; Reads a line of standard input, its end included, into new memory; its length goes to scratch, 0 at
  ;; the end of the input. A longer line than the memory comes in pieces.
  (func $line (result i32)
    (local $errno i32) (local $bytes i32) (local $done i32)
    (local.set $bytes (call $malloc (i32.const 65537)))
    (block $end
      (loop $more
        (i32.store (global.get $scratch) (i32.add (local.get $bytes) (local.get $done)))
        (i32.store offset=4 (global.get $scratch) (i32.const 1))
        (local.set $errno
          (call $fd_read (i32.const 0) (global.get $scratch) (i32.const 1)
            (i32.add (global.get $scratch) (i32.const 8))))
        (if (local.get $errno) (then (return (i32.sub (i32.const 0) (local.get $errno)))))
        (br_if $end (i32.eqz (i32.load offset=8 (global.get $scratch))))
        (local.set $done (i32.add (local.get $done) (i32.const 1)))
        (br_if $end (i32.eq (local.get $done) (i32.const 65536)))
        (br_if $more
          (i32.ne
            (i32.load8_u (i32.sub (i32.add (local.get $bytes) (local.get $done)) (i32.const 1)))
            (i32.const 10)))))
    (i32.store8 (i32.add (local.get $bytes) (local.get $done)) (i32.const 0))
    (i32.store offset=16 (global.get $scratch) (local.get $done))
    (local.get $bytes))

  ;; What QuickJS imports

  (func $number (param $value i32) (result i32)
    (call $qjs_new_number (f64.convert_i32_s (local.get $value))))

  (func $number_of (param $value i32) (result i32)
    (i32.trunc_sat_f64_s (call $qjs_get_float64 (local.get $value))))

  ;; UTF-8 text, whose length goes to scratch.
  (func $text_of (param $value i32) (result i32)
    (call $qjs_get_string_len (local.get $value) (i32.add (global.get $scratch) (i32.const 24))))

  ;; A call of a lent function: open(path, writes), read(fd), write(fd, text), close(fd), exit(code),
  ;; line().
  (func (export "host_call")
    (param $name i32) (param $name_length i32) (param $this i32) (param $argc i32) (param $argv i32)
    (result i32)
    (local $letter i32) (local $first i32) (local $second i32) (local $text i32) (local $result i32)
    (local.set $letter (i32.load8_u (local.get $name)))
    (if (i32.eq (local.get $letter) (i32.const 0x6c)) ;; l
      (then
        (local.set $text (call $line))
        (if (i32.lt_s (local.get $text) (i32.const 0))
          (then (return (call $number (local.get $text)))))
        (local.set $result
          (call $qjs_new_string (local.get $text) (i32.load offset=16 (global.get $scratch))))
        (call $free (local.get $text))
        (return (local.get $result))))
    (local.set $first (i32.load (local.get $argv)))
    (if (i32.gt_u (local.get $argc) (i32.const 1))
      (then (local.set $second (i32.load offset=4 (local.get $argv)))))

    (if (i32.eq (local.get $letter) (i32.const 0x6f)) ;; o
      (then
        (local.set $text (call $text_of (local.get $first)))
        (local.set $result
          (call $open (local.get $text) (i32.load offset=24 (global.get $scratch))
            (call $number_of (local.get $second))))
        (call $qjs_free_cstring (local.get $text))
        (return (call $number (local.get $result)))))
    (if (i32.eq (local.get $letter) (i32.const 0x72)) ;; r
      (then
        (local.set $text (call $read (call $number_of (local.get $first))))
        (if (i32.lt_s (local.get $text) (i32.const 0))
          (then (return (call $number (local.get $text)))))
        (local.set $result
          (call $qjs_new_string (local.get $text) (i32.load offset=16 (global.get $scratch))))
        (call $free (local.get $text))
        (return (local.get $result))))
    (if (i32.eq (local.get $letter) (i32.const 0x77)) ;; w
      (then
        (local.set $text (call $text_of (local.get $second)))
        (local.set $result
          (call $write (call $number_of (local.get $first)) (local.get $text)
            (i32.load offset=24 (global.get $scratch))))
        (call $qjs_free_cstring (local.get $text))
        (return (call $number (local.get $result)))))
    (if (i32.eq (local.get $letter) (i32.const 0x63)) ;; c
      (then
        (return
          (call $number (i32.sub (i32.const 0) (call $fd_close (call $number_of (local.get $first))))))))
    (call $proc_exit (call $number_of (local.get $first)))
    unreachable)

  (func (export "host_get_timezone_offset") (param i32 i32) (result i32) (i32.const 0))
  ;; Never called: QuickJS calls these only where it was told to.
  (func (export "host_interrupt") (result i32) unreachable)
  (func (export "host_promise_rejection") (param i32 i32 i32) unreachable)
  (func (export "host_module_normalize") (param i32 i32) (result i32) unreachable)
  (func (export "host_module_load") (param i32 i32) (result i32) unreachable)

  ;; The run

  (func $fail (param $error i32)
    (local $argv i32)
    (local.set $argv (call $malloc (i32.const 4)))
    (i32.store (local.get $argv) (local.get $error))
    (drop
      (call $qjs_call (global.get $report) (call $qjs_get_undefined) (i32.const 1) (local.get $argv)))
    (call $proc_exit (i32.const 1)))

  ;; Lends one function, by the letter at an index.
  (func $lend (param $list i32) (param $index i32)
    (i32.store (i32.add (local.get $list) (i32.mul (local.get $index) (i32.const 4)))
      (call $qjs_new_host_function
        (i32.add (global.get $scratch) (i32.add (i32.const 96) (local.get $index)))
        (i32.const 1)
        (i32.const 0))))

  ;; Evaluates the prelude and calls its function with all that is lent.
  (func $begin (param $args i32)
    (local $prelude i32) (local $lent i32) (local $index i32)
    (local.set $prelude (call $malloc (i32.const {{bytes of quickjs-prelude.js, 1 more}})))
    (memory.init $prelude
      (local.get $prelude) (i32.const 0) (i32.const {{bytes of quickjs-prelude.js, 1 more}}))
    (local.set $lent (call $malloc (i32.const 28)))
    (loop $more
      (call $lend (local.get $lent) (local.get $index))
      (local.set $index (i32.add (local.get $index) (i32.const 1)))
      (br_if $more (i32.lt_u (local.get $index) (i32.const 6))))
    (i32.store offset=24 (local.get $lent) (local.get $args))
    (global.set $report
      (call $qjs_call
        (call $qjs_eval (local.get $prelude) (i32.const {{bytes of quickjs-prelude.js}})
          (local.get $prelude) ;; its file's name: of no interest
          (i32.const 0))
        (call $qjs_get_undefined)
        (i32.const 7)
        (local.get $lent))))

  ;; Evaluates the script, `await` and all, until nothing is left to do.
  (func $run (param $source i32) (param $length i32) (param $file i32)
    (local $promise i32)
    (local.set $promise
      (call $qjs_eval (local.get $source) (local.get $length) (local.get $file) (i32.const 128))) ;; ASYNC
    (if (call $qjs_is_exception (local.get $promise)) (then (call $fail (call $qjs_get_exception))))
    (loop $more
      (if (call $qjs_is_job_pending)
        (then
          (if (i32.lt_s (call $qjs_execute_pending_job) (i32.const 0))
            (then (call $fail (call $qjs_get_exception))))
          (br $more))))
    (if (i32.eq (call $qjs_promise_state (local.get $promise)) (i32.const 2)) ;; rejected
      (then (call $fail (call $qjs_promise_result (local.get $promise))))))

  (func (export "_start")
    (local $argc i32) (local $argv i32) (local $args i32) (local $index i32) (local $file i32)
    (local $source i32)
    (call $initialize)
    (drop (call $qjs_init))
    (global.set $scratch (call $malloc (i32.const 128)))
    (memory.init $letters (i32.add (global.get $scratch) (i32.const 96)) (i32.const 0) (i32.const 6))

    ;; All but the program's own name, the script's first.
    (drop (call $args_sizes_get (global.get $scratch) (i32.add (global.get $scratch) (i32.const 4))))
    (local.set $argc (i32.load (global.get $scratch)))
    (local.set $argv (call $malloc (i32.mul (local.get $argc) (i32.const 4))))
    (drop (call $args_get (local.get $argv) (call $malloc (i32.load offset=4 (global.get $scratch)))))
    (local.set $args (call $qjs_new_array))
    (local.set $index (i32.const 1))
    (loop $more
      (if (i32.lt_u (local.get $index) (local.get $argc))
        (then
          (local.set $file (call $item (local.get $argv) (local.get $index)))
          (drop
            (call $qjs_set_prop_uint32 (local.get $args)
              (i32.sub (local.get $index) (i32.const 1))
              (call $qjs_new_string (local.get $file) (call $length (local.get $file)))))
          (local.set $index (i32.add (local.get $index) (i32.const 1)))
          (br $more))))
    (call $begin (local.get $args))

    ;; The script's path begins with a slash, which a path below a preopen does not.
    (local.set $file (call $item (local.get $argv) (i32.const 1)))
    (local.set $source
      (call $read
        (call $open (i32.add (local.get $file) (i32.const 1))
          (i32.sub (call $length (local.get $file)) (i32.const 1))
          (i32.const 0))))
    (if (i32.lt_s (local.get $source) (i32.const 0)) (then (call $proc_exit (i32.const 127))))
    (call $run (local.get $source) (i32.load offset=16 (global.get $scratch)) (local.get $file))))
