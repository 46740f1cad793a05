/** Exports and imports that are missing, of another type, or of names that mean something to JavaScript. */

import { Errno } from "../../src/files/errno.ts";
import {
  ALLOC,
  ECHO,
  FREE,
  guest,
  guestAddress,
  MEMORY,
  quoted,
  wasiImport,
} from "../harness/hand-made-guest.ts";
import { type End, fails, hostile, hostileEach, survives, test } from "./case.ts";

const refused = (problems: string) =>
  fails("PluginLinkError", `Cannot link plugin "plugin": ${problems}`);
const trapped = (found: RegExp) => fails("PluginTrapError", found);

/** Each alone, in a module that is else a plugin. */
const REFUSED: readonly (readonly [what: string, parts: string[], problems: string])[] = [
  [
    "nothing at all",
    [],
    'export "memory" is missing (must be a memory); export "__alloc_buffer" is missing (must be (i32) -> i32); export "__free_buffer" is missing (must be (i64) -> ())',
  ],
  ["no memory", [ALLOC, FREE], 'export "memory" is missing (must be a memory)'],
  [
    "a function for a memory",
    ['(func (export "memory"))', ALLOC, FREE],
    'export "memory" is a function (must be a memory)',
  ],
  [
    "a global for an allocator",
    [MEMORY, '(global (export "__alloc_buffer") i32 (i32.const 8))', FREE],
    'export "__alloc_buffer" is a global (must be (i32) -> i32)',
  ],
  [
    "an allocator of 64 bits",
    [MEMORY, '(func (export "__alloc_buffer") (param i64) (result i64) (i64.const 8))', FREE],
    'export "__alloc_buffer" has type (i64) -> i64 (must be (i32) -> i32)',
  ],
  [
    "an allocator of references",
    [
      MEMORY,
      '(func (export "__alloc_buffer") (param i32) (result externref) (ref.null extern))',
      FREE,
    ],
    'export "__alloc_buffer" has type (i32) -> ref (must be (i32) -> i32)',
  ],
  [
    "a free with a result",
    [MEMORY, ALLOC, '(func (export "__free_buffer") (param i64) (result i64) (i64.const 0))'],
    'export "__free_buffer" has type (i64) -> i64 (must be (i64) -> ())',
  ],
  [
    "an _initialize with a parameter",
    [MEMORY, ALLOC, FREE, '(func (export "_initialize") (param i32))'],
    'export "_initialize" has type (i32) -> () (must be () -> ())',
  ],
  [
    "an _initialize that is a table",
    [MEMORY, ALLOC, FREE, '(table (export "_initialize") 1 funcref)'],
    'export "_initialize" is a table (must be () -> ())',
  ],
  [
    "an imported memory",
    ['(import "env" "memory" (memory 1))', '(export "memory" (memory 0))', ALLOC, FREE],
    'import "env.memory" is a memory (must be a function)',
  ],
  [
    "a host function that the page does not have",
    ['(import "env" "__run" (func (param i64) (result i64)))', MEMORY, ALLOC, FREE],
    'import "env.__run" has no host function (hostFunctions lacks "run")',
  ],
  [
    "a host function with the name of an inherited property",
    ['(import "env" "__constructor" (func (param i64) (result i64)))', MEMORY, ALLOC, FREE],
    'import "env.__constructor" has no host function (hostFunctions lacks "constructor")',
  ],
  [
    "an import of the prototype of its imports",
    ['(import "env" "__proto__" (func (param i64) (result i64)))', MEMORY, ALLOC, FREE],
    'import "env.__proto__" has no host function (hostFunctions lacks "proto__")',
  ],
  [
    "an import from the module __proto__",
    ['(import "__proto__" "toString" (func (param i64) (result i64)))', MEMORY, ALLOC, FREE],
    'import "__proto__.toString" is unknown (must be "env.__<host function>" or "wasi_snapshot_preview1.*")',
  ],
  [
    "WASI's own prototype",
    [
      '(import "wasi_snapshot_preview1" "constructor" (func (param i64) (result i64)))',
      MEMORY,
      ALLOC,
      FREE,
    ],
    'import "wasi_snapshot_preview1.constructor" is unknown (must be a call of WASI preview 1)',
  ],
  [
    "a WASI call with a missing parameter",
    [
      '(import "wasi_snapshot_preview1" "fd_pwrite" (func (param i32 i32 i32 i32) (result i32)))',
      MEMORY,
      ALLOC,
      FREE,
    ],
    'import "wasi_snapshot_preview1.fd_pwrite" has type (i32, i32, i32, i32) -> i32 (must be (i32, i32, i32, i64, i32) -> i32)',
  ],
  [
    "a string of JavaScript's",
    [
      '(import "wasm:js-string" "length" (func (param externref) (result i32)))',
      MEMORY,
      ALLOC,
      FREE,
    ],
    'import "wasm:js-string.length" is unknown (must be "env.__<host function>" or "wasi_snapshot_preview1.*")',
  ],
];

test(
  `a module with any of ${REFUSED.length} wrong exports and imports is refused`,
  hostileEach({
    cases: REFUSED.map(([what, parts, problems]) => [what, guest(...parts), refused(problems)]),
    attack: ({ load }, bytes) => load(bytes),
  }),
);

/**
 * Of a compiled module the types cannot be seen. So here they are wrong when they are used: each with
 * the guest that has it, and what a call of `f` ends with.
 */
const UNTYPED: readonly (readonly [what: string, parts: string[], end: End])[] = [
  [
    "an allocator of 64 bits",
    [MEMORY, '(func (export "__alloc_buffer") (param i64) (result i64) (i64.const 8))', FREE, ECHO],
    trapped(/^Call "echo" of plugin "plugin" trapped/),
  ],
  [
    "an allocator of references",
    [
      MEMORY,
      '(func (export "__alloc_buffer") (param i32) (result externref) (ref.null extern))',
      FREE,
      ECHO,
    ],
    trapped(/: __alloc_buffer\(9\) returned 0$/),
  ],
  [
    "an allocator of NaN",
    [
      MEMORY,
      '(func (export "__alloc_buffer") (param i32) (result f64) (f64.const nan))',
      FREE,
      ECHO,
    ],
    trapped(/: __alloc_buffer\(9\) returned 0$/),
  ],
  [
    "an allocator of pairs",
    [
      MEMORY,
      '(func (export "__alloc_buffer") (param i32) (result i32 i32) (i32.const 8) (i32.const 8))',
      FREE,
      ECHO,
    ],
    trapped(/: __alloc_buffer\(9\) returned 0$/),
  ],
  [
    "a function of 32 bits",
    [MEMORY, ALLOC, FREE, '(func (export "__echo") (param i64) (result i32) (i32.const 8))'],
    trapped(/: number \(must be an i64\)$/),
  ],
  [
    "a function of pairs",
    [
      MEMORY,
      ALLOC,
      FREE,
      '(func (export "__echo") (param i64) (result i64 i64) (local.get 0) (local.get 0))',
    ],
    trapped(/: object \(must be an i64\)$/),
  ],
  [
    "a function of nothing",
    [MEMORY, ALLOC, FREE, '(func (export "__echo") (param i64))'],
    trapped(/: undefined \(must be an i64\)$/),
  ],
  [
    "a function of floats",
    [MEMORY, ALLOC, FREE, '(func (export "__echo") (param f32) (result i64) (i64.const 0))'],
    trapped(/^Call "echo" of plugin "plugin" trapped/),
  ],
  [
    "a function of vectors",
    [MEMORY, ALLOC, FREE, '(func (export "__echo") (param v128) (result i64) (i64.const 0))'],
    trapped(/^Call "echo" of plugin "plugin" trapped/),
  ],
  [
    "a free of floats",
    [MEMORY, ALLOC, '(func (export "__free_buffer") (param f64))', ECHO],
    trapped(/^Call "echo" of plugin "plugin" trapped/),
  ],
  [
    "an _initialize of floats",
    [MEMORY, ALLOC, FREE, ECHO, '(func (export "_initialize") (param f64))'],
    trapped(/^Start of plugin "plugin" trapped/),
  ],
  [
    "a host function of floats",
    [
      '(import "env" "__run" (func $run (param f64) (result i64)))',
      MEMORY,
      ALLOC,
      FREE,
      '(func (export "__echo") (param i64) (result i64) (call $run (f64.const 1)))',
    ],
    trapped(/: number \(must be an i64\)$/),
  ],
  [
    "a host function that is asked for a float",
    [
      '(import "env" "__run" (func $run (param i64) (result f64)))',
      MEMORY,
      ALLOC,
      FREE,
      '(func (export "__echo") (param i64) (result i64) (drop (call $run (local.get 0))) (local.get 0))',
    ],
    trapped(/^Call "echo" of plugin "plugin" trapped/),
  ],
  [
    "a host function of nothing",
    [
      '(import "env" "__run" (func $run))',
      MEMORY,
      ALLOC,
      FREE,
      '(func (export "__echo") (param i64) (result i64) (call $run) (local.get 0))',
    ],
    trapped(/: undefined \(must be an i64\)$/),
  ],
];

test(
  `a compiled module with any of ${UNTYPED.length} wrong types fails when they are used`,
  hostileEach({
    cases: UNTYPED.map(([what, parts, end]) => [what, guest(...parts), end]),
    attack: async ({ cloche: { hostFunction, loadPlugin }, t }, bytes) => {
      const module = await WebAssembly.compile(new Uint8Array(bytes));
      const hostFunctions = { run: hostFunction([t.string], t.string, (text) => text) };
      const plugin = await loadPlugin(module, { hostFunctions });
      try {
        await plugin.function("echo", [t.string], t.string)("x");
      } finally {
        plugin.terminate();
      }
    },
  }),
);

for (const engine of ["cloche", "wasmer"] as const) {
  test(
    `a compiled module that omits a write's offset cannot exceed its limits, on the ${engine} engine`,
    hostile({
      given: {
        bytes: guest(
          wasiImport("path_open"),
          wasiImport("fd_filestat_set_size"),
          '(import "wasi_snapshot_preview1" "fd_pwrite" (func $write (param i32 i32 i32) (result i32)))',
          MEMORY,
          ALLOC,
          FREE,
          ECHO,
          '(data (i32.const 0) "\\00\\00\\00\\00\\08\\00\\00\\00file")',
          `(func (export "__f") (param i64) (result i64)
            (drop (call $path_open (i32.const 3) (i32.const 0) (i32.const 8) (i32.const 4)
              (i32.const 1) (i64.const 0x1fffffff) (i64.const 0x1fffffff) (i32.const 0) (i32.const 64)))
            (i32.store (i32.const 68)
              (call $write (i32.load (i32.const 64)) (i32.const 0) (i32.const 1)))
            (i32.store (i32.const 72)
              (call $fd_filestat_set_size (i32.load (i32.const 64)) (i64.const 0)))
            (i32.store (i32.const 76)
              (call $fd_filestat_set_size (i32.load (i32.const 64)) (i64.const 2000)))
            (i64.const 0x00000044_0000000c))`,
        ),
        engine,
      },
      attack: async ({ cloche: { loadPlugin }, t }, { bytes, engine }) => {
        const module = await WebAssembly.compile(new Uint8Array(bytes));
        const limits = { fileBytes: 1000 };
        const plugin = await loadPlugin(module, { limits, ...window.onEngine(engine) });
        const errnos = await plugin.function("f", [], t.array(t.u32, 3))();
        plugin.terminate();
        return errnos;
      },
      end: survives([Errno.EINVAL, Errno.SUCCESS, Errno.EFBIG]),
    }),
  );
}

const global = (type: string, value: string) =>
  `(global (export "__stack_pointer") ${type} ${value})`;
const SAVE = '(func (export "_stack_save") (result i32) (i32.const 8))';

const STACK_POINTERS: readonly (readonly [what: string, part: string])[] = [
  ["that cannot be set", global("i32", "(i32.const 0)")],
  ["of 64 bits", global("(mut i64)", "(i64.const 0)")],
  ["of 128 bits", global("(mut v128)", "(v128.const i64x2 0 0)")],
  ["that is a reference", global("(mut externref)", "(ref.null extern)")],
  ["that holds an exception", global("(mut exnref)", "(ref.null exn)")],
  ["whose function traps", `${SAVE} (func (export "_stack_restore") (param i32) unreachable)`],
  [
    "whose function takes another type",
    `${SAVE} (func (export "_stack_restore") (param i64) unreachable)`,
  ],
  [
    "whose function calls the host",
    `${SAVE} (func (export "_stack_restore") (param i32) (drop (call $run (i64.const 0))))`,
  ],
  ["of half of the functions", SAVE],
];

test(
  `none of ${STACK_POINTERS.length} odd stack pointers hides the failure of a host function`,
  hostileEach({
    cases: STACK_POINTERS.map(([what, part]) => [
      what,
      guest(
        '(import "env" "__run" (func $run (param i64) (result i64)))',
        MEMORY,
        ALLOC,
        FREE,
        ECHO,
        part,
        '(func (export "__f") (param i64) (result i64) (call $run (local.get 0)))',
      ),
      fails("PluginHostFunctionError", /refused$/, { cause: "RangeError" }),
    ]),
    attack: async ({ load, t, cloche: { hostFunction } }, bytes) => {
      const refuse = () => {
        throw new RangeError("refused");
      };
      const hostFunctions = { run: hostFunction([], t.unit, refuse) };
      const plugin = await load(bytes, { hostFunctions });
      await plugin.function("f", [], t.unit)();
    },
  }),
);

const LONG = "x".repeat(50_000);

/** Names without the underscores of the ABI, with them, and none at all. */
const NAMES: readonly string[] = [
  "",
  "then",
  "catch",
  "constructor",
  "toString",
  "valueOf",
  "hasOwnProperty",
  "prototype",
  "default",
  "__proto__",
  "__then",
  "__constructor",
  "__toString",
  "__defineGetter__",
  "__a\u0000b",
  "__\u202e\u2066rtl",
  "__größe ⌖ 🔔",
  "__\u001b[31mred\n\r",
  "__ \t",
  `__${LONG}`,
];

test(
  "a module whose exports have built-in, empty or very long names is a plugin",
  hostile({
    given: guest(
      MEMORY,
      ALLOC,
      FREE,
      ECHO,
      ...NAMES.map(
        (name) => `(func (export ${quoted(name)}) (param i64) (result i64) (local.get 0))`,
      ),
      '(func (export "__") (param i64) (result i64) unreachable)',
    ),
    attack: async ({ load, t }, bytes) => {
      const plugin = await load(bytes);
      const answered = [];
      for (const name of plugin.functions) {
        const answer = await plugin.function(name, [t.string], t.string)(name.slice(0, 20));
        answered.push(answer);
      }
      return answered;
    },
    end: survives([
      "echo",
      ...NAMES.filter((name) => /^__./.test(name)).map((name) => name.slice(2, 22)),
    ]),
  }),
);

test(
  "the plugin, its functions and its files are not thenables, whatever its exports are named",
  hostile({
    given: guest(
      MEMORY,
      ALLOC,
      FREE,
      '(func (export "then") (param externref externref) unreachable)',
      '(func (export "__then") (param i64) (result i64) unreachable)',
    ),
    attack: async ({ load, t }, bytes) => {
      const plugin = await load(bytes);
      const then = await Promise.resolve(plugin.function("then", [], t.unit));
      return [typeof then, "then" in plugin, "then" in plugin.files, "then" in then];
    },
    end: survives(["function", false, false, false]),
  }),
);

/** So many imports that nobody knows, each with a name of a hundred characters and more. */
const unknownImports = (count: number) =>
  Array.from(
    { length: count },
    (_, index) => `(import "env" "f${index}${"x".repeat(100)}" (func))`,
  );

test(
  "a module with a thousand unknown imports of long names is rejected with a short message",
  hostile({
    given: guestAddress(...unknownImports(999), `(import "env" "${LONG}" (func))`),
    attack: ({ load }, address) => load(address),
    end: fails("PluginLinkError", /^Cannot link plugin "plugin": export "memory" is missing/),
  }),
);

test(
  "a module with one more import is rejected by the limit",
  hostile({
    given: guestAddress(...unknownImports(1001)),
    attack: ({ load }, address) => load(address),
    end: fails("PluginLimitError", / has 1,001 imports, limit 1,000 \(limits\.imports\)$/, {
      fields: { limit: "imports", value: 1001, allowed: 1000 },
    }),
  }),
);

test(
  "a plugin with sixty thousand functions keeps the page responsive",
  hostile({
    given: guestAddress(
      MEMORY,
      ALLOC,
      FREE,
      "(func $f (param i64) (result i64) (local.get 0))",
      ...Array.from({ length: 60_000 }, (_, index) => `(export "__f${index}" (func $f))`),
    ),
    attack: async ({ load, t }, address) => {
      const plugin = await load(address);
      return [
        plugin.functions.length,
        await plugin.function("f59999", [t.string], t.string)("here"),
      ];
    },
    end: survives([60_000, "here"]),
  }),
);

test(
  "a plugin with very long function names lists only a few of them in an error",
  hostile({
    given: guestAddress(
      MEMORY,
      ALLOC,
      FREE,
      ...Array.from(
        { length: 8 },
        (_, index) => `(func (export "__${index}${LONG}") (param i64) (result i64) (local.get 0))`,
      ),
    ),
    attack: async ({ load, t, rejection }, address) => {
      const plugin = await load(address);
      const ask = async () => plugin.function(`${plugin.functions[0]}y`, [], t.unit);
      return (await rejection(ask())).message.length < 2000;
    },
    end: survives(true),
  }),
);
