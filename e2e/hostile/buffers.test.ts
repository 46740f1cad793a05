/** Buffers that a guest should not have given, and allocators that lie. */

import { ALLOC, ECHO, FREE, guest, MEMORY } from "../harness/hand-made-guest.ts";
import { type End, fails, hostile, hostileEach, survives, test } from "./case.ts";

const RUN = '(import "env" "__run" (func $run (param i64) (result i64)))';
const alloc = (body: string) => `(func (export "__alloc_buffer") (param i32) (result i32) ${body})`;
const free = (body: string) => `(func (export "__free_buffer") (param i64) ${body})`;
const calls = (body: string) => `(func (export "__f") (param i64) (result i64) ${body})`;

const broken = (found: string) =>
  fails("PluginTrapError", `Invalid buffer of plugin "plugin": ${found} of a memory of 65536`);
const trapped = fails("PluginTrapError", /^Call "f" of plugin "plugin" trapped: .*$/);

const RESULTS: readonly (readonly [what: string, packed: string, end: End])[] = [
  ["at the very end of memory", "0x0000fff8_00000008", survives(undefined)],
  [
    "one byte past the end",
    "0x0000fff9_00000008",
    broken("the guest returned bytes 65529 to 65537"),
  ],
  [
    "that starts at the end",
    "0x00010000_00000001",
    broken("the guest returned bytes 65536 to 65537"),
  ],
  [
    "in the upper half of the addresses",
    "0x80000000_00000008",
    broken("the guest returned bytes 2147483648 to 2147483656"),
  ],
  [
    "that wraps around the addresses",
    "0xfffffff8_00000010",
    broken("the guest returned bytes 4294967288 to 4294967304"),
  ],
  [
    "of the largest length",
    "0x00000001_ffffffff",
    broken("the guest returned bytes 1 to 4294967296"),
  ],
  ["of minus one", "-1", broken("the guest returned bytes 4294967295 to 8589934590")],
  ["of nothing, far outside memory", "0xffffffff_00000000", survives(undefined)],
  ["of nothing, at nothing", "0", survives(undefined)],
  [
    "longer than limits.messageBytes",
    "0x00000000_00001001",
    fails("PluginLimitError", / is 4,097 bytes, limit 4,096 bytes \(limits\.messageBytes\)$/, {
      fields: { limit: "messageBytes", value: 4097, allowed: 4096 },
    }),
  ],
];

test(
  `each of ${RESULTS.length} odd addresses of a result is read or refused as it should`,
  hostileEach({
    cases: RESULTS.map(([what, packed, end]) => [
      what,
      guest(MEMORY, ALLOC, FREE, ECHO, calls(`(i64.const ${packed})`)),
      end,
    ]),
    attack: async ({ load, t }, bytes) => {
      const plugin = await load(bytes, { limits: { messageBytes: 4096 } });
      await plugin.function("f", [], t.unit)();
    },
  }),
);

const ALLOCATORS: readonly (readonly [what: string, body: string, end: End])[] = [
  ["gives 0", "(i32.const 0)", fails("PluginTrapError", /: __alloc_buffer\(4\) returned 0$/)],
  ["gives the last bytes", "(i32.const 65532)", survives(7)],
  [
    "returns one byte too few",
    "(i32.const 65533)",
    broken("__alloc_buffer returned bytes 65533 to 65537"),
  ],
  ["gives -1", "(i32.const -1)", broken("__alloc_buffer returned bytes 4294967295 to 4294967299")],
  [
    "returns the failure of memory.grow",
    "(memory.grow (i32.const 65536))",
    broken("__alloc_buffer returned bytes 4294967295 to 4294967299"),
  ],
  [
    "runs for ever",
    "(loop (br 0)) (i32.const 8)",
    fails("PluginTimeoutError", /timed out after 100 ms/, { fields: { timeoutMs: 100 } }),
  ],
  ["runs out of stack", "(call $alloc (local.get 0))", trapped],
];

test(
  `each of ${ALLOCATORS.length} allocators that lie is told as that`,
  hostileEach({
    cases: ALLOCATORS.map(([what, body, end]) => [
      what,
      guest(
        MEMORY,
        FREE,
        `(func $alloc (export "__alloc_buffer") (param i32) (result i32) ${body})`,
        calls("(local.get 0)"),
      ),
      end,
    ]),
    attack: async ({ load, t, within }, bytes) => {
      const plugin = await load(bytes);
      const f = plugin.function("f", [t.u32], t.u32).with({ timeoutMs: 100 });
      return within(100, f(7));
    },
  }),
);

test(
  "a free that runs for ever",
  hostile({
    given: guest(MEMORY, ALLOC, free("(loop (br 0))"), calls("(local.get 0)")),
    attack: async ({ load, t, within }, bytes) => {
      const plugin = await load(bytes);
      await within(100, plugin.function("f", [t.u32], t.u32).with({ timeoutMs: 100 })(7));
    },
    end: fails("PluginTimeoutError", /timed out after 100 ms/, { fields: { timeoutMs: 100 } }),
  }),
);

test(
  "an allocator that returns the same address every time corrupts only its own guest's values",
  hostile({
    given: guest(
      RUN,
      MEMORY,
      FREE,
      ECHO,
      alloc("(i32.const 4096)"),
      // Its argument has been written over by the host's answer.
      calls("(drop (call $run (local.get 0))) (local.get 0)"),
    ),
    attack: async ({ load, t, cloche: { hostFunction } }, bytes) => {
      const run = hostFunction([t.u32], t.u32, (value) => value + 1);
      const plugin = await load(bytes, { hostFunctions: { run } });
      const f = plugin.function("f", [t.u32], t.u32);
      return [await f(1), await f(10)];
    },
    end: survives([2, 11]),
  }),
);

test(
  "arguments, results and freed buffers that overlap",
  hostile({
    given: guest(
      MEMORY,
      FREE,
      ECHO,
      alloc("(i32.const 16)"),
      // From the middle of the arguments to behind them.
      calls("(i64.add (local.get 0) (i64.const 0x00000002_00000000))"),
    ),
    attack: async ({ load, t }, bytes) => {
      const plugin = await load(bytes);
      return plugin.function("f", [t.u32], t.u32)(0xaabbccdd);
    },
    end: survives(0x0000aabb),
  }),
);

/** What goes wrong while the guest waits for a host function, which both ways have to tell alike. */
const ANSWERS: readonly (readonly [what: string, body: string, end: End])[] = [
  ["gives 0", "(i32.const 0)", fails("PluginTrapError", /: __alloc_buffer\(4\) returned 0/)],
  [
    "returns a buffer past the end",
    "(i32.const 65533)",
    broken("__alloc_buffer returned bytes 65533 to 65537"),
  ],
  ["traps", "unreachable", trapped],
  ["runs out of stack", "(call $alloc (local.get 0))", trapped],
  [
    "runs for ever",
    "(loop (br 0)) (i32.const 8)",
    fails("PluginTimeoutError", /timed out after 100 ms/),
  ],
];

for (const blocking of ["jspi", "shared-memory"] as const) {
  test(
    `each of ${ANSWERS.length} allocators that lie about a host function's answer is told as that, by ${blocking}`,
    hostileEach({
      cases: ANSWERS.map(([what, body, end]) => {
        const bytes = guest(
          RUN,
          MEMORY,
          FREE,
          // What it gives for f's own arguments, which are no bytes, is not looked at.
          `(func $alloc (export "__alloc_buffer") (param i32) (result i32)
            (if (result i32) (local.get 0) (then ${body}) (else (i32.const 8))))`,
          calls("(call $run (i64.const 0))"),
        );
        return [what, { bytes, blocking }, end];
      }),
      attack: async ({ load, t, within, cloche: { hostFunction } }, { bytes, blocking }) => {
        const run = hostFunction([], t.u32, () => 7);
        const plugin = await load(bytes, { blocking, hostFunctions: { run } });
        const f = plugin.function("f", [], t.u32).with({ timeoutMs: 100 });
        return within(100, f());
      },
    }),
  );
}

/** Calls the host where the host has called it, and a host function that takes its time. */
const REENTRIES: readonly (readonly [what: string, parts: string[]])[] = [
  ["__alloc_buffer", [FREE, alloc("(drop (call $run (i64.const 0))) (i32.const 8)")]],
  ["__free_buffer", [ALLOC, free("(drop (call $run (i64.const 0)))")]],
];

for (const [where, parts] of REENTRIES) {
  const bytes = guest(RUN, MEMORY, ...parts, calls("(call $run (i64.const 0))"));
  test(
    `a host call in ${where}, where jspi cannot suspend`,
    hostile({
      given: bytes,
      attack: async ({ load, t, cloche: { hostFunction } }, bytes) => {
        const hostFunctions = { run: hostFunction([], t.u32, () => 7) };
        const plugin = await load(bytes, { blocking: "jspi", hostFunctions });
        await plugin.function("f", [t.u32], t.u32)(1);
      },
      end: trapped,
    }),
  );

  const endless = (hostCallDepth: number | undefined, end: End) =>
    hostile({
      given: { bytes, limits: hostCallDepth === undefined ? {} : { hostCallDepth } },
      attack: async (
        { load, rest, t, within, cloche: { hostFunction } },
        { bytes, limits }: { bytes: number[]; limits: { hostCallDepth?: number } },
      ) => {
        const answer = async () => {
          await rest(5);
          return 7;
        };
        const hostFunctions = { run: hostFunction([], t.u32, answer) };
        const plugin = await load(bytes, { blocking: "shared-memory", hostFunctions, limits });
        const f = plugin.function("f", [t.u32], t.u32).with({ timeoutMs: 200 });
        await within(200, f(1));
      },
      end,
    });

  test(
    `endless host calls in ${where}, by shared memory`,
    endless(
      undefined,
      fails("PluginLimitError", /17 nested host calls, limit 16/, {
        fields: { limit: "hostCallDepth", value: 17, allowed: 16 },
      }),
    ),
  );

  test(
    `endless host calls in ${where} without a limit, by shared memory`,
    endless(
      1_000_000,
      where === "__alloc_buffer"
        ? fails("PluginTimeoutError", /timed out after 200 ms/, { fields: { timeoutMs: 200 } })
        : // Its arguments are freed before the page is asked, so it never is.
          trapped,
    ),
  );
}

test(
  "a host call in __alloc_buffer during another host call, by shared memory",
  hostile({
    given: guest(
      RUN,
      MEMORY,
      FREE,
      ECHO,
      "(global $calls (mut i32) (i32.const 0))",
      alloc(`(global.set $calls (i32.add (global.get $calls) (i32.const 1)))
        (if (i32.eq (global.get $calls) (i32.const 2)) (then (drop (call $run (i64.const 0)))))
        (i32.mul (global.get $calls) (i32.const 64))`),
      calls("(call $run (i64.const 0))"),
    ),
    attack: async ({ load, t, cloche: { hostFunction } }, bytes) => {
      let calls = 0;
      const hostFunctions = { run: hostFunction([], t.u32, () => ++calls) };
      const plugin = await load(bytes, { blocking: "shared-memory", hostFunctions });
      // The answer to the first call waits for room, and the second is answered meanwhile.
      return [await plugin.function("f", [], t.u32)(), calls];
    },
    end: survives([1, 2]),
  }),
);
