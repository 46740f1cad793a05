import type { Page } from "@playwright/test";
import type { GuestFunction, Mount, Plugin, PluginFiles } from "cloche";
import { expect, test } from "./harness/test.ts";

declare global {
  interface Window {
    /** What a test holds on to. */
    held: Record<string, unknown>;
  }
}

// Firefox frees a worker only when its cycle collector runs, which nothing here can cause: a minute of
// allocations, of DOM nodes too, collects plain objects and message ports, but not even a bare idle
// worker. The code is the same for both browsers.
test.skip(({ browserName }) => browserName !== "chromium", "no other browser collects on demand");

/** Collects garbage until so many workers are left. */
async function collectUntil(page: Page, workers: number): Promise<void> {
  const session = await page.context().newCDPSession(page);
  await expect
    .poll(async () => {
      await session.send("HeapProfiler.collectGarbage");
      return page.workers().length;
    })
    .toBe(workers);
}

test("unreachable plugins are closed, with one warning each", async ({ harness }) => {
  const warnings: string[] = [];
  harness.on("console", (message) => warnings.push(`${message.type()}: ${message.text()}`));
  let started = 0;
  harness.on("worker", () => (started += 1));
  await harness.evaluate(async () => {
    const { loadPlugin, t } = window.cloche;
    for (let index = 0; index < 20; index++) {
      const plugin = await loadPlugin("/plugins/double.wasm", { restart: index % 4 === 0 });
      await plugin.function("double", [t.vec(t.f64)], t.vec(t.f64))([21]);
      await plugin.files.write("/a", "a");
      await plugin.mount("/m", { a: "a" });
      void plugin.closed.then(() => {});
    }
    const closed = await loadPlugin("/plugins/double.wasm");
    await closed.close();
  });
  // Some may have been collected by now.
  expect(started).toBeGreaterThanOrEqual(21);
  await collectUntil(harness, 0);
  expect(warnings).toEqual(
    Array.from(
      { length: 20 },
      () =>
        'warning: Plugin "double" was garbage-collected without close(); its worker is terminated',
    ),
  );
});

test("a plugin stays open while any handle of it is reachable", async ({ harness }) => {
  await harness.evaluate(async () => {
    const { loadPlugin, t } = window.cloche;
    const load = () => loadPlugin("/plugins/double.wasm");
    const params = [t.vec(t.f64)] as const;
    const double = (await load()).function("double", params, t.vec(t.f64));
    window.held = {
      plugin: await load(),
      double: (await load()).function("double", params, t.vec(t.f64)),
      bounded: double.with({ timeoutMs: 1000 }),
      files: (await load()).files,
      mount: await (await load()).mount("/m", { a: "a" }),
    };
    await load();
  });
  await collectUntil(harness, 5);
  const answer = await harness.evaluate(async () => {
    const { plugin, double, bounded, files, mount } = window.held as {
      plugin: Plugin;
      double: GuestFunction<[number[]], number[]>;
      bounded: (values: number[]) => Promise<number[]>;
      files: PluginFiles;
      mount: Mount;
    };
    await files.write("/a", "kept");
    await mount.unmount();
    const text = await files.readText("/a");
    return [plugin.name, await double([1]), await bounded([2]), text];
  });
  expect(answer).toEqual(["double", [2], [4], "kept"]);
  await harness.evaluate(() => {
    window.held = {};
  });
  await collectUntil(harness, 0);
});

test("a plugin stays open during a call, a file operation or a mount", async ({ harness }) => {
  await harness.evaluate(async () => {
    const { t } = window.cloche;
    const results: unknown[] = [];
    window.held = { results };
    const onEnd = (value: unknown) => results.push(value);
    const sleeping = await window.loadEverything();
    void sleeping
      .function(
        "sleep_ms",
        [t.u64],
        t.unit,
      )(1000n)
      .then(() => onEnd("slept"), onEnd);
    const busy = await window.loadEverything();
    for (let index = 0; index < 50; index++) {
      const written = busy.files.write("/big", new Uint8Array(1_000_000));
      if (index === 49) void written.then(() => onEnd("written"), onEnd);
    }
    const mounting = await window.loadEverything();
    void mounting
      .mount("/m", { a: new Uint8Array(10_000_000) })
      .then(() => onEnd("mounted"), onEnd);
  });
  await collectUntil(harness, 0);
  const results = await harness.evaluate(() => (window.held["results"] as string[]).sort());
  expect(results).toEqual(["mounted", "slept", "written"]);
});
