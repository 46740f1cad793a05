/** Traps of every kind, in every phase of a guest's life. */

import { ALLOC, ECHO, FREE, guest, MEMORY } from "../harness/hand-made-guest.ts";
import { expect } from "../harness/test.ts";
import { fails, failure, hostile, hostileEach, survives, test } from "./case.ts";

/** Each is the body of a function without parameters, with what it needs of the module. */
const KINDS: readonly (readonly [kind: string, body: string, needs?: string])[] = [
  ["unreachable code", "unreachable"],
  ["a division by zero", "(drop (i32.div_u (i32.const 1) (i32.const 0)))"],
  ["a division that overflows", "(drop (i32.div_s (i32.const 0x80000000) (i32.const -1)))"],
  ["a conversion of NaN", "(drop (i32.trunc_f32_s (f32.const nan)))"],
  ["a load past the end of memory", "(drop (i32.load (i32.const 65533)))"],
  ["a store past the end of memory", "(i64.store (i32.const -1) (i64.const 0))"],
  ["a copy past the end of memory", "(memory.fill (i32.const 0) (i32.const 0) (i32.const -1))"],
  [
    "an indirect call of another type",
    "(drop (call_indirect (param i32 i32) (result i32) (i32.const 0) (i32.const 0) (i32.const 0)))",
    "(table 1 funcref) (elem (i32.const 0) $boom)",
  ],
  ["an indirect call of nothing", "(call_indirect (i32.const 0))", "(table 1 funcref)"],
  ["an indirect call past the table", "(call_indirect (i32.const 9))", "(table 1 funcref)"],
  ["a stack overflow", "(call $boom)"],
  ["an exception that nothing catches", "(throw $tag)", "(tag $tag)"],
  ["an exception with a payload", "(throw $tag (i64.const 7))", "(tag $tag (param i64))"],
  [
    "an exception caught and thrown on",
    "(try (do (throw $tag)) (catch_all (rethrow 0)))",
    "(tag $tag)",
  ],
  ["a throw of the null reference", "(throw_ref (ref.null exn))"],
];

/** Each puts the function where it is run in that phase, and has all else that a plugin needs. */
const PHASES: readonly (readonly [phase: string, run: string, parts: readonly string[]])[] = [
  ["the start section", "Start", [MEMORY, ALLOC, FREE, ECHO, "(start $boom)"]],
  ["_initialize", "Start", [MEMORY, ALLOC, FREE, ECHO, '(export "_initialize" (func $boom))']],
  [
    "__alloc_buffer",
    'Call "echo"',
    [
      MEMORY,
      FREE,
      ECHO,
      '(func (export "__alloc_buffer") (param i32) (result i32) (call $boom) (i32.const 8))',
    ],
  ],
  [
    "a call",
    'Call "echo"',
    [
      MEMORY,
      ALLOC,
      FREE,
      '(func (export "__echo") (param i64) (result i64) (call $boom) (local.get 0))',
    ],
  ],
  [
    "__free_buffer",
    'Call "echo"',
    [MEMORY, ALLOC, ECHO, '(func (export "__free_buffer") (param i64) (call $boom))'],
  ],
];

const A_STACK = expect.stringMatching(/^at .*function \d+/) as unknown as string;

for (const [phase, run, parts] of PHASES) {
  test(
    `every kind of trap in ${phase} is a trap`,
    hostileEach({
      cases: KINDS.map(([kind, body, needs = ""]) => [
        kind,
        guest(...parts, needs, `(func $boom ${body})`),
        fails(
          "PluginTrapError",
          new RegExp(`^${run} of plugin "plugin" trapped: [^[]+$`),
          // An exception tells no stack.
          kind.startsWith("an exception") ? {} : { fields: { guestStack: A_STACK } },
        ),
      ]),
      attack: async ({ load, t }, bytes) => {
        const plugin = await load(bytes);
        await plugin.function("echo", [t.string], t.string)("x");
      },
    }),
  );
}

test(
  "a data segment past the end of memory is a trap of the start",
  hostile({
    given: guest(MEMORY, ALLOC, FREE, '(data (i32.const 65535) "ab")'),
    attack: ({ load }, bytes) => load(bytes),
    end: fails("PluginTrapError", /^Start of plugin "plugin" trapped/),
  }),
);

test(
  "a plugin that has trapped is closed with the error that its call got",
  hostile({
    given: guest(
      MEMORY,
      ALLOC,
      FREE,
      ECHO,
      '(func (export "__trap") (param i64) (result i64) unreachable)',
    ),
    attack: async ({ load, rejection, t }, bytes) => {
      const plugin = await load(bytes);
      const calls = [
        rejection(plugin.function("trap", [], t.unit)()),
        rejection(plugin.function("echo", [t.string], t.string)("queued behind it")),
      ];
      const reason = await plugin.closed;
      return [await Promise.all(calls), reason.kind, "error" in reason && reason.error.name];
    },
    end: survives([
      [
        failure("PluginTrapError", /unreachable/i),
        failure("PluginClosedError", /has failed/, { cause: "PluginTrapError" }),
      ],
      "failed",
      "PluginTrapError",
    ]),
  }),
);

test(
  "thirty stack overflows, each on a fresh plugin, leave nothing behind",
  hostile({
    given: guest(
      MEMORY,
      ALLOC,
      FREE,
      "(func $deep (call $deep))",
      '(func (export "__f") (param i64) (result i64) (call $deep) (i64.const 0))',
    ),
    attack: async ({ load, rejection, t }, bytes) => {
      const names = new Set<string>();
      for (let round = 0; round < 30; round++) {
        const plugin = await load(bytes);
        names.add((await rejection(plugin.function("f", [], t.unit)())).name);
      }
      return [...names];
    },
    end: survives(["PluginTrapError"]),
    deadlineMs: 30_000,
  }),
);
