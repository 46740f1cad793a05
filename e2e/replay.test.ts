import { expect, test } from "./harness/test.ts";

test("a run is recorded as JSON and replays to the same results without the page's functions", async ({
  harness,
}) => {
  const answer = await harness.evaluate(async () => {
    const { hostFunction, replay, t } = window.cloche;
    let sums = 0;
    const lines = ["one\n", "two\n"];
    const plugin = await window.loadEverything({
      record: true,
      restart: true,
      args: ["everything", "-v"],
      env: { HOME: "/home" },
      files: { "given.txt": "given" },
      stdin: () => lines.shift(),
      hostFunctions: {
        add: hostFunction([t.i32, t.i32], t.i32, (a, b) => {
          sums += 1;
          if (b === 13) throw new Error("no luck");
          return a + b;
        }),
      },
    });
    const text = t.result(t.string, t.string);
    const read = plugin.function("read_file", [t.string], text);
    const sum = plugin.function("sum_through_host", [t.vec(t.i32)], t.i32);
    const line = plugin.function("read_line", [], t.result(t.option(t.string), t.string));
    await Promise.allSettled([
      plugin.function("random", [], t.u64)(),
      plugin.function("now_ms", [], t.u64)(),
      plugin.function("args", [], t.vec(t.string))(),
      read("/given.txt"),
      sum([1, 2, 3]),
    ]);
    await plugin.files.write("/given.txt", "changed");
    await plugin.mount("/m", { "a.txt": "mounted" });
    await Promise.allSettled([read("/given.txt"), read("/m/a.txt"), line(), sum([13]), line()]);
    await plugin
      .function("trap", [], t.unit)()
      .catch(() => {});
    await plugin.function("random", [], t.u64)();
    await plugin
      .function("spin", [], t.unit)
      .with({ timeoutMs: 50 })()
      .catch(() => {});
    await read("/given.txt");
    const text1 = JSON.stringify(await plugin.recording({ withModule: true }));
    await plugin.close();
    const summed = sums;
    const report = await replay(JSON.parse(text1));
    return { report, summed, isUntouched: sums === summed };
  });
  expect(answer).toEqual({
    report: { isSame: true, calls: 14, differences: [], isComplete: true, loweredLimits: [] },
    summed: 4,
    isUntouched: true,
  });
});

test("a replay tells which calls end in another way, and which host calls are others", async ({
  harness,
}) => {
  const { reports, sha256 } = await harness.evaluate(async () => {
    const { replay, t } = window.cloche;
    const plugin = await window.loadEverything({ record: true });
    await plugin.function("sum_through_host", [t.vec(t.i32)], t.i32)([1, 2]);
    await plugin.function("count", [], t.u32)();
    const recording = await plugin.recording();
    const source = "/plugins/everything.wasm";
    const trap = { kind: "error", name: "PluginTrapError", message: "unreachable" };
    const changed = {
      ...recording,
      steps: recording.steps.map((step, index) => (index === 1 ? { ...step, end: trap } : step)),
    };
    const renamed = {
      ...recording,
      answers: recording.answers.map((each) => ({ ...each, functionName: "note" })),
    };
    const at = window.locate(source);
    const reports = [];
    for (const each of [recording, changed, renamed]) {
      reports.push(await replay(each, { source: at }));
    }
    return { reports, sha256: recording.module.sha256 };
  });
  expect(sha256).toMatch(/^[0-9a-f]{64}$/);
  const functionName = "sum_through_host";
  expect(reports).toEqual([
    { isSame: true, calls: 2, differences: [], isComplete: true, loweredLimits: [] },
    {
      isSame: false,
      calls: 2,
      differences: [
        {
          step: 1,
          functionName: "count",
          recorded: "PluginTrapError: unreachable",
          replayed: "returned 1",
        },
      ],
      isComplete: true,
      loweredLimits: [],
    },
    expect.objectContaining({ isSame: false, calls: 2 }),
  ]);
  expect(reports[2]?.differences[0]).toEqual({
    step: 0,
    functionName,
    recorded: 'host call "note" with AAAAAAEAAAA=',
    replayed: 'host call "add" with AAAAAAEAAAA=',
  });
});

test("a call that is stopped while it waits for the page is stopped there again", async ({
  harness,
}) => {
  const answer = await harness.evaluate(async () => {
    const { hostFunction, replay, t } = window.cloche;
    const plugin = await window.loadEverything({
      record: true,
      restart: true,
      limits: { callMs: 60_000 },
      hostFunctions: {
        // As what fetches does: it fails when the call is stopped.
        add: hostFunction([t.i32, t.i32], t.i32, (_a, _b, { signal }) => {
          return new Promise((_, reject) => {
            signal.addEventListener("abort", () => reject(signal.reason));
          });
        }),
      },
    });
    const sum = plugin.function("sum_through_host", [t.vec(t.i32)], t.i32);
    await window.rejection(sum.with({ timeoutMs: 50 })([1]));
    await plugin.function("count", [], t.u32)();
    const { answers, ...recording } = await plugin.recording({ withModule: true });
    return { answers, report: await replay({ answers, ...recording }) };
  });
  expect(answer).toEqual({
    answers: [{ functionName: "add", args: "AAAAAAEAAAA=" }],
    report: {
      isSame: true,
      calls: 2,
      differences: [],
      isComplete: true,
      loweredLimits: ["callMs"],
    },
  });
});

test("commands replay to the same results, without the page", async ({ harness }) => {
  const answer = await harness.evaluate(async () => {
    const files = { "in.txt": "given", "old.txt": "old" };
    const lines = ["Ada\n", "Grace\n"];
    const failing = () => {
      throw new Error("no input");
    };
    const runs: [args: string[], options?: object][] = [
      [["world"]],
      [["show", "/in.txt"], { files }],
      [["save", "/old.txt", "new"], { files }],
      [["env", "HOME"], { env: { HOME: "/home" } }],
      [["cat"], { stdin: "text" }],
      [["greet"], { stdin: () => lines.shift() }],
      [["cat"], { stdin: failing }],
      [["exit", "3"]],
      [["abort"]],
      [["spin"], { timeoutMs: 50 }],
    ];
    const record = async ([args, options]: (typeof runs)[number]) => {
      const run = window.runTool(args, { record: true, ...options });
      const report = JSON.stringify(await run.recording({ withModule: true }));
      const { exitCode, stdout } = await run.catch(({ name }: Error) => ({
        exitCode: name,
        stdout: "",
      }));
      const replayed = await window.cloche.replay(JSON.parse(report));
      const { steps } = await run.recording();
      const end = steps[0]?.type === "run" ? steps[0].end : undefined;
      const changed = end?.kind === "exit" ? end.files : undefined;
      return [exitCode, args[0] === "world" ? stdout.length > 0 : stdout, changed, replayed];
    };
    return Promise.all(runs.map(record));
  });
  const replayed = { isSame: true, calls: 1, differences: [], isComplete: true, loweredLimits: [] };
  const greeted = "name? hello Ada\nname? hello Grace\nname? bye\n";
  expect(answer).toEqual([
    [0, true, {}, replayed],
    [0, "given", {}, replayed],
    [0, "", { "/old.txt": "bmV3" }, replayed],
    [0, "/home\n", {}, replayed],
    [0, "text", {}, replayed],
    [0, greeted, {}, replayed],
    ["PluginError", "", undefined, replayed],
    [3, "", {}, replayed],
    ["PluginTrapError", "", undefined, replayed],
    ["PluginTimeoutError", "", undefined, replayed],
  ]);
});

test("the replay of a command tells what it did in another way", async ({ harness }) => {
  const reports = await harness.evaluate(async () => {
    const { replay } = window.cloche;
    const differences = async (args: string[], change: object) => {
      const files = { "in.txt": "given" };
      const recording = await window.runTool(args, { record: true, files }).recording();
      const options = { ...recording.options, ...change };
      const source = window.locate("/plugins/tool.wasm");
      return (await replay({ ...recording, options }, { source })).differences;
    };
    return [
      await differences(["show", "/in.txt"], { files: {} }),
      await differences(["save", "/in.txt", "new"], { args: ["tool", "save", "/in.txt", "now"] }),
      await differences(["cat"], { args: ["tool", "abort"] }),
    ];
  });
  const difference = (recorded: string, replayed: string) => ({
    step: 0,
    functionName: undefined,
    recorded,
    replayed: expect.stringContaining(replayed),
  });
  expect(reports).toEqual([
    [
      difference("exited with 0", "exited with 1"),
      difference('stdout "given"', 'stdout ""'),
      difference('stderr ""', 'stderr "/in.txt: No such file or directory\\n"'),
    ],
    [difference('wrote bmV3 to "/in.txt"', 'wrote bm93 to "/in.txt"')],
    [difference("exited with 0", "PluginTrapError: ")],
  ]);
});

test("a recording keeps within limits.recordingBytes, and replays up to there", async ({
  harness,
}) => {
  const answer = await harness.evaluate(async () => {
    const { replay, t } = window.cloche;
    const plugin = await window.loadEverything({
      record: true,
      limits: { recordingBytes: 3000 },
    });
    const print = plugin.function("print", [t.string], t.unit);
    // Without the option files it has an empty directory, in the replay too.
    const write = plugin.function("write_file", [t.string, t.string], t.result(t.unit, t.string));
    await write("/new.txt", "new");
    for (let call = 0; call < 20; call++) await print("x".repeat(200));
    const recording = await plugin.recording();
    let printed = "";
    const report = await replay(recording, {
      source: window.locate("/plugins/everything.wasm"),
      stdout: (text) => {
        printed += text;
      },
    });
    return { steps: recording.steps.length, report, printed };
  });
  expect(answer.steps).toBeGreaterThan(0);
  expect(answer.steps).toBeLessThan(10);
  expect(answer.report).toMatchObject({ isSame: true, isComplete: false });
  expect(answer.printed).toMatch(/^(x{200}\n?)+$/);
});

test("what cannot be recorded or replayed is a TypeError that says why", async ({ harness }) => {
  const messages = await harness.evaluate(async () => {
    const { loadPlugin, replay, runCommand } = window.cloche;
    const load = (options: object) => loadPlugin("/plugins/double.wasm", options);
    const plugin = await load({});
    const recorded = await load({ record: true });
    const recording = await recorded.recording();
    const hostile = { ...recording.options, args: [7] };
    const attempts = [
      () => plugin.recording(),
      () => window.runTool(["abort"]).recording(),
      () => window.runTool(["exit", "0"], { record: true, random: "browser" }),
      () => runCommand("/plugins/double.wasm", { record: true }).recording(),
      () => load({ record: true, clock: "browser" }),
      () => replay(recording),
      () => replay({ ...recording, version: 2 }),
      () => replay({ ...recording, options: hostile }, { source: new Uint8Array() }),
    ];
    const outcomes = await Promise.allSettled(attempts.map((attempt) => attempt()));
    return outcomes.map((each) => (each.status === "rejected" ? String(each.reason) : "fulfilled"));
  });
  expect(messages).toEqual([
    'TypeError: Cannot get the recording of plugin "double": load it with record: true',
    "TypeError: Cannot get the recording of a command: run it with record: true",
    "TypeError: Invalid options.random: cannot be recorded (leave it out, or give the values)",
    expect.stringContaining('PluginLinkError: Cannot link plugin "double": '),
    "TypeError: Invalid options.clock: cannot be recorded (leave it out, or give the values)",
    "TypeError: Invalid options.source: missing, and the recording does not contain its module",
    "TypeError: Invalid recording.version: 2 (must be 1)",
    "TypeError: Invalid recording.options.args[0]: 7 (must be a string)",
  ]);
});
