;; Makes a command of Ruby, which is published as a reactor: takes the arguments of the command line,
;; starts the interpreter with them, and has it load the script that the first one names.
(module
  (import "ruby" "memory" (memory 0))
  (import "ruby" "_initialize" (func $initialize))
  (import "ruby" "cabi_realloc" (func $realloc (param i32 i32 i32 i32) (result i32)))
  (import "ruby" "ruby-init: func(args: list<string>) -> ()" (func $ruby_init (param i32 i32)))
  (import "ruby" "rb-eval-string-protect: func(str: string) -> tuple<handle<rb-abi-value>, s32>"
    (func $eval (param i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "args_sizes_get" (func $args_sizes_get (param i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "args_get" (func $args_get (param i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "proc_exit" (func $proc_exit (param i32)))

  ;; What stands between the program's name and the script: an encoding, and a program that does
  ;; nothing, since the interpreter only parses the one that it is started with.
  (data $options "-EUTF-8\00-e_=0\00--\00")

  ;; Ruby's text that loads the script. The installer puts it here.
  (data $run "{{text of ruby-run.rb}}")

  (func $alloc (param $bytes i32) (result i32)
    (call $realloc (i32.const 0) (i32.const 0) (i32.const 4) (local.get $bytes)))

  ;; Writes one string of the list, its NUL counted, and returns where the next one goes.
  (func $put (param $list i32) (param $text i32) (result i32)
    (local $end i32)
    (local.set $end (local.get $text))
    (loop $more
      (if (i32.load8_u (local.get $end))
        (then
          (local.set $end (i32.add (local.get $end) (i32.const 1)))
          (br $more))))
    (i32.store (local.get $list) (local.get $text))
    (i32.store offset=4 (local.get $list)
      (i32.add (i32.sub (local.get $end) (local.get $text)) (i32.const 1)))
    (i32.add (local.get $list) (i32.const 8)))

  (func (export "_start")
    (local $sizes i32) (local $argc i32) (local $argv i32) (local $options i32)
    (local $list i32) (local $next i32) (local $index i32) (local $run i32)
    (call $initialize)

    (local.set $sizes (call $alloc (i32.const 8)))
    (drop (call $args_sizes_get (local.get $sizes) (i32.add (local.get $sizes) (i32.const 4))))
    (local.set $argc (i32.load (local.get $sizes)))
    (local.set $argv (call $alloc (i32.mul (local.get $argc) (i32.const 4))))
    (drop (call $args_get (local.get $argv) (call $alloc (i32.load offset=4 (local.get $sizes)))))

    (local.set $options (call $alloc (i32.const 17)))
    (memory.init $options (local.get $options) (i32.const 0) (i32.const 17))

    (local.set $list
      (call $alloc (i32.mul (i32.add (local.get $argc) (i32.const 3)) (i32.const 8))))
    (local.set $next (call $put (local.get $list) (i32.load (local.get $argv))))
    (local.set $next (call $put (local.get $next) (local.get $options)))
    (local.set $next (call $put (local.get $next) (i32.add (local.get $options) (i32.const 8))))
    (local.set $next (call $put (local.get $next) (i32.add (local.get $options) (i32.const 14))))
    (local.set $index (i32.const 1))
    (loop $more
      (if (i32.lt_u (local.get $index) (local.get $argc))
        (then
          (local.set $next
            (call $put (local.get $next)
              (i32.load (i32.add (local.get $argv) (i32.mul (local.get $index) (i32.const 4))))))
          (local.set $index (i32.add (local.get $index) (i32.const 1)))
          (br $more))))
    (call $ruby_init (local.get $list) (i32.add (local.get $argc) (i32.const 3)))

    (local.set $run (call $alloc (i32.const {{bytes of ruby-run.rb}})))
    (memory.init $run (local.get $run) (i32.const 0) (i32.const {{bytes of ruby-run.rb}}))
    (drop (call $eval (local.get $run) (i32.const {{bytes of ruby-run.rb}})))
    (call $proc_exit (i32.const 70))))
