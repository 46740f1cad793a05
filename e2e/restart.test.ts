import { FATES, HALF_WRITER } from "./harness/half-writer.ts";
import { FREE, guest, MEMORY } from "./harness/hand-made-guest.ts";
import {
  BLOCKING_WAYS,
  EPOCH,
  expect,
  JSPI,
  JSPI_ON_PAGES,
  PAGE_ONLY,
  PLAIN,
  PLAYWRIGHT,
  test,
} from "./harness/test.ts";

const WRITER = { bytes: HALF_WRITER, fates: FATES };

/** How an instance dies, and what the call is rejected with that meets it. */
const DEATHS = {
  trap: "PluginTrapError",
  exit: "PluginExitError",
  overflow: "PluginTrapError",
  timeout: "PluginTimeoutError",
  fuel: "PluginLimitError",
  abort: "AbortError",
  "a worker that somebody ends": "PluginClosedError",
  "a worker that fails": "PluginClosedError",
  "a message that no worker sends": "PluginClosedError",
} as const;

test("a plugin with restart reports each restart with its reason, even if the listener throws", async ({
  harness,
}) => {
  const answer = await harness.evaluate(async ({ bytes, fates }) => {
    const { hostFunction, loadPlugin, t } = window.cloche;
    const told: unknown[] = [];
    const reported: string[] = [];
    const listening = new AbortController();
    const onError = (event: ErrorEvent) => {
      event.preventDefault();
      reported.push((event.error as Error).message);
    };
    addEventListener("error", onError, { signal: listening.signal });
    const plugin = await loadPlugin(new Uint8Array(bytes), {
      restart: true,
      hostFunctions: { pause: hostFunction([], t.unit, () => {}) },
      onRestart: ({ count, reason }) => {
        told.push([count, reason.kind, reason.kind === "failed" && reason.error.name]);
        throw new Error(`from listener ${count}`);
      },
    });
    const write = plugin.function("write", [t.string, t.string, t.u32], t.unit);
    const calls = plugin.function("calls", [], t.u32);
    await write("a", "b", fates.writes);
    told.push("before");
    await window.rejection(write("a", "b", fates.traps));
    await plugin.files.write("/by-page", "prepares a fresh instance, and starts none");
    told.push("between");
    const counts = [await calls(), await calls()];
    await window.rejection(write("a", "b", fates.exits));
    await calls();
    listening.abort();
    return { told, reported, counts, restarts: plugin.restarts };
  }, WRITER);
  expect(answer).toEqual({
    told: ["before", "between", [1, "failed", "PluginTrapError"], [2, "failed", "PluginExitError"]],
    reported: ["from listener 1", "from listener 2"],
    counts: [0, 0],
    restarts: 2,
  });
});

test.describe("a plugin with restart takes the next call on a fresh instance", () => {
  for (const [death, error] of Object.entries(DEATHS)) {
    const isEvent = death === "a worker that fails" || death === "a message that no worker sends";
    test(`after ${death}`, isEvent ? PAGE_ONLY : {}, async ({ harness }) => {
      const answer = await harness.evaluate(
        async ({ bytes, fates, death }) => {
          const { hostFunction, loadPlugin, t } = window.cloche;
          const workers: Worker[] = [];
          const plugin = await loadPlugin(new Uint8Array(bytes), {
            restart: true,
            hostFunctions: { pause: hostFunction([], t.unit, () => {}) },
            worker: () => {
              const worker = new Worker(window.workerAddress, { type: "module" });
              workers.push(worker);
              return worker;
            },
            ...(death === "fuel" ? { limits: { fuel: 1_000_000 } } : {}),
          });
          const write = plugin.function("write", [t.string, t.string, t.u32], t.unit);
          const calls = plugin.function("calls", [], t.u32);
          const die = (): Promise<unknown> => {
            const controller = new AbortController();
            const [worker] = workers;
            const spin = write.with({ signal: controller.signal });
            const after = (act: () => void) => {
              setTimeout(act, 50);
              return spin("half", "written", fates.spins);
            };
            switch (death) {
              case "trap":
                return write("half", "written", fates.traps);
              case "exit":
                return write("half", "written", fates.exits);
              case "overflow":
                return write("half", "written", fates.overflows);
              case "fuel":
                return write("half", "written", fates.spins);
              case "timeout":
                return write.with({ timeoutMs: 50 })("half", "written", fates.spins);
              case "abort":
                return after(() => controller.abort());
              case "a worker that somebody ends":
                return after(() => worker?.terminate());
              case "a worker that fails":
                return after(() => worker?.dispatchEvent(new ErrorEvent("error")));
              default:
                return after(() => worker?.dispatchEvent(new MessageEvent("message", { data: 1 })));
            }
          };
          await write("kept", "before", fates.writes);
          const dying = window.rejection(die());
          const waiting = calls();
          const { name } = await dying;
          const state = await Promise.race([plugin.closed, Promise.resolve("open")]);
          const seen = [
            name,
            state,
            await waiting,
            plugin.restarts,
            await plugin.files.readText("/kept"),
            await plugin.files.exists("/half"),
          ];
          await write("kept", "after", fates.writes);
          seen.push(await calls(), await plugin.files.readText("/kept"));
          await plugin.close();
          return [...seen, (await plugin.closed).kind];
        },
        { ...WRITER, death },
      );
      expect(answer).toEqual([error, "open", 0, 1, "before", false, 1, "after", "closed"]);
    });
  }

  for (const { blocking, address, details } of BLOCKING_WAYS) {
    test(`that calls the host by ${blocking}, and whichever way it is stopped`, {
      tag: [details.tag, EPOCH.tag].flat(),
    }, async ({ harnessAt }) => {
      const harness = await harnessAt(address);
      const answer = await harness.evaluate(
        async ({ bytes, fates, blocking }) => {
          const { hostFunction, loadPlugin, t } = window.cloche;
          const seen: unknown[] = [];
          const ways = crossOriginIsolated
            ? (["epoch", "fuel", "terminate"] as const)
            : (["fuel", "terminate"] as const);
          for (const interruption of ways) {
            let pauses = 0;
            const plugin = await loadPlugin(new Uint8Array(bytes), {
              restart: true,
              interruption,
              blocking,
              hostFunctions: { pause: hostFunction([], t.unit, () => void pauses++) },
            });
            const write = plugin.function("write", [t.string, t.string, t.u32], t.unit);
            for (const round of [1, 2, 3]) {
              await write("file", `round ${round}`, fates.asks);
              await window.rejection(write.with({ timeoutMs: 50 })("file", "x", fates.spins));
            }
            await write("other", "", fates.asks);
            seen.push([pauses, plugin.restarts, await plugin.files.readText("/file")]);
            plugin.terminate();
          }
          return seen;
        },
        { ...WRITER, blocking },
      );
      expect(answer).toEqual(answer.map(() => [4, 3, "round 3"]));
    });
  }

  test("in the order of the queue, and runs each call once", async ({ harness }) => {
    const answer = await harness.evaluate(async ({ bytes, fates }) => {
      const { hostFunction, loadPlugin, t } = window.cloche;
      const plugin = await loadPlugin(new Uint8Array(bytes), {
        restart: true,
        hostFunctions: { pause: hostFunction([], t.unit, () => {}) },
      });
      const write = plugin.function("write", [t.string, t.string, t.u32], t.unit);
      const calls = plugin.function("calls", [], t.u32);
      const settled: string[] = [];
      const make = (name: string, fate: number) =>
        write
          .with({ timeoutMs: fate === fates.spins ? 200 : 10_000 })(name, name, fate)
          .then(
            () => settled.push(name),
            () => settled.push(`not ${name}`),
          );
      await Promise.all([
        make("a", fates.writes),
        make("b", fates.traps),
        make("c", fates.spins),
        make("d", fates.writes),
        make("e", fates.writes),
        make("f", fates.exits),
        make("g", fates.writes),
      ]);
      const names = (await plugin.files.list("/")).map(({ name }) => name);
      return [settled, names, await calls(), plugin.restarts];
    }, WRITER);
    expect(answer).toEqual([
      ["a", "not b", "not c", "d", "e", "not f", "g"],
      ["a", "d", "e", "g"],
      1,
      3,
    ]);
  });

  test("only when a call needs one", async ({ harness }) => {
    const answer = await harness.evaluate(async () => {
      const { t } = window.cloche;
      const plugin = await window.loadEverything({ restart: true });
      await window.rejection(plugin.function("trap", [], t.unit)());
      await new Promise((resolve) => {
        setTimeout(resolve, 300);
      });
      const before = plugin.restarts;
      const count = plugin.function("count", [], t.u32);
      return [before, await count(), await count(), plugin.restarts];
    });
    expect(answer).toEqual([0, 1, 2, 1]);
  });

  test("twenty-five times without leaving workers behind", {
    tag: [PAGE_ONLY.tag, PLAYWRIGHT.tag],
  }, async ({ harness }) => {
    const answer = await harness.evaluate(async ({ bytes, fates }) => {
      const { hostFunction, loadPlugin, t } = window.cloche;
      const plugin = await loadPlugin(new Uint8Array(bytes), {
        restart: true,
        files: { large: new Uint8Array(1_000_000) },
        hostFunctions: { pause: hostFunction([], t.unit, () => {}) },
      });
      const write = plugin.function("write", [t.string, t.string, t.u32], t.unit);
      for (let count = 0; count < 25; count++) {
        await write("count", `${count}`, fates.writes);
        await window.rejection(write("count", "half", fates.traps));
      }
      await write("last", "", fates.writes);
      return [plugin.restarts, await plugin.files.readText("/count")];
    }, WRITER);
    expect(answer).toEqual([25, "24"]);
    // The one that is up, and the spare.
    await expect.poll(() => harness.workers().length).toBeLessThanOrEqual(2);
    await harness.evaluate(() => "done");
  });

  test("on a page that is not isolated", JSPI, async ({ harnessAt }) => {
    const harness = await harnessAt(PLAIN);
    const answer = await harness.evaluate(async () => {
      const { t } = window.cloche;
      const plugin = await window.loadEverything({ restart: true });
      const spin = plugin.function("spin", [], t.unit).with({ timeoutMs: 100 });
      const { name } = await window.rejection(spin());
      return [name, await plugin.function("count", [], t.u32)()];
    });
    expect(answer).toEqual(["PluginTimeoutError", 1]);
  });

  test("from a compiled module", async ({ harness }) => {
    const answer = await harness.evaluate(async ({ bytes, fates }) => {
      const { hostFunction, loadPlugin, t } = window.cloche;
      const plugin = await loadPlugin(await WebAssembly.compile(new Uint8Array(bytes)), {
        restart: true,
        hostFunctions: { pause: hostFunction([], t.unit, () => {}) },
      });
      const write = plugin.function("write", [t.string, t.string, t.u32], t.unit);
      await window.rejection(write("file", "half", fates.traps));
      await write("file", "whole", fates.writes);
      return [plugin.interruption, plugin.restarts, await plugin.files.readText("/file")];
    }, WRITER);
    expect(answer).toEqual(["terminate", 1, "whole"]);
  });

  test("in a strict frame, with a spare in another", JSPI_ON_PAGES, async ({ harness }) => {
    const answer = await harness.evaluate(async ({ bytes, fates }) => {
      const { hostFunction, loadPlugin, t } = window.cloche;
      const plugin = await loadPlugin(new Uint8Array(bytes), {
        restart: true,
        isolation: "strict",
        files: { given: "given" },
        hostFunctions: { pause: hostFunction([], t.unit, () => {}) },
      });
      const write = plugin.function("write", [t.string, t.string, t.u32], t.unit);
      for (const fate of [fates.traps, fates.spins]) {
        await write("file", `before ${fate}`, fates.writes);
        await window.rejection(write.with({ timeoutMs: 500 })("file", "half", fate));
      }
      await write("last", "", fates.writes);
      const seen = [
        plugin.restarts,
        await plugin.files.readText("/file"),
        await plugin.files.readText("/given"),
      ];
      await plugin.close();
      return [...seen, document.querySelectorAll("iframe").length];
    }, WRITER);
    expect(answer).toEqual([2, "before 2", "given", 0]);
  });

  test("on the wasmer engine", async ({ harness }) => {
    const answer = await harness.evaluate(async ({ bytes, fates }) => {
      const { hostFunction, loadPlugin, t } = window.cloche;
      const plugin = await loadPlugin(new Uint8Array(bytes), {
        restart: true,
        ...window.onEngine("wasmer"),
        files: { deep: { "given.txt": "given" } },
        hostFunctions: { pause: hostFunction([], t.unit, () => {}) },
      });
      const write = plugin.function("write", [t.string, t.string, t.u32], t.unit);
      await write("deep/file", "before", fates.writes);
      await plugin.files.rename("/deep/given.txt", "/moved.txt");
      await window.rejection(write("deep/file", "half", fates.traps));
      await write("other", "after", fates.writes);
      const text = async (path: string) => plugin.files.readText(path);
      return [
        plugin.restarts,
        await text("/deep/file"),
        await text("/moved.txt"),
        await text("/other"),
        await plugin.files.exists("/deep/given.txt"),
      ];
    }, WRITER);
    expect(answer).toEqual([1, "before", "given", "after", false]);
  });
});

test.describe("the environment of a fresh instance", () => {
  test("continues streams and resets fixed clocks and seeds", async ({ harness }) => {
    const answer = await harness.evaluate(async () => {
      const { t } = window.cloche;
      let stream: ReadableStreamDefaultController<string> | undefined;
      let stdout = "";
      const plugin = await window.loadEverything({
        restart: true,
        stdin: new ReadableStream<string>({ start: (controller) => void (stream = controller) }),
        stdout: (chunk) => (stdout += chunk),
        clock: { startMs: 1000, stepNs: 1_000_000 },
        random: { seed: 7 },
      });
      const line = plugin.function("read_line", [], t.result(t.option(t.string), t.string));
      const trap = plugin.function("trap", [], t.unit);
      const print = plugin.function("print", [t.string], t.unit);
      const look = async () => [
        await plugin.function("now_ms", [], t.u64)(),
        await plugin.function("random", [], t.u64)(),
      ];
      stream?.enqueue("one\n");
      const seen: unknown[] = [await line()];
      await print("before ");
      const first = await look();
      await window.rejection(trap());
      const second = await look();
      stream?.enqueue("two\n");
      seen.push(await line());
      // It is asked for a line, and cut off before there is one.
      await window.rejection(line.with({ timeoutMs: 100 })());
      stream?.enqueue("three\n");
      seen.push(await line());
      // And so again, but the next one waits for it as well, and it is so long that it is moved.
      await window.rejection(line.with({ timeoutMs: 100 })());
      const waiting = line.with({ timeoutMs: 5000 })();
      await new Promise((resolve) => {
        setTimeout(resolve, 500);
      });
      stream?.enqueue(`${"x".repeat(8191)}\n`);
      const moved = await waiting;
      seen.push(moved.ok && moved.value?.length);
      await print("after");
      return [...seen, String(first) === String(second), stdout];
    });
    expect(answer).toEqual([
      { ok: true, value: "one" },
      { ok: true, value: "two" },
      { ok: true, value: "three" },
      8191,
      true,
      "before after",
    ]);
  });

  test("prints U+FFFD for a character that the last instance left incomplete", async ({
    harness,
  }) => {
    const bytes = guest(
      '(import "wasi_snapshot_preview1" "fd_write" (func $write (param i32 i32 i32 i32) (result i32)))',
      MEMORY,
      FREE,
      '(data (i32.const 16) "\\c3ok")',
      '(func (export "__alloc_buffer") (param i32) (result i32) (i32.const 1024))',
      `(func $print (param i32 i32)
        (i32.store (i32.const 0) (local.get 0))
        (i32.store (i32.const 4) (local.get 1))
        (drop (call $write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 8))))`,
      `(func (export "__half") (param i64) (result i64)
        (call $print (i32.const 16) (i32.const 1)) unreachable)`,
      `(func (export "__whole") (param i64) (result i64)
        (call $print (i32.const 17) (i32.const 2)) (i64.const 0))`,
    );
    const stdout = await harness.evaluate(async (bytes) => {
      const { loadPlugin, t } = window.cloche;
      let stdout = "";
      const plugin = await loadPlugin(new Uint8Array(bytes), {
        restart: true,
        stdout: (chunk) => (stdout += chunk),
      });
      await window.rejection(plugin.function("half", [], t.unit)());
      await plugin.function("whole", [], t.unit)();
      return stdout;
    }, bytes);
    expect(stdout).toBe("\ufffdok");
  });
});
