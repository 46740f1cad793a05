import type { Page } from "@playwright/test";
import { ALONE, expect, ISOLATED, openHarness, test } from "./harness/test.ts";

/** Each test counts the workers that the page starts, so it opens a fresh one. */
test.beforeEach(async ({ tab }) => {
  await openHarness(tab, ISOLATED);
  await tab.evaluate(() => {
    const started: string[] = [];
    window.Worker = new Proxy(window.Worker, {
      construct(target, [script, options]: [string, WorkerOptions]) {
        started.push(options.name ?? "");
        return new target(script, options);
      },
    });
    Object.assign(window, { started });
  });
});

function started(page: Page): Promise<readonly string[]> {
  return page.evaluate(() => (window as unknown as { started: string[] }).started);
}

/** Waits for so many workers to be started in all, and for the last one to have listened and rehearsed. */
async function waitForStarted(page: Page, count: number): Promise<void> {
  await expect.poll(async () => (await started(page)).length).toBe(count);
  await page.waitForTimeout(300);
}

/** Loads a plugin that stays open, and calls it. Returns the answers. */
function loadDouble(page: Page, times: number, options: object = {}): Promise<number[][]> {
  return page.evaluate(
    async ([times, options]) => {
      const { loadPlugin, t } = window.cloche;
      const load = async () => {
        const plugin = await loadPlugin("/plugins/double.wasm", options);
        return plugin.function("double", [t.vec(t.f64)], t.vec(t.f64))([21]);
      };
      return Promise.all(Array.from({ length: times }, load));
    },
    [times, options] as const,
  );
}

test("a worker waits after a load, and the next plugin takes it", async ({ tab: page }) => {
  expect(await loadDouble(page, 1)).toEqual([[42]]);
  await waitForStarted(page, 2);
  expect(await started(page)).toEqual(["double", "cloche, spare"]);
  expect(await loadDouble(page, 1)).toEqual([[42]]);
  expect((await started(page)).filter((name) => name === "double")).toEqual(["double"]);
});

test("of two plugins that are loaded at once, one takes it", async ({ tab: page }) => {
  await loadDouble(page, 1);
  await waitForStarted(page, 2);
  expect(await loadDouble(page, 2)).toEqual([[42], [42]]);
  expect((await started(page)).filter((name) => name === "double")).toEqual(["double", "double"]);
});

test("it ends when no plugin takes it for some seconds", async ({ tab: page }) => {
  await loadDouble(page, 1);
  await waitForStarted(page, 2);
  // A browser may tell late of those of the page before.
  await expect.poll(() => page.workers().length).toBe(2);
  await expect.poll(() => page.workers().length).toBe(1);
});

test("a plugin of another script does not take it", async ({ tab: page }) => {
  await loadDouble(page, 1);
  await waitForStarted(page, 2);
  const worker = await page.evaluate(() => window.workerAddress);
  expect(await loadDouble(page, 1, { worker, name: "other" })).toEqual([[42]]);
  await waitForStarted(page, 4);
  expect(await started(page)).toEqual(["double", "cloche, spare", "other", "cloche, spare"]);
  expect(await loadDouble(page, 1, { worker, name: "third" })).toEqual([[42]]);
  expect(await started(page)).not.toContain("third");
});

test("none is started for workers that the page makes, or for frames", async ({ tab: page }) => {
  await page.evaluate(async () => {
    const { loadPlugin } = window.cloche;
    const worker = () => new Worker(window.workerAddress, { type: "module", name: "own" });
    await loadPlugin("/plugins/double.wasm", { worker });
    await loadPlugin("/plugins/double.wasm", { isolation: "strict" });
  });
  await page.waitForTimeout(300);
  expect(await started(page)).toEqual(["own"]);
});

test("a plugin finds nothing in it that it does not find in a worker of its own", async ({
  tab: page,
}) => {
  const record = () =>
    page.evaluate(async () => {
      const { t } = window.cloche;
      const plugin = await window.loadEverything({
        record: true,
        random: { seed: 7 },
        clock: { startMs: 0, stepNs: 1000 },
      });
      const answers = [
        String(await plugin.function("random", [], t.u64)()),
        await plugin.function("count", [], t.u32)(),
        await plugin.files.list("/"),
      ];
      const recording = await plugin.recording();
      await plugin.close();
      return JSON.stringify([answers, recording]);
    });
  const first = await record();
  await waitForStarted(page, 2);
  const second = await record();
  expect((await started(page)).filter((name) => name === "everything")).toHaveLength(1);
  expect(second).toBe(first);
});

test.describe("in a browser with room for few memories", ALONE, () => {
  test.skip(({ browserName }) => browserName !== "chromium", "only Chromium has so few memories");

  test("thirty plugins are open at once beside eighty memories, although their workers have rehearsed", async ({
    tab: page,
  }) => {
    const loaded = await page.evaluate(async () => {
      // They leave room for 44 more: a memory more for each worker would leave room for 22 plugins.
      const memories = Array.from({ length: 80 }, () => new WebAssembly.Memory({ initial: 1 }));
      const { loadPlugin } = window.cloche;
      const plugins = [];
      while (plugins.length < 30) plugins.push(await loadPlugin("/plugins/double.wasm"));
      for (const plugin of plugins) plugin.terminate();
      return [plugins.length, memories.length];
    });
    expect(loaded).toEqual([30, 80]);
  });
});
