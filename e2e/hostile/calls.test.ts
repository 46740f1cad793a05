/** Calls, aborts and ends at the worst moment, and workers that are none. */

import { ALLOC, ECHO, FREE, guest, MEMORY } from "../harness/hand-made-guest.ts";
import { ALONE } from "../harness/test.ts";
import { type End, fails, failure, hostile, survives, test } from "./case.ts";

/** Answers, and spins for ever. */
const GUEST = guest(
  MEMORY,
  ALLOC,
  FREE,
  ECHO,
  '(func (export "__spin") (param i64) (result i64) (loop (br 0)) (i64.const 0))',
);

/** How many calls a page makes before it lets go of its thread, so that a gap is not of its making. */
const SLICE = 250;

// What comes is counted one by one: `Promise.all` of so many would itself keep a page for 50 ms.
test(
  "20,000 calls at once are all answered",
  ALONE,
  hostile({
    given: { address: "/plugins/double.wasm", slice: SLICE },
    attack: async ({ load, rest, t, until }, { address, slice }) => {
      const plugin = await load(address);
      const double = plugin.function("double", [t.vec(t.f64)], t.vec(t.f64));
      let right = 0;
      for (let call = 0; call < 20_000; call++) {
        void double([call]).then(([doubled]) => (right += Number(doubled === 2 * call)));
        if (call % slice === 0) await rest(0);
      }
      await until(() => right === 20_000);
      return right;
    },
    end: survives(20_000),
    deadlineMs: 60_000,
  }),
);

test(
  "20,000 waiting calls are all rejected when the plugin ends",
  ALONE,
  hostile({
    given: { bytes: GUEST, slice: SLICE },
    attack: async ({ cloche, load, rejection, rest, t, until }, { bytes, slice }) => {
      const plugin = await load(bytes);
      const spinning = rejection(plugin.function("spin", [], t.unit)());
      const echo = plugin.function("echo", [t.string], t.string);
      let ended = 0;
      for (let call = 0; call < 20_000; call++) {
        void echo("x").catch((error: unknown) => {
          ended += Number(error instanceof cloche.PluginClosedError);
        });
        if (call % slice === 0) await rest(0);
      }
      plugin.terminate("enough");
      await until(() => ended === 20_000);
      return [ended, (await spinning).name];
    },
    end: survives([20_000, "PluginClosedError"]),
    deadlineMs: 30_000,
  }),
);

test(
  "a call beyond limits.queuedCalls is refused at once",
  hostile({
    given: GUEST,
    attack: async ({ load, rejection, t }, bytes) => {
      const plugin = await load(bytes, { limits: { queuedCalls: 3 } });
      const echo = plugin.function("echo", [t.string], t.string);
      const calls = Array.from({ length: 4 }, () => echo("x"));
      return [await rejection(echo("x")), await Promise.all(calls)];
    },
    end: survives([
      failure("PluginLimitError", / has 4 calls in its queue, limit 3 \(limits\.queuedCalls\)$/, {
        fields: { limit: "queuedCalls", value: 4, allowed: 3 },
      }),
      ["x", "x", "x", "x"],
    ]),
  }),
);

/** What a signal can be aborted with, and what then comes out. */
const REASONS: readonly (readonly [what: string, end: End])[] = [
  ["nothing", fails("AbortError", /abort/)],
  ["null", fails("object", "null")],
  ["a text", fails("string", "enough")],
  ["an error of the plugin's own", fails("PluginError", "made up")],
  ["what is never equal to itself", fails("number", "NaN")],
];

for (const [what, end] of REASONS) {
  test(
    `a call that spins, aborted with ${what}`,
    hostile({
      given: { bytes: GUEST, what },
      attack: async ({ load, within, t, cloche: { PluginError } }, { bytes, what }) => {
        const reasons: Record<string, unknown> = {
          null: null,
          "a text": "enough",
          "an error of the plugin's own": new PluginError("made up", { pluginName: "plugin" }),
          "what is never equal to itself": NaN,
        };
        const plugin = await load(bytes);
        const controller = new AbortController();
        setTimeout(() => controller.abort(reasons[what]), 100);
        const { signal } = controller;
        await within(100, plugin.function("spin", [], t.unit).with({ signal })());
      },
      end,
    }),
  );
}

test(
  "1,000 calls with one signal, aborted while the first of them spins",
  hostile({
    given: GUEST,
    attack: async ({ load, rejection, rest, t }, bytes) => {
      const plugin = await load(bytes);
      const controller = new AbortController();
      const { signal } = controller;
      const ends = new Set<string>();
      const note = (end: { message: string }) => ends.add(end.message);
      const calls = [rejection(plugin.function("spin", [], t.unit).with({ signal })()).then(note)];
      const echo = plugin.function("echo", [t.string], t.string).with({ signal });
      while (calls.length < 1000) {
        for (let left = 100; left > 0; left--) calls.push(rejection(echo("x")).then(note));
        await rest(0);
      }
      controller.abort("all of you");
      await Promise.all(calls);
      return [[...ends], (await plugin.closed).kind];
    },
    end: survives([["all of you"], "terminated"]),
    deadlineMs: 10_000,
  }),
);

test(
  "a call aborted beforehand, in the queue, or after its answer leaves the plugin running",
  hostile({
    given: GUEST,
    attack: async ({ load, rejection, t }, bytes) => {
      const plugin = await load(bytes);
      const echo = plugin.function("echo", [t.string], t.string);
      const before = await rejection(echo.with({ signal: AbortSignal.abort("before") })("x"));
      const [queued, after] = [new AbortController(), new AbortController()];
      const first = echo.with({ signal: after.signal })("first");
      const second = rejection(echo.with({ signal: queued.signal })("second"));
      queued.abort("queued");
      const answered = await first;
      after.abort("after");
      return [before.message, (await second).message, answered, await echo("last")];
    },
    end: survives(["before", "queued", "first", "last"]),
  }),
);

for (const [what, timeoutMs] of [
  ["0", 0],
  ["less than a millisecond", 0.001],
] as const) {
  test(
    `a call with a time limit of ${what} times out at once`,
    hostile({
      given: { bytes: GUEST, timeoutMs },
      attack: async ({ load, t, within }, { bytes, timeoutMs }) => {
        const plugin = await load(bytes);
        await within(1, plugin.function("spin", [], t.unit).with({ timeoutMs })());
      },
      end: fails("PluginTimeoutError", /timed out after/, { fields: { timeoutMs } }),
    }),
  );
}

test(
  "a plugin that is closed, terminated and disposed of many times while it spins",
  hostile({
    given: GUEST,
    attack: async ({ load, rejection, t }, bytes) => {
      const plugin = await load(bytes);
      const spinning = rejection(plugin.function("spin", [], t.unit)());
      const closing = [plugin.close(), plugin.close(), plugin[Symbol.asyncDispose]()];
      for (let times = 0; times < 100; times++) plugin.terminate(times);
      await Promise.all([...closing, plugin.close()]);
      const reason = await plugin.closed;
      return [(await spinning).name, reason.kind === "terminated" && reason.reason];
    },
    end: survives(["PluginClosedError", 0]),
  }),
);

test(
  "file requests made while the plugin spins are refused when it ends",
  hostile({
    given: GUEST,
    attack: async ({ load, rejection, t }, bytes) => {
      const plugin = await load(bytes);
      const spinning = rejection(plugin.function("spin", [], t.unit).with({ timeoutMs: 100 })());
      const files = [
        rejection(plugin.files.list("/")),
        rejection(plugin.files.write("/a", "b")),
        rejection(plugin.mount("/m", {})),
      ];
      const names = (await Promise.all(files)).map(({ name }) => name);
      return [(await spinning).name, names];
    },
    end: survives([
      "PluginTimeoutError",
      ["PluginClosedError", "PluginClosedError", "PluginClosedError"],
    ]),
  }),
);

test(
  "a plugin that is terminated by its own output",
  hostile({
    given: "/plugins/tool.wasm",
    attack: async ({ cloche }, address) => {
      const controller = new AbortController();
      await cloche.runCommand(address, {
        args: ["tool", "flood", "100000"],
        stdout: () => controller.abort(new RangeError("too much")),
        signal: controller.signal,
      });
    },
    end: fails("RangeError", "too much"),
  }),
);

/** Each the text of a worker's script, and how loading a plugin in it ends. */
const SCRIPTS: readonly (readonly [what: string, script: string, end: End])[] = [
  [
    "says nothing",
    "",
    fails("PluginLimitError", /did not start within 300 ms: its worker has not answered /),
  ],
  [
    "throws",
    "throw new Error('from the script')",
    fails("PluginLoadError", /^Cannot start the worker of plugin "plugin"/),
  ],
  ["is no script", "not a script at all", fails("PluginLoadError", /^Cannot start the worker/)],
  [
    "closes itself",
    "self.close()",
    fails("PluginLimitError", /did not start within 300 ms: its worker has not answered /),
  ],
  [
    "spins",
    "for (;;);",
    fails("PluginLimitError", /did not start within 300 ms: its worker has not answered /),
  ],
  [
    "throws after it is ready",
    "postMessage({ notice: 'ready' }); setTimeout(() => { throw new Error('later') })",
    fails("PluginClosedError", /its worker failed/),
  ],
  [
    "is ready and never answers",
    "postMessage({ notice: 'ready' })",
    fails("PluginLimitError", /did not start within 300 ms \(limits/),
  ],
  ["says something else", "postMessage('hello')", fails("PluginClosedError", /its worker sent/)],
];

for (const [what, script, end] of SCRIPTS) {
  test(
    `a worker whose script ${what}`,
    hostile({
      given: { bytes: GUEST, script },
      attack: async ({ load, within }, { bytes, script }) => {
        const worker = URL.createObjectURL(new Blob([script], { type: "text/javascript" }));
        await within(300, load(bytes, { worker, limits: { loadMs: 300 } }));
      },
      end,
    }),
  );
}

for (const [what, address] of [
  ["is not there", "/missing/worker.js"],
  ["is on no server", "http://localhost:1/worker.js"],
  ["is a page", "/"],
] as const) {
  test(
    `a worker whose script ${what}`,
    hostile({
      given: { bytes: GUEST, address },
      attack: async ({ load }, { bytes, address }) =>
        load(bytes, { worker: new URL(address, location.href), limits: { loadMs: 3000 } }),
      end: fails("PluginLoadError", /^Cannot start the worker of plugin "plugin"/),
    }),
  );
}

test(
  "a worker function that throws or returns no worker",
  hostile({
    given: GUEST,
    attack: async ({ load, rejection }, bytes) => {
      const makers: (() => unknown)[] = [
        () => {
          throw new RangeError("no worker today");
        },
        () => ({}),
        () => undefined,
      ];
      const ends = [];
      for (const worker of makers) {
        ends.push((await rejection(load(bytes, { worker: worker as () => Worker }))).name);
      }
      return ends;
    },
    end: survives(["PluginLoadError", "PluginLoadError", "PluginLoadError"]),
  }),
);

test(
  "a load that is aborted at once, after each of its steps, and afterwards",
  hostile({
    given: "/plugins/everything.wasm",
    attack: async ({ cloche: { hostFunction, loadPlugin }, rest, t }, address) => {
      const hostFunctions = {
        run: hostFunction([t.string], t.bytes, () => new Uint8Array()),
        add: hostFunction([t.i32, t.i32], t.i32, (a, b) => a + b),
        note: hostFunction([], t.unit, () => {}),
      };
      const ends = new Set<unknown>();
      for (let afterMs = 0; afterMs < 60; afterMs += 2) {
        const controller = new AbortController();
        const { signal } = controller;
        const loading = loadPlugin(address, { signal, hostFunctions }).then(
          (plugin) => {
            plugin.terminate();
            return "loaded";
          },
          (error: unknown) => error,
        );
        await rest(afterMs);
        controller.abort("changed my mind");
        ends.add(await loading);
      }
      ends.delete("loaded");
      return [...ends];
    },
    end: survives(["changed my mind"]),
    deadlineMs: 15_000,
  }),
);
