/** Host functions that misbehave, and guests that misuse the ones they were lent. */

import { ALLOC, ECHO, FREE, guest, MEMORY } from "../harness/hand-made-guest.ts";
import { fails, failure, hostile, survives, test } from "./case.ts";

const WAYS = ["jspi", "shared-memory"] as const;

/** `f` asks the host and hands its answer on; `g` asks it for ever. */
const ASKER = guest(
  '(import "env" "__run" (func $run (param i64) (result i64)))',
  MEMORY,
  ALLOC,
  FREE,
  ECHO,
  '(func (export "__f") (param i64) (result i64) (call $run (i64.const 0)))',
  `(func (export "__g") (param i64) (result i64)
    (loop (drop (call $run (i64.const 0))) (br 0)) (i64.const 0))`,
);

/** What a page's own function can throw, by name, and the message that is told of it. */
const THROWN: readonly (readonly [what: string, message: RegExp])[] = [
  ["an error", /: thrown$/],
  ["nothing", /: undefined$/],
  ["null", /: null$/],
  ["a number", /: 7$/],
  ["a symbol", /: Symbol\(thrown\)$/],
  ["a function", /: \(\) =>/],
  ["an object without a text", /: something that cannot be told$/],
  ["an object whose text throws", /: something that cannot be told$/],
  ["an error whose message throws", /: something that cannot be told$/],
  ["an error whose message is a symbol", /: Symbol\(message\)$/],
  ["an error of a class of its own", /: own$/],
  ["a promise that is rejected", /: \[object Promise\]$/],
  ["a PluginTrapError that is none", /: no trap$/],
];

for (const blocking of WAYS) {
  for (const isAsync of [false, true]) {
    test(
      `whatever a host function ${isAsync ? "rejects with" : "throws"} fails its call, and no other, by ${blocking}`,
      hostile({
        given: { bytes: ASKER, blocking, isAsync },
        attack: async ({ load, rejection, t, cloche }, { bytes, blocking, isAsync }) => {
          const { hostFunction, PluginTrapError } = cloche;
          const hostile = new Error("x");
          Object.defineProperty(hostile, "message", {
            get() {
              throw new Error("message");
            },
          });
          const symbolic = Object.assign(new Error("x"), { message: Symbol("message") });
          const rejected = Promise.reject(new Error("rejected"));
          rejected.catch(() => {});
          const thrown = [
            new Error("thrown"),
            undefined,
            null,
            7,
            Symbol("thrown"),
            () => {},
            Object.create(null) as object,
            { toString: () => Promise.reject(new Error("never")).catch(() => ({})) },
            hostile,
            symbolic,
            new (class OwnError extends Error {})("own"),
            rejected,
            new PluginTrapError("no trap", { pluginName: "x", guestStack: "", stderr: "" }),
          ];
          const run = hostFunction([], t.unit, () => {
            const next: unknown = thrown.shift();
            if (isAsync) return Promise.reject(next);
            throw next;
          });
          const plugin = await load(bytes, { blocking, hostFunctions: { run } });
          const f = plugin.function("f", [], t.unit);
          const failures = [];
          for (let left = thrown.length; left > 0; left--) failures.push(await rejection(f()));
          return failures;
        },
        end: survives(
          THROWN.map(([, message]) =>
            failure(
              "PluginHostFunctionError",
              new RegExp(`^Host function "run" of plugin "plugin" failed${message.source}`, "s"),
            ),
          ),
        ),
      }),
    );
  }

  test(
    `a host function that never settles ends when the call times out, by ${blocking}`,
    hostile({
      given: { bytes: ASKER, blocking },
      attack: async ({ load, t, within, cloche: { hostFunction } }, { bytes, blocking }) => {
        const run = hostFunction([], t.unit, () => new Promise<undefined>(() => {}));
        const plugin = await load(bytes, { blocking, hostFunctions: { run } });
        await within(100, plugin.function("f", [], t.unit).with({ timeoutMs: 100 })());
      },
      end: fails("PluginTimeoutError", /timed out after 100 ms/, {
        fields: { timeoutMs: 100 },
      }),
    }),
  );

  test(
    `a host function that settles after its plugin is closed, by ${blocking}`,
    hostile({
      given: { bytes: ASKER, blocking },
      attack: async (
        { load, rejection, rest, t, cloche: { hostFunction } },
        { bytes, blocking },
      ) => {
        const settle: ((isWell: boolean) => void)[] = [];
        const run = hostFunction(
          [],
          t.bytes,
          () =>
            new Promise<Uint8Array>((resolve, reject) => {
              settle.push((isWell) =>
                isWell ? resolve(new Uint8Array(100_000)) : reject(new Error("late")),
              );
            }),
        );
        const ended = [];
        for (const isWell of [true, false]) {
          const plugin = await load(bytes, { blocking, hostFunctions: { run } });
          const f = plugin.function("f", [], t.bytes).with({ timeoutMs: 100 });
          ended.push((await rejection(f())).name);
          settle.shift()?.(isWell);
        }
        await rest(50);
        return ended;
      },
      end: survives(["PluginTimeoutError", "PluginTimeoutError"]),
    }),
  );

  test(
    `a host function whose thenable settles many times, and then throws, answers once, by ${blocking}`,
    hostile({
      given: { bytes: ASKER, blocking },
      attack: async ({ load, t, cloche: { hostFunction } }, { bytes, blocking }) => {
        const thenable = {
          // oxlint-disable-next-line unicorn/no-thenable -- what is tested
          then(resolve: (value: number) => void, reject: (error: Error) => void) {
            resolve(1);
            resolve(2);
            reject(new Error("no"));
            throw new Error("thrown");
          },
        };
        const run = hostFunction([], t.u32, () => thenable as unknown as Promise<number>);
        const plugin = await load(bytes, { blocking, hostFunctions: { run } });
        const f = plugin.function("f", [], t.u32);
        return [await f(), await f()];
      },
      end: survives([1, 1]),
    }),
  );

  test(
    `a host function that returns a wrong type fails its call, by ${blocking}`,
    hostile({
      given: { bytes: ASKER, blocking },
      attack: async ({ load, rejection, t, cloche: { hostFunction } }, { bytes, blocking }) => {
        const trap = {
          get a(): number {
            throw new Error("a getter");
          },
        };
        const proxy = new Proxy(
          {},
          {
            get() {
              throw new Error("a proxy");
            },
          },
        );
        const answers: unknown[] = [
          "text",
          undefined,
          null,
          { a: "1" },
          { a: 1n },
          { a: 2 ** 53 },
          { a: NaN },
          {},
          trap,
          proxy,
          Object.create({ a: 1 }),
          () => {},
          Symbol("s"),
        ];
        const run = hostFunction(
          [],
          t.struct({ a: t.u32 }),
          () => answers.shift() as { a: number },
        );
        const plugin = await load(bytes, { blocking, hostFunctions: { run } });
        const f = plugin.function("f", [], t.struct({ a: t.u32 }));
        const names = new Set<string>();
        let inherited: unknown;
        for (let left = answers.length; left > 0; left--) {
          const end = await rejection(f()).catch(() => "answered");
          if (typeof end === "string") inherited = left;
          else names.add(`${end.name} of ${end.cause}`);
        }
        return [[...names].sort(), inherited];
      },
      // What is inherited counts: an object of a class has its fields so.
      end: survives([
        ["PluginHostFunctionError of CodecError", "PluginHostFunctionError of Error"],
        3,
      ]),
    }),
  );

  test(
    `an answer longer than limits.messageBytes fails its call, by ${blocking}`,
    hostile({
      given: { bytes: ASKER, blocking },
      attack: async ({ load, t, cloche: { hostFunction } }, { bytes, blocking }) => {
        const run = hostFunction([], t.bytes, () => new Uint8Array(1000));
        const limits = { messageBytes: 1000 };
        const plugin = await load(bytes, { blocking, limits, hostFunctions: { run } });
        await plugin.function("f", [], t.bytes)();
      },
      end: fails("PluginHostFunctionError", /limits\.messageBytes/, { cause: "CodecError" }),
    }),
  );

  test(
    `an answer larger than the guest's memory fails its call, by ${blocking}`,
    hostile({
      given: { bytes: ASKER, blocking },
      attack: async ({ load, t, cloche: { hostFunction } }, { bytes, blocking }) => {
        const run = hostFunction([], t.bytes, () => new Uint8Array(70_000));
        const plugin = await load(bytes, { blocking, hostFunctions: { run } });
        await plugin.function("f", [], t.bytes)();
      },
      end: fails("PluginTrapError", /__alloc_buffer returned bytes \d+ to \d+ of a memory of /),
    }),
  );

  test(
    `a host function that ends its own plugin, by ${blocking}`,
    hostile({
      given: { bytes: ASKER, blocking },
      attack: async ({ load, t, within, cloche }, { bytes, blocking }) => {
        const ended: { plugin?: InstanceType<typeof cloche.Plugin> } = {};
        const run = cloche.hostFunction([], t.unit, () =>
          ended.plugin?.terminate(new Error("enough")),
        );
        const plugin = await load(bytes, { blocking, hostFunctions: { run } });
        ended.plugin = plugin;
        await within(1000, plugin.function("f", [], t.unit)());
      },
      end: fails("PluginClosedError", /was terminated/, { cause: "Error" }),
    }),
  );

  test(
    `a host function that closes its own plugin lets the call finish first, by ${blocking}`,
    hostile({
      given: { bytes: ASKER, blocking },
      attack: async ({ load, t, cloche }, { bytes, blocking }) => {
        const closing: { plugin?: InstanceType<typeof cloche.Plugin>; done?: Promise<void> } = {};
        const run = cloche.hostFunction([], t.u32, () => {
          if (closing.plugin) closing.done = closing.plugin.close();
          return 7;
        });
        const plugin = await load(bytes, { blocking, hostFunctions: { run } });
        closing.plugin = plugin;
        const answer = await plugin.function("f", [], t.u32)();
        await closing.done;
        return [answer, (await plugin.closed).kind];
      },
      end: survives([7, "closed"]),
    }),
  );

  test(
    `a host function that waits for its own plugin to close is a deadlock until the call times out, by ${blocking}`,
    hostile({
      given: { bytes: ASKER, blocking },
      attack: async ({ load, t, within, cloche }, { bytes, blocking }) => {
        const closing: { plugin?: InstanceType<typeof cloche.Plugin> } = {};
        const run = cloche.hostFunction([], t.unit, () => closing.plugin?.close());
        const plugin = await load(bytes, { blocking, hostFunctions: { run } });
        closing.plugin = plugin;
        await within(100, plugin.function("f", [], t.unit).with({ timeoutMs: 100 })());
      },
      end: fails("PluginTimeoutError", /timed out after 100 ms/),
    }),
  );

  test(
    `a host function that calls its own plugin is a deadlock until the call times out, by ${blocking}`,
    hostile({
      given: { bytes: ASKER, blocking },
      attack: async ({ load, rejection, t, within, cloche }, { bytes, blocking }) => {
        const own: { call?: () => Promise<string>; inner?: Promise<unknown> | undefined } = {};
        const run = cloche.hostFunction([], t.unit, async () => {
          own.inner = own.call && rejection(own.call());
          await own.inner;
        });
        const plugin = await load(bytes, { blocking, hostFunctions: { run } });
        own.call = () => plugin.function("echo", [t.string], t.string)("within");
        const f = plugin.function("f", [], t.unit).with({ timeoutMs: 100 });
        return [await rejection(within(100, f())), await own.inner];
      },
      end: survives([
        failure("PluginTimeoutError", /timed out after 100 ms/),
        failure("PluginClosedError", /has failed/),
      ]),
    }),
  );

  test(
    `two plugins that call each other from host functions are a deadlock until the call times out, by ${blocking}`,
    hostile({
      given: { bytes: ASKER, blocking },
      attack: async ({ load, rejection, t, within, cloche }, { bytes, blocking }) => {
        const plugins: InstanceType<typeof cloche.Plugin>[] = [];
        let depth = 0;
        for (const other of [1, 0]) {
          const run = cloche.hostFunction([], t.unit, async () => {
            depth += 1;
            await plugins[other]?.function("f", [], t.unit)();
          });
          plugins.push(await load(bytes, { blocking, hostFunctions: { run } }));
        }
        const f = plugins[0]?.function("f", [], t.unit).with({ timeoutMs: 200 });
        const end = await rejection(within(200, f?.() ?? Promise.resolve()));
        plugins[1]?.terminate();
        return [end, depth];
      },
      end: survives([failure("PluginTimeoutError", /timed out after 200 ms/), 2]),
    }),
  );

  test(
    `a chain of twenty plugins, each called by a host function of the one before, by ${blocking}`,
    hostile({
      given: { bytes: ASKER, blocking },
      attack: async ({ load, t, cloche: { hostFunction } }, { bytes, blocking }) => {
        let next = async () => 1;
        for (let left = 20; left > 0; left--) {
          const asked = next;
          const run = hostFunction([], t.u32, async () => (await asked()) + 1);
          const plugin = await load(bytes, { blocking, hostFunctions: { run } });
          next = plugin.function("f", [], t.u32);
        }
        return next();
      },
      end: survives(21),
      deadlineMs: 10_000,
    }),
  );

  test(
    `a guest that calls the host for ever ends when the call times out, by ${blocking}`,
    hostile({
      given: { bytes: ASKER, blocking },
      attack: async ({ load, t, within, cloche: { hostFunction } }, { bytes, blocking }) => {
        const run = hostFunction([], t.unit, () => {});
        const plugin = await load(bytes, { blocking, hostFunctions: { run } });
        await within(200, plugin.function("g", [], t.unit).with({ timeoutMs: 200 })());
      },
      end: fails("PluginTimeoutError", /timed out after 200 ms/),
    }),
  );
}

/** Calls itself as often as it is told, and asks the host at the bottom, or at every level. */
const DEEP = guest(
  '(import "env" "__run" (func $run (param i64) (result i64)))',
  MEMORY,
  ALLOC,
  FREE,
  ECHO,
  `(func $deep (param $left i32) (param $everywhere i32)
    (if (i32.or (local.get $everywhere) (i32.eqz (local.get $left)))
      (then (drop (call $run (i64.const 0)))))
    (if (local.get $left)
      (then (call $deep (i32.sub (local.get $left) (i32.const 1)) (local.get $everywhere)))))`,
  `(func $down (param $args i64) (param $everywhere i32) (result i64)
    (call $deep
      (i32.load (i32.wrap_i64 (i64.shr_u (local.get $args) (i64.const 32))))
      (local.get $everywhere))
    (i64.const 0))`,
  '(func (export "__bottom") (param i64) (result i64) (call $down (local.get 0) (i32.const 0)))',
  '(func (export "__everywhere") (param i64) (result i64) (call $down (local.get 0) (i32.const 1)))',
);

for (const blocking of WAYS) {
  test(
    `a host call from a guest stack of 5,000 calls, by ${blocking}`,
    hostile({
      given: { bytes: DEEP, blocking },
      attack: async ({ load, t, cloche: { hostFunction } }, { bytes, blocking }) => {
        let asked = 0;
        const run = hostFunction([], t.unit, () => void (asked += 1));
        const plugin = await load(bytes, { blocking, hostFunctions: { run } });
        await plugin.function("bottom", [t.u32], t.unit)(5000);
        await plugin.function("everywhere", [t.u32], t.unit)(999);
        return asked;
      },
      end: survives(1001),
      deadlineMs: 10_000,
    }),
  );

  test(
    `a guest that calls the host and recurses until its stack overflows, by ${blocking}`,
    hostile({
      given: { bytes: DEEP, blocking },
      attack: async ({ load, t, cloche: { hostFunction } }, { bytes, blocking }) => {
        const run = hostFunction([], t.unit, () => {});
        const plugin = await load(bytes, { blocking, hostFunctions: { run } });
        await plugin.function("bottom", [t.u32], t.unit)(100_000_000);
      },
      end: fails("PluginTrapError", /^Call "bottom" of plugin "plugin" trapped/),
    }),
  );
}
