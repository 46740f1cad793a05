import type { Page } from "@playwright/test";
import { ALLOC, ECHO, FREE, guest, MEMORY } from "./harness/hand-made-guest.ts";
import { expect, ISOLATED, PLAIN, test, WORKER_ONLY } from "./harness/test.ts";

/** A plugin that spins, that counts for a while, and that is unlike any other by a number. */
function counting(id: number): number[] {
  return guest(
    MEMORY,
    ALLOC,
    FREE,
    ECHO,
    `(global i32 (i32.const ${id}))
    (func (export "__spin") (param i64) (result i64) (loop $l (br $l)) (i64.const 0))
    (func (export "__count") (param i64) (result i64) (local i32)
      (loop $l
        (local.set 1 (i32.add (local.get 1) (i32.const 1)))
        (br_if $l (i32.lt_u (local.get 1) (i32.const 300000000))))
      (i64.const 0))`,
  );
}

/** Lets a page note what it asks workers for, and "reply" for each answer. */
async function watchRequests(page: Page): Promise<() => Promise<readonly string[]>> {
  await page.evaluate(() => {
    const log: string[] = [];
    const watched = new WeakSet<Worker>();
    const post = Reflect.get(Worker.prototype, "postMessage") as (...args: unknown[]) => void;
    Worker.prototype.postMessage = function (this: Worker, ...args: [never, never]) {
      if (!watched.has(this)) {
        watched.add(this);
        this.addEventListener("message", ({ data }) => data.id && log.push("reply"));
      }
      log.push((args[0] as { path: string[] }).path?.[0] ?? "other");
      post.apply(this, args);
    };
    Object.assign(window, { requestLog: log });
  });
  return () => page.evaluate(() => (window as unknown as { requestLog: string[] }).requestLog);
}

for (const address of [ISOLATED, PLAIN]) {
  test.describe(`a module that the page knows, on ${address}`, WORKER_ONLY, () => {
    test("is not compiled for a second plugin, wherever that has it from", async ({
      harnessAt,
    }) => {
      const harness = await harnessAt(address);
      const requests = await watchRequests(harness);
      const answer = await harness.evaluate(async () => {
        const { loadPlugin, t } = window.cloche;
        const bytes = await (await fetch("/plugins/double.wasm")).arrayBuffer();
        const answers = [];
        for (const source of ["/plugins/double.wasm", bytes, new Blob([bytes])]) {
          const plugin = await loadPlugin(source, { limits: { memoryBytes: 64 * 1024 * 1024 } });
          answers.push(await plugin.function("double", [t.vec(t.f64)], t.vec(t.f64))([4]));
        }
        await loadPlugin(bytes, { limits: { memoryBytes: 63 * 1024 * 1024 } });
        return answers;
      });
      expect(answer).toEqual([[8], [8], [8]]);
      expect((await requests()).filter((each) => each === "compile").length).toBe(2);
    });

    test("is compiled once for plugins that are loaded at the same time, and again after a failure", async ({
      harnessAt,
    }) => {
      const harness = await harnessAt(address);
      const requests = await watchRequests(harness);
      const answer = await harness.evaluate(
        async ([good, bad]) => {
          const { loadPlugin } = window.cloche;
          const names = await Promise.all(
            ["a", "b", "c"].map((name) => loadPlugin(new Uint8Array(good), { name })),
          );
          const errors = await Promise.all(
            [1, 2].map(() => window.rejection(loadPlugin(new Uint8Array(bad)))),
          );
          return [names.map(({ name }) => name), errors.map(({ name }) => name)];
        },
        [counting(1), counting(2).slice(0, -1)] as const,
      );
      expect(answer).toEqual([
        ["a", "b", "c"],
        ["PluginLoadError", "PluginLoadError"],
      ]);
      expect((await requests()).filter((each) => each === "compile").length).toBe(3);
    });
  });
}

test(
  "a load sends all its requests without waiting for a reply",
  WORKER_ONLY,
  async ({ tab: page }) => {
    await page.goto(ISOLATED);
    const requests = await watchRequests(page);
    await page.evaluate(async (bytes) => {
      await window.cloche.loadPlugin(new Uint8Array(bytes));
    }, counting(3));
    expect((await requests()).slice(0, 4)).toEqual(["hold", "compile", "prepare", "start"]);
  },
);

test(
  "One plugin's timeout and abort leave others of the same module running",
  WORKER_ONLY,
  async ({ harness }) => {
    const answer = await harness.evaluate(async (bytes) => {
      const { loadPlugin, t } = window.cloche;
      const plugins = await Promise.all(
        Array.from({ length: 4 }, () => loadPlugin(new Uint8Array(bytes))),
      );
      const [late, aborted, counter, idle] = plugins;
      const call = (plugin: typeof late, name: string) => plugin?.function(name, [], t.unit);
      const counts = call(counter, "count")?.();
      const controller = new AbortController();
      setTimeout(() => controller.abort("enough"), 50);
      const ends = [
        call(late, "spin")?.with({ timeoutMs: 50 })(),
        call(aborted, "spin")?.with({ signal: controller.signal })(),
      ].map(async (end) => {
        try {
          await end;
          return undefined;
        } catch (error) {
          return error instanceof Error ? error.name : error;
        }
      });
      const reasons = await Promise.all(ends);
      await counts;
      await call(idle, "count")?.();
      return [new Set(plugins.map(({ interruption }) => interruption)).size, reasons];
    }, counting(4));
    expect(answer).toEqual([1, ["PluginTimeoutError", "enough"]]);
  },
);

test(
  "More plugins of one module than share it are interrupted each by itself",
  WORKER_ONLY,
  async ({ harness }) => {
    const requests = await watchRequests(harness);
    const answer = await harness.evaluate(async (bytes) => {
      const { loadPlugin, t } = window.cloche;
      const plugins = [];
      for (let count = 0; count < 10; count++)
        plugins.push(await loadPlugin(new Uint8Array(bytes)));
      const spins = plugins.map((plugin) => plugin.function("spin", [], t.unit));
      const ends = [];
      for (const index of [0, 8]) {
        ends.push((await window.rejection(spins[index]?.with({ timeoutMs: 30 })() as never)).name);
      }
      const echoes = plugins.map((plugin) =>
        plugin
          .function(
            "echo",
            [t.u8],
            t.u8,
          )(7)
          .catch(() => "gone"),
      );
      return [ends, await Promise.all(echoes)];
    }, counting(5));
    const [ends, echoes] = answer as [string[], unknown[]];
    expect(ends).toEqual(["PluginTimeoutError", "PluginTimeoutError"]);
    expect(echoes.map((each) => each === 7)).toEqual(echoes.map((_, index) => index % 8 !== 0));
    expect((await requests()).filter((each) => each === "compile").length).toBe(2);
  },
);
