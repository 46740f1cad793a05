import { expect, PAGE_ONLY, test, WORKER_ONLY } from "./harness/test.ts";

test.describe("a call that takes too long", () => {
  test("times out while the guest spins, and closes the plugin", async ({ harness }) => {
    const answer = await harness.evaluate(async () => {
      const { PluginTimeoutError, t } = window.cloche;
      const plugin = await window.loadEverything();
      const spin = plugin.function("spin", [], t.unit).with({ timeoutMs: 100 });
      const count = plugin.function("count", [], t.u32);
      const started = performance.now();
      const [timedOut, cutOff] = await Promise.all([
        window.rejection(spin()),
        window.rejection(count()),
      ]);
      const { error } = timedOut;
      return {
        timeoutMs: error instanceof PluginTimeoutError && error.timeoutMs,
        message: timedOut.message,
        other: cutOff.name,
        reason: (await plugin.closed).kind,
        isPrompt: performance.now() - started < 5000,
      };
    });
    expect(answer).toEqual({
      timeoutMs: 100,
      message: 'Call "spin" of plugin "everything" timed out after 100 ms',
      other: "PluginClosedError",
      reason: "failed",
      isPrompt: true,
    });
  });

  test("may get its time limit after other options; the last one counts", async ({ harness }) => {
    const answer = await harness.evaluate(async () => {
      const { t } = window.cloche;
      const first = await window.loadEverything();
      const { signal } = new AbortController();
      const spin = first.function("spin", [], t.unit).with({ timeoutMs: 60_000 });
      const late = await window.rejection(spin.with({ signal }).with({ timeoutMs: 100 })());
      const second = await window.loadEverything();
      const controller = new AbortController();
      const abortable = second
        .function("spin", [], t.unit)
        .with({ signal: controller.signal })
        .with({ timeoutMs: 60_000 });
      setTimeout(() => controller.abort(), 50);
      return [late.message, (await window.rejection(abortable())).name];
    });
    expect(answer).toEqual([
      'Call "spin" of plugin "everything" timed out after 100 ms',
      "AbortError",
    ]);
  });

  test("times out after limits.callMs by default", async ({ harness }) => {
    const name = await harness.evaluate(async () => {
      const { t } = window.cloche;
      const plugin = await window.loadEverything({ limits: { callMs: 50 } });
      return (await window.rejection(plugin.function("spin", [], t.unit)())).name;
    });
    expect(name).toBe("PluginTimeoutError");
  });

  test("is timed from its start, not from when it was queued", async ({ harness }) => {
    const answer = await harness.evaluate(async () => {
      const { t } = window.cloche;
      const plugin = await window.loadEverything();
      const sleep = plugin.function("sleep_ms", [t.u64], t.unit);
      const count = plugin.function("count", [], t.u32).with({ timeoutMs: 200 });
      const [, counted] = await Promise.all([sleep(400n), count()]);
      return counted;
    });
    expect(answer).toBe(1);
  });
});

test.describe("a call that is aborted", () => {
  test("before it is made never reaches the guest", async ({ harness }) => {
    const answer = await harness.evaluate(async () => {
      const { t } = window.cloche;
      const plugin = await window.loadEverything();
      const count = plugin.function("count", [], t.u32);
      const signal = AbortSignal.abort("never mind");
      const { message } = await window.rejection(count.with({ signal })());
      return [message, await count()];
    });
    expect(answer).toEqual(["never mind", 1]);
  });

  test("while it waits in the queue does not affect others", async ({ harness }) => {
    const answer = await harness.evaluate(async () => {
      const { t } = window.cloche;
      const plugin = await window.loadEverything();
      const sleep = plugin.function("sleep_ms", [t.u64], t.unit);
      const count = plugin.function("count", [], t.u32);
      const controller = new AbortController();
      const sleeping = sleep(100n);
      const aborted = window.rejection(count.with({ signal: controller.signal })());
      const kept = count();
      controller.abort(new DOMException("changed my mind", "AbortError"));
      const { name, message } = await aborted;
      await sleeping;
      return [name, message, await kept];
    });
    expect(answer).toEqual(["AbortError", "changed my mind", 1]);
  });

  test("while the guest spins rejects with the signal's reason and ends the plugin", async ({
    harness,
  }) => {
    const answer = await harness.evaluate(async () => {
      const { t } = window.cloche;
      const plugin = await window.loadEverything();
      const controller = new AbortController();
      const spin = plugin.function("spin", [], t.unit).with({ signal: controller.signal });
      const reason = new Error("stop");
      setTimeout(() => controller.abort(reason), 50);
      const { error } = await window.rejection(spin());
      const closed = await plugin.closed;
      return [error === reason, closed.kind === "terminated" && closed.reason === reason];
    });
    expect(answer).toEqual([true, true]);
  });

  test("after it was answered changes nothing", async ({ harness }) => {
    const answer = await harness.evaluate(async () => {
      const { t } = window.cloche;
      const plugin = await window.loadEverything();
      const count = plugin.function("count", [], t.u32);
      const controller = new AbortController();
      await count.with({ signal: controller.signal })();
      controller.abort();
      return count();
    });
    expect(answer).toBe(2);
  });
});

test.describe("a plugin that is closed", () => {
  test("answers earlier calls and rejects later ones", async ({ harness }) => {
    const answer = await harness.evaluate(async () => {
      const { t } = window.cloche;
      const plugin = await window.loadEverything();
      const count = plugin.function("count", [], t.u32);
      const before = [count(), count(), count()];
      const closing = plugin.close();
      const refused = window.rejection(count());
      // What compilers and polyfills of `await using` look for where an engine lacks the symbol.
      const dispose: typeof Symbol.asyncDispose =
        Symbol.asyncDispose ?? Symbol.for("Symbol.asyncDispose");
      await Promise.all([closing, plugin.close(), plugin[dispose]()]);
      const { name } = await refused;
      const files = await window.rejection(plugin.files.list("/"));
      return [await Promise.all(before), name, files.name, (await plugin.closed).kind];
    });
    expect(answer).toEqual([[1, 2, 3], "PluginClosedError", "PluginClosedError", "closed"]);
  });

  test("by terminate rejects running and waiting calls at once", async ({ harness }) => {
    const answer = await harness.evaluate(async () => {
      const { t } = window.cloche;
      const plugin = await window.loadEverything();
      const running = window.rejection(plugin.function("spin", [], t.unit)());
      const waiting = window.rejection(plugin.function("count", [], t.u32)());
      plugin.terminate("no longer needed");
      plugin.terminate("twice");
      await plugin.close();
      const closed = await plugin.closed;
      return [
        (await running).name,
        (await waiting).name,
        (await waiting).error.cause,
        closed.kind === "terminated" && closed.reason,
      ];
    });
    expect(answer).toEqual([
      "PluginClosedError",
      "PluginClosedError",
      "no longer needed",
      "no longer needed",
    ]);
  });
});

test.describe("a worker that dies", { tag: [WORKER_ONLY.tag, PAGE_ONLY.tag] }, () => {
  test("by another script rejects every pending call", async ({ harness }) => {
    const answer = await harness.evaluate(async () => {
      const { t } = window.cloche;
      let killed: Worker | undefined;
      const worker = () => (killed = new Worker(window.workerAddress));
      const plugin = await window.loadEverything({ worker });
      const watched = (await navigator.locks.query()).pending?.length;
      const spinning = window.rejection(plugin.function("sleep_ms", [t.u64], t.unit)(60_000n));
      const waiting = window.rejection(plugin.function("count", [], t.u32)());
      setTimeout(() => killed?.terminate(), 100);
      const reason = await plugin.closed;
      return [
        watched,
        (await spinning).name,
        (await waiting).name,
        reason.kind === "failed" && reason.error.message,
      ];
    });
    expect(answer).toEqual([
      1,
      "PluginClosedError",
      "PluginClosedError",
      'Plugin "everything" is gone: its worker was terminated',
    ]);
  });
});
