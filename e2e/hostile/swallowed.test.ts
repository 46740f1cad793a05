/** Guests that catch whatever a call out of them throws, and go on as if nothing had been. */

import { ALLOC, ECHO, FREE, guest, MEMORY, wasiImport } from "../harness/hand-made-guest.ts";
import { JSPI } from "../harness/test.ts";
import { type End, fails, failure, hostile, hostileEach, survives, test } from "./case.ts";

/** The two forms of catching everything that browsers have. */
const CATCHING: readonly (readonly [form: string, around: (body: string) => string])[] = [
  ["try with catch_all", (body) => `(try (do ${body}) (catch_all))`],
  ["try_table", (body) => `(block $caught (try_table (catch_all $caught) ${body}))`],
];
const RUN = '(import "env" "__run" (func $run (param i64) (result i64)))';
const EXIT = wasiImport("proc_exit");

const plugin = (...parts: string[]) => guest(...parts, MEMORY, ALLOC, FREE, ECHO);
const calls = (body: string) =>
  `(func (export "__f") (param i64) (result i64) ${body} (i64.const 0))`;

for (const [form, around] of CATCHING) {
  const exit = around("(call $proc_exit (i32.const 7))");
  const exitingAlloc = `(func (export "__alloc_buffer") (param i32) (result i32) ${exit} (i32.const 8))`;
  const exitingFree = `(func (export "__free_buffer") (param i64) ${exit})`;

  const exits: readonly (readonly [where: string, bytes: number[]])[] = [
    ["a call", plugin(EXIT, calls(exit))],
    ["a call, three times over", plugin(EXIT, calls(exit + exit + exit))],
    ["__alloc_buffer", guest(EXIT, MEMORY, FREE, exitingAlloc, calls(""))],
    ["__free_buffer", guest(EXIT, MEMORY, ALLOC, exitingFree, calls(""))],
    ["_initialize", plugin(EXIT, `(func (export "_initialize") ${exit})`, calls(""))],
    ["the start section", plugin(EXIT, `(func $early ${exit}) (start $early)`, calls(""))],
  ];
  test(
    `an exit in any of ${exits.length} places, caught by ${form}, is an exit`,
    hostileEach({
      cases: exits.map(([where, bytes]) => [
        where,
        bytes,
        fails("PluginExitError", /exited with code 7$/, { fields: { exitCode: 7 } }),
      ]),
      attack: async ({ load, t }, bytes) => {
        const plugin = await load(bytes);
        await plugin.function("f", [t.u8], t.unit)(1);
      },
    }),
  );

  test(
    `an exit in a command, caught by ${form}, is its end, and nothing comes after it`,
    hostile({
      given: guest(
        EXIT,
        wasiImport("fd_write"),
        MEMORY,
        '(data (i32.const 0) "\\08\\00\\00\\00\\01\\00\\00\\00x")',
        `(func (export "_start") ${exit}
          (drop (call $fd_write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 16))))`,
      ),
      attack: async ({ cloche }, bytes) => {
        const { exitCode, stdout } = await cloche.runCommand(new Uint8Array(bytes));
        return { exitCode, stdout };
      },
      end: survives({ exitCode: 7, stdout: "" }),
    }),
  );
}

/** What the guest hands over in its host call, and what the call that makes it ends with. */
const FAILURES: readonly (readonly [what: string, given: string, end: End])[] = [
  [
    "a host function that throws",
    "0x00000010_00000001",
    fails("PluginHostFunctionError", /^Host function "run" of plugin "plugin" failed: refused$/, {
      cause: "RangeError",
    }),
  ],
  [
    "a host function given bytes of another type",
    "0x00000010_00000000",
    fails("PluginHostFunctionError", /^Host function "run" of plugin "plugin" failed: /, {
      cause: "CodecError",
    }),
  ],
  [
    "arguments past limits.messageBytes",
    "0x00000000_00010000",
    fails("PluginLimitError", / is 64 KB, limit 1,000 bytes \(limits\.messageBytes\)$/),
  ],
  [
    "arguments past the end of memory",
    "0x0000fff8_00000009",
    fails("PluginTrapError", /the guest returned bytes 65528 to 65537 of a memory of 65536/),
  ],
];

/** Each in a call and at the start, caught in both forms. */
const CAUGHT = FAILURES.flatMap(([what, given, end]) =>
  CATCHING.flatMap(([form, around]) => {
    const call = around(`(drop (call $run (i64.const ${given})))`);
    const body = call + call;
    return [
      [`${what}, caught in a call by ${form}`, plugin(RUN, calls(body)), end] as const,
      [
        `${what}, caught in _initialize by ${form}`,
        plugin(RUN, `(func (export "_initialize") ${body}) ${calls("")}`),
        end,
      ] as const,
    ];
  }),
);

for (const blocking of ["jspi", "shared-memory"] as const) {
  test(
    `each of ${FAILURES.length} failures of a host call that a guest catches still fails, by ${blocking}`,
    blocking === "jspi" ? JSPI : {},
    hostileEach({
      cases: CAUGHT.map(([what, bytes, end]) => [what, { bytes, blocking }, end]),
      attack: async ({ load, t, cloche: { hostFunction } }, { bytes, blocking }) => {
        const refuse = () => {
          throw new RangeError("refused");
        };
        const plugin = await load(bytes, {
          blocking,
          limits: { messageBytes: 1000 },
          hostFunctions: { run: hostFunction([t.u8], t.unit, refuse) },
        });
        await plugin.function("f", [], t.unit)();
      },
    }),
  );
}

/** Its host calls fail as long as `flag` is set; it keeps the first exception, and throws it again. */
const KEEPER = guest(
  RUN,
  MEMORY,
  ALLOC,
  FREE,
  ECHO,
  "(global $kept (mut exnref) (ref.null exn))",
  calls(`(block $done
    (global.set $kept (block $caught (result exnref)
      (try_table (catch_all_ref $caught) (drop (call $run (i64.const 0))))
      (br $done))))`),
  '(func (export "__again") (param i64) (result i64) (throw_ref (global.get $kept)))',
);

test(
  "a host function's failure that is kept, and thrown in a later call, is that call's trap",
  hostile({
    given: KEEPER,
    attack: async ({ load, rejection, t, cloche: { hostFunction } }, bytes) => {
      const refuse = () => {
        throw new RangeError("refused");
      };
      const plugin = await load(bytes, {
        hostFunctions: { run: hostFunction([], t.unit, refuse) },
      });
      const first = await rejection(plugin.function("f", [], t.unit)());
      return [first, await rejection(plugin.function("again", [], t.unit)())];
    },
    end: survives([
      failure("PluginHostFunctionError", /refused$/),
      failure("PluginTrapError", /^Call "again" of plugin "plugin" trapped/),
    ]),
  }),
);

for (const blocking of ["jspi", "shared-memory"] as const) {
  test(
    `a guest cleans up behind a failed host function, and its plugin lives on, by ${blocking}`,
    blocking === "jspi" ? JSPI : {},
    hostile({
      given: {
        bytes: plugin(
          RUN,
          "(global $cleaned (mut i32) (i32.const 0))",
          calls(`(try (do (drop (call $run (i64.const 0))))
            (catch_all (global.set $cleaned (i32.const 1)) (rethrow 0)))`),
          `(func (export "__cleaned") (param i64) (result i64)
            (i32.store (i32.const 16) (global.get $cleaned)) (i64.const 0x00000010_00000004))`,
        ),
        blocking,
      },
      attack: async ({ load, rejection, t, cloche: { hostFunction } }, { bytes, blocking }) => {
        const refuse = () => Promise.reject(new RangeError("refused"));
        const hostFunctions = { run: hostFunction([], t.unit, refuse) };
        const plugin = await load(bytes, { blocking, hostFunctions });
        const failed = await rejection(plugin.function("f", [], t.unit)());
        return [failed, await plugin.function("cleaned", [], t.u32)()];
      },
      end: survives([failure("PluginHostFunctionError", /refused$/, { cause: "RangeError" }), 1]),
    }),
  );
}
