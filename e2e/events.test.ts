import { expect, PAGE_ONLY, test } from "./harness/test.ts";

test("listeners are told of calls with their values, of what they cost and how they ended", async ({
  harness,
}) => {
  const answer = await harness.evaluate(async () => {
    const { t } = window.cloche;
    const plugin = await window.loadEverything();
    const told: unknown[] = [];
    const times: number[] = [];
    plugin.events.on("*", (event) => {
      const { timeMs, ...rest } = event;
      times.push(timeMs);
      if (rest.type === "callEnd") {
        const { queuedMs, durationMs, outcome, ...others } = rest;
        const end = outcome.ok ? outcome.value : (outcome.error as Error).name;
        told.push({ ...others, end, hasTimes: queuedMs >= 0 && durationMs > 0 });
      } else if (rest.type === "callStart") told.push(rest);
      else told.push(rest.type);
    });
    const sum = plugin.function("sum_through_host", [t.vec(t.i32)], t.i32);
    const order: string[] = [];
    plugin.events.on("callEnd", () => void order.push("told"));
    await sum([]);
    order.push("settled");
    await plugin
      .function("trap", [], t.unit)()
      .catch(() => {});
    await plugin.closed;
    while (told.at(-1) !== "close") await new Promise((resolve) => setTimeout(resolve));
    const isAscending = times.every((timeMs, index) => timeMs >= (times[index - 1] ?? 0));
    return { told, order, isAscending };
  });
  expect(answer).toEqual({
    told: [
      { type: "callStart", id: 1, functionName: "sum_through_host", args: [[]] },
      { type: "callEnd", id: 1, functionName: "sum_through_host", end: 0, hasTimes: true },
      { type: "callStart", id: 2, functionName: "trap", args: [] },
      { type: "callEnd", id: 2, functionName: "trap", end: "PluginTrapError", hasTimes: true },
      "close",
    ],
    order: ["told", "settled", "told"],
    isAscending: true,
  });
});

test("listeners are told of host calls, input and output in their order", async ({ harness }) => {
  const told = await harness.evaluate(async () => {
    const { hostFunction, t } = window.cloche;
    const add = hostFunction([t.i32, t.i32], t.i32, (a, b) => {
      if (b === 13) throw new Error("no luck");
      return a + b;
    });
    const plugin = await window.loadEverything({ hostFunctions: { add }, stdin: () => "a line\n" });
    const told: unknown[] = [];
    plugin.events.on("hostCallStart", ({ functionName, args }) => {
      told.push([functionName, ...args]);
    });
    plugin.events.on("hostCallEnd", ({ outcome, durationMs }) => {
      told.push([outcome.ok ? outcome.value : (outcome.error as Error).name, durationMs >= 0]);
    });
    plugin.events.on("input", ({ bytes }) => void told.push(new TextDecoder().decode(bytes)));
    plugin.events.on("output", ({ stream, text, bytes }) => {
      told.push([stream, text, bytes.length]);
    });
    await plugin.function("sum_through_host", [t.vec(t.i32)], t.i32)([2]);
    await plugin.function("print", [t.string], t.unit)("grüß");
    await plugin.function("print_error", [t.string], t.unit)("oh");
    await plugin.function("read_line", [], t.result(t.option(t.string), t.string))();
    const failing = plugin.function("sum_through_host", [t.vec(t.i32)], t.i32)([13]);
    await failing.catch(() => {});
    return told;
  });
  expect(told).toEqual([
    ["add", 0, 2],
    [2, true],
    ["stdout", "grüß", 6],
    ["stderr", "oh", 2],
    "a line\n",
    ["add", 0, 13],
    ["PluginHostFunctionError", true],
  ]);
});

test("listeners are told of limits, restarts and the end, each once", async ({ harness }) => {
  const told = await harness.evaluate(async () => {
    const { t } = window.cloche;
    const plugin = await window.loadEverything({ restart: true, limits: { outputBytes: 4 } });
    const told: string[] = [];
    const ended = new Promise<void>((resolve) => plugin.events.on("close", () => resolve()));
    plugin.events.on("limit", ({ limit, allowed, stream }) => {
      told.push(`${limit} ${allowed} ${stream}`);
    });
    plugin.events.on("output", ({ text }) => void told.push(text));
    plugin.events.on("restart", ({ count, reason }) => void told.push(`${count}: ${reason.kind}`));
    plugin.events.on("close", ({ reason }) => void told.push(reason.kind));
    const print = plugin.function("print", [t.string], t.unit);
    await print("too much");
    const spin = plugin.function("spin", [], t.unit).with({ timeoutMs: 20 });
    await spin().catch(() => {});
    await print("abc");
    plugin.terminate();
    await ended;
    return told;
  });
  expect(told).toEqual([
    "too ",
    "outputBytes 4 stdout",
    "callMs 20 undefined",
    "1: failed",
    "abc",
    "terminated",
  ]);
});

test("a call that never had its turn ends without a duration", async ({ harness }) => {
  const told = await harness.evaluate(async () => {
    const { t } = window.cloche;
    const plugin = await window.loadEverything();
    const told: unknown[] = [];
    const ended = new Promise<void>((resolve) => plugin.events.on("close", () => resolve()));
    plugin.events.on("close", () => void told.push("close"));
    plugin.events.on("callEnd", ({ functionName, outcome, durationMs }) => {
      told.push([functionName, !outcome.ok && (outcome.error as Error).name, durationMs > 0]);
    });
    const calls = [
      plugin.function("spin", [], t.unit).with({ timeoutMs: 20 })(),
      plugin.function("count", [], t.u32).with({ signal: new AbortController().signal })(),
    ];
    await Promise.allSettled(calls);
    await ended;
    return told;
  });
  expect(told).toEqual([
    ["count", "PluginClosedError", false],
    ["spin", "PluginTimeoutError", true],
    "close",
  ]);
});

test("a listener is removed by its signal or by the function that adding it returned", async ({
  harness,
}) => {
  const told = await harness.evaluate(async () => {
    const { t } = window.cloche;
    const plugin = await window.loadEverything();
    const count = plugin.function("count", [], t.u32);
    const told: string[] = [];
    const controller = new AbortController();
    const { signal } = controller;
    plugin.events.on("callEnd", () => void told.push("signal"), { signal });
    const remove = plugin.events.on("callEnd", () => {
      told.push("once");
      remove();
    });
    plugin.events.on("callEnd", () => void told.push("aborted"), { signal: AbortSignal.abort() });
    await count();
    controller.abort();
    await count();
    return told;
  });
  expect(told).toEqual(["signal", "once"]);
});

test("an invalid listener, type or option is a TypeError", async ({ harness }) => {
  const messages = await harness.evaluate(async () => {
    const { createPool, loadPlugin } = window.cloche;
    const plugin = await loadPlugin("/plugins/double.wasm");
    const pool = await createPool("/plugins/double.wasm", { size: 1 });
    const on = plugin.events.on.bind(plugin.events) as (...given: unknown[]) => void;
    const onPool = pool.events.on.bind(pool.events) as (...given: unknown[]) => void;
    const listener = () => {};
    const attempts = [
      () => on("call", listener),
      () => on("callEnd", "listener"),
      () => on("callEnd", listener, { once: true }),
      () => onPool("callEnd"),
    ];
    return attempts.map((attempt) => {
      try {
        attempt();
        return "added";
      } catch (error) {
        return String(error);
      }
    });
  });
  expect(messages).toEqual([
    'TypeError: Invalid type: string "call" (must be one of "*", "callStart", "callEnd", "hostCallStart", "hostCallEnd", "output", "input", "limit", "restart", "close")',
    'TypeError: Invalid listener: string "listener" (must be a function)',
    "TypeError: Invalid options.once: unknown name (must be one of signal)",
    "TypeError: Invalid listener: undefined (must be a function)",
  ]);
});

test(
  "what a listener throws is an uncaught error, and reaches neither the call nor other listeners",
  PAGE_ONLY,
  async ({ harness }) => {
    const answer = await harness.evaluate(async () => {
      const { loadPlugin, t } = window.cloche;
      const plugin = await loadPlugin("/plugins/double.wasm");
      const reported: string[] = [];
      const listening = new AbortController();
      const onError = (event: ErrorEvent) => {
        event.preventDefault();
        reported.push((event.error as Error).message);
      };
      addEventListener("error", onError, { signal: listening.signal });
      let told = 0;
      plugin.events.on("callEnd", () => {
        throw new Error("from a listener");
      });
      plugin.events.on("callEnd", () => void (told += 1));
      const result = await plugin.function("double", [t.vec(t.f64)], t.vec(t.f64))([21]);
      listening.abort();
      return { reported, told, result };
    });
    expect(answer).toEqual({ reported: ["from a listener"], told: 1, result: [42] });
  },
);

test("a pool tells which of its plugins has run a call, and so does that plugin", async ({
  harness,
}) => {
  const answer = await harness.evaluate(async () => {
    const { createPool, t } = window.cloche;
    const pool = await createPool("/plugins/double.wasm", { size: 2 });
    const double = pool.function("double", [t.vec(t.f64)], t.vec(t.f64));
    const byPool: number[] = [];
    const bySecond: unknown[] = [];
    pool.events.on("callStart", ({ pluginIndex }) => void byPool.push(pluginIndex));
    pool.plugins[1]?.events.on("callEnd", ({ outcome }) => void bySecond.push(outcome));
    await Promise.all([double([1]), double([2])]);
    await pool.close();
    return { byPool, bySecond };
  });
  expect(answer).toEqual({ byPool: [0, 1], bySecond: [{ ok: true, value: [4] }] });
});

test(
  "a plugin that has listeners is closed when nobody can reach it",
  PAGE_ONLY,
  async ({ harness, browserName }) => {
    test.skip(browserName !== "chromium", "no other browser collects on demand");
    await harness.evaluate(async () => {
      const plugin = await window.cloche.loadPlugin("/plugins/double.wasm");
      plugin.events.on("*", () => {});
    });
    const session = await harness.context().newCDPSession(harness);
    await expect
      .poll(async () => {
        await session.send("HeapProfiler.collectGarbage");
        return harness.workers().length;
      })
      .toBe(0);
  },
);

test("a measured plugin puts its load, calls and host calls on the performance timeline", async ({
  harness,
}) => {
  const entries = await harness.evaluate(async () => {
    const { t } = window.cloche;
    performance.clearMeasures();
    const plugin = await window.loadEverything({ measure: true, name: "m" });
    await plugin.function("sum_through_host", [t.vec(t.i32)], t.i32)([1]);
    await plugin
      .function("trap", [], t.unit)()
      .catch(() => {});
    const entries = performance.getEntriesByType("measure") as PerformanceMeasure[];
    performance.clearMeasures();
    return entries.map(({ name, duration, detail }) => ({ name, duration, detail }));
  });
  const names = entries.map(({ name }) => name).toSorted();
  expect(names).toEqual(["add", "compile", "fetch", "load", "start", "sum_through_host", "trap"]);
  expect(entries.every(({ duration }) => duration >= 0)).toBe(true);
  expect(entries.find(({ name }) => name === "trap")?.detail).toEqual({
    devtools: {
      dataType: "track-entry",
      trackGroup: "Cloche",
      track: "plugin m",
      color: "error",
    },
  });
});

test("a command tells of its output, input, limits and end, and is measured", async ({
  harness,
}) => {
  const answer = await harness.evaluate(async () => {
    performance.clearMeasures();
    const lines = ["Ada\n"];
    const greeting = window.runTool(["greet"], {
      measure: true,
      stdin: () => lines.shift(),
      limits: { outputBytes: 18 },
    });
    let output = "";
    const streams = new Set<string>();
    const told: string[] = [];
    // Output and questions for input travel by different ports: neither is always the first.
    greeting.events.on("output", ({ stream, text }) => {
      streams.add(stream);
      output += text;
    });
    greeting.events.on("input", ({ bytes }) => void told.push(`input ${bytes.length}`));
    const limits: string[] = [];
    const hearLimit = ({
      limit,
      allowed,
      stream,
    }: {
      limit: string;
      allowed: number;
      stream?: string;
    }) => void limits.push(`${limit} ${allowed} ${stream}`);
    greeting.events.on("limit", hearLimit);
    greeting.events.on("close", ({ reason }) => void told.push(reason.kind));
    await greeting;
    told.push("settled");
    const spinning = window.runTool(["spin"], { measure: true, timeoutMs: 20 });
    spinning.events.on("limit", hearLimit);
    spinning.events.on("close", ({ reason }) => void told.push(reason.kind));
    await window.rejection(spinning);
    const names = performance.getEntriesByType("measure").map(({ name }) => name);
    performance.clearMeasures();
    return { streams: [...streams], output, told, limits, names: names.toSorted() };
  });
  const each = ["compile", "fetch", "load", "run", "start"];
  expect(answer).toEqual({
    streams: ["stdout"],
    output: "name? hello Ada\nna",
    told: ["input 4", "input 0", "closed", "settled", "failed"],
    limits: ["outputBytes 18 stdout", "callMs 20 undefined"],
    names: [...each, ...each].toSorted(),
  });
});
