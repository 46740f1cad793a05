import { PICKY_GUESTS } from "./harness/picky-guest.ts";
import { expect, PAGE_ONLY, PLAYWRIGHT, test } from "./harness/test.ts";

test.describe("a fresh instance that fails to start", () => {
  for (const [begins, bytes] of Object.entries(PICKY_GUESTS)) {
    for (const [file, error] of [
      ["start-sleeps", "PluginLimitError loadMs"],
      ["start-traps", "PluginTrapError"],
      ["start-exits", "PluginExitError"],
    ] as const) {
      test(`in ${begins}, where it ${file}, rejects the call that asked for it, and never the plugin`, async ({
        harness,
      }) => {
        const answer = await harness.evaluate(
          async ({ bytes, file }) => {
            const { loadPlugin, PluginLimitError, t } = window.cloche;
            const plugin = await loadPlugin(new Uint8Array(bytes), {
              restart: true,
              limits: { loadMs: 2000 },
            });
            const echo = plugin.function("echo", [t.u32], t.u32);
            const failure = async () => {
              const { error, name } = await window.rejection(echo(1));
              return error instanceof PluginLimitError ? `${name} ${error.limit}` : name;
            };
            await plugin.files.write(`/${file}`, "");
            const seen: unknown[] = [await echo(1)];
            await window.rejection(plugin.function("trap", [], t.unit)());
            const waiting = [failure(), failure()];
            seen.push(await Promise.all(waiting), await failure());
            // The files answer all the same, and so it can be mended.
            await plugin.files.remove(`/${file}`);
            seen.push(await echo(2), plugin.restarts);
            return seen;
          },
          { bytes, file },
        );
        expect(answer).toEqual([1, [error, error], error, 2, 1]);
      });
    }
  }

  test("or spins in __alloc_buffer fails each call until it no longer does", async ({
    harness,
  }) => {
    const answer = await harness.evaluate(async (bytes) => {
      const { loadPlugin, t } = window.cloche;
      const plugin = await loadPlugin(new Uint8Array(bytes), { restart: true });
      const echo = plugin.function("echo", [t.u32], t.u32);
      const bounded = echo.with({ timeoutMs: 100 });
      await plugin.files.write("/alloc-spins", "");
      const seen: unknown[] = [];
      for (const value of [1, 2, 3]) seen.push((await window.rejection(bounded(value))).name);
      await plugin.files.remove("/alloc-spins");
      seen.push(await echo(4), plugin.restarts);
      return seen;
    }, PICKY_GUESTS._initialize);
    expect(answer).toEqual([
      "PluginTimeoutError",
      "PluginTimeoutError",
      "PluginTimeoutError",
      4,
      3,
    ]);
  });

  test("does not delay a call that is aborted", async ({ harness }) => {
    const answer = await harness.evaluate(async (bytes) => {
      const { loadPlugin, t } = window.cloche;
      const plugin = await loadPlugin(new Uint8Array(bytes), {
        restart: true,
        limits: { loadMs: 2000 },
      });
      const echo = plugin.function("echo", [t.u32], t.u32);
      await plugin.files.write("/start-spins", "");
      await window.rejection(plugin.function("trap", [], t.unit)());
      const controller = new AbortController();
      const started = performance.now();
      const aborted = window.rejection(echo.with({ signal: controller.signal })(1));
      const other = window.rejection(echo(2));
      setTimeout(() => controller.abort(new Error("changed my mind")), 100);
      const { message } = await aborted;
      const isPrompt = performance.now() - started < 1500;
      return [message, isPrompt, (await other).name];
    }, PICKY_GUESTS._initialize);
    expect(answer).toEqual(["changed my mind", true, "PluginLimitError"]);
  });

  test("ends on terminate; close waits for it", PLAYWRIGHT, async ({ harness }) => {
    const answer = await harness.evaluate(async (bytes) => {
      const { loadPlugin, t } = window.cloche;
      const seen: unknown[] = [];
      for (const end of ["terminate", "close"] as const) {
        const plugin = await loadPlugin(new Uint8Array(bytes), {
          restart: true,
          limits: { loadMs: 2000 },
        });
        await plugin.files.write("/start-sleeps", "");
        await window.rejection(plugin.function("trap", [], t.unit)());
        const echo = plugin.function("echo", [t.u32], t.u32);
        const calls = [window.rejection(echo(1)), window.rejection(echo(2))];
        await new Promise((resolve) => {
          setTimeout(resolve, 100);
        });
        if (end === "terminate") plugin.terminate("enough");
        else void plugin.close();
        const late = await window.rejection(echo(3));
        const failed = await Promise.all(calls);
        seen.push([
          ...failed.map(({ name, error }) => [name, error.cause ?? null]),
          late.name,
          (await plugin.closed).kind,
          (await window.rejection(plugin.files.list("/"))).name,
        ]);
      }
      return seen;
    }, PICKY_GUESTS._initialize);
    expect(answer).toEqual([
      [
        ["PluginClosedError", "enough"],
        ["PluginClosedError", "enough"],
        "PluginClosedError",
        "terminated",
        "PluginClosedError",
      ],
      [
        ["PluginLimitError", null],
        ["PluginLimitError", null],
        "PluginClosedError",
        "closed",
        "PluginClosedError",
      ],
    ]);
    await expect.poll(() => harness.workers().length).toBe(0);
  });
});

test.describe("the spare worker", () => {
  test(
    "starts before it is needed, becomes the next instance, and ends with the plugin",
    PLAYWRIGHT,
    async ({ harness }) => {
      const answer = await harness.evaluate(async () => {
        const { t } = window.cloche;
        let made = 0;
        const plugin = await window.loadEverything({
          restart: true,
          worker: () => {
            made++;
            return new Worker(window.workerAddress, { type: "module" });
          },
        });
        const count = plugin.function("count", [], t.u32);
        const pause = () =>
          new Promise((resolve) => {
            setTimeout(resolve, 100);
          });
        await pause();
        const seen = [made];
        await window.rejection(plugin.function("trap", [], t.unit)());
        await pause();
        seen.push(made);
        await count();
        await pause();
        seen.push(made);
        await plugin.close();
        return seen;
      });
      expect(answer).toEqual([2, 2, 3]);
      await expect.poll(() => harness.workers().length).toBe(0);
    },
  );

  test("fails when the page has no memory to share, each time", PLAYWRIGHT, async ({ harness }) => {
    const answer = await harness.evaluate(async () => {
      const { t } = window.cloche;
      const plugin = await window.loadEverything({ restart: true, blocking: "shared-memory" });
      const count = plugin.function("count", [], t.u32);
      await window.rejection(plugin.function("trap", [], t.unit)());
      const { SharedArrayBuffer: real } = window;
      const fail = function (): never {
        throw new RangeError("Array buffer allocation failed");
      };
      window.SharedArrayBuffer = fail as unknown as SharedArrayBufferConstructor;
      const seen: unknown[] = [];
      for (let times = 0; times < 5; times++) {
        seen.push((await window.rejection(count())).message);
        await new Promise((resolve) => {
          setTimeout(resolve, 50);
        });
      }
      window.SharedArrayBuffer = real;
      return [new Set(seen).size, seen[0], await count()];
    });
    expect(answer).toEqual([1, "Array buffer allocation failed", 1]);
    // The one that is up, and the spare.
    await expect.poll(() => harness.workers().length).toBe(2);
  });

  for (const [when, isNoticed] of [
    ["long before it is needed", true],
    ["at the moment that it is needed", false],
  ] as const) {
    test(`may die ${when}`, PAGE_ONLY, async ({ harness }) => {
      const answer = await harness.evaluate(async (isNoticed) => {
        const { t } = window.cloche;
        const workers: Worker[] = [];
        const plugin = await window.loadEverything({
          restart: true,
          worker: () => {
            // An address of its own: WebKit refuses what a 304 of this server brings to an isolated page.
            const address = `${window.workerAddress}?${crypto.randomUUID()}`;
            const worker = new Worker(address, { type: "module" });
            workers.push(worker);
            return worker;
          },
        });
        const trap = plugin.function("trap", [], t.unit);
        const count = plugin.function("count", [], t.u32);
        // As many workers as have told the page what they hold, so that it waits for that.
        const watched = async () => (await navigator.locks.query()).pending?.length;
        const until = async (isSo: () => Promise<boolean>) => {
          while (!(await isSo())) await new Promise((resolve) => setTimeout(resolve, 5));
        };
        const answers = [];
        for (let round = 1; round <= 5; round += 1) {
          await until(async () => workers.length === 2 * round && (await watched()) === 2);
          const trapped = isNoticed ? undefined : window.rejection(trap());
          workers.at(-1)?.terminate();
          if (isNoticed) await until(async () => (await watched()) === 1);
          await (trapped ?? window.rejection(trap()));
          answers.push(await count().catch((error: Error) => error.message));
        }
        return [...answers, plugin.restarts];
      }, isNoticed);
      expect(answer).toEqual([1, 1, 1, 1, 1, 5]);
    });
  }

  test(
    "is not created without restart, and the plugin closes with its instance",
    PAGE_ONLY,
    async ({ harness }) => {
      const answer = await harness.evaluate(async () => {
        const { t } = window.cloche;
        const plugin = await window.loadEverything();
        await new Promise((resolve) => {
          setTimeout(resolve, 100);
        });
        const held = (await navigator.locks.query()).held?.length;
        await window.rejection(plugin.function("trap", [], t.unit)());
        const { name } = await window.rejection(plugin.function("count", [], t.u32)());
        return [held, name, plugin.restarts, (await plugin.closed).kind];
      });
      expect(answer).toEqual([1, "PluginClosedError", 0, "failed"]);
    },
  );
});
