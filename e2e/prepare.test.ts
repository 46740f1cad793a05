import { ALLOC, ECHO, FREE, guest, MEMORY } from "./harness/hand-made-guest.ts";
import { expect, ISOLATED, openHarness, PAGE_ONLY, test, WORKER_ONLY } from "./harness/test.ts";

test.describe("a prepared plugin", () => {
  test("is taken with its own memory and files, again and again, from a source that is read once", async ({
    harness,
  }) => {
    const answer = await harness.evaluate(async () => {
      const { prepare, t } = window.cloche;
      const prepared = await prepare(await fetch("/plugins/double.wasm"), {
        files: { "a.txt": "first" },
      });
      const seen = [];
      for (let count = 0; count < 3; count++) {
        const plugin = await prepared.load();
        const text = await plugin.files.readText("/a.txt");
        await plugin.files.write("/a.txt", "changed");
        const double = plugin.function("double", [t.vec(t.f64)], t.vec(t.f64));
        seen.push([plugin.name, text, await double([count])]);
      }
      return seen;
    });
    expect(answer).toEqual([0, 1, 2].map((count) => ["double", "first", [2 * count]]));
  });

  test("has started before it is taken, and the next one when it was", async ({ harness }) => {
    const answer = await harness.evaluate(
      async (bytes) => {
        const { prepare, hostFunction, t } = window.cloche;
        const starts: string[] = [];
        const note = hostFunction([], t.unit, () => void starts.push("start"));
        const prepared = await prepare(new Uint8Array(bytes), { hostFunctions: { note } });
        const atFirst = starts.length;
        const [one, other] = await Promise.all([prepared.load(), prepared.load()]);
        const pause = () => new Promise((resolve) => setTimeout(resolve, 5));
        for (let waits = 0; starts.length < 3 && waits < 1000; waits++) await pause();
        return [atFirst, one === other, starts.length];
      },
      guest(
        '(import "env" "__note" (func $note (param i64) (result i64)))',
        MEMORY,
        ALLOC,
        FREE,
        ECHO,
        '(func (export "_initialize") (drop (call $note (i64.const 0))))',
      ),
    );
    expect(answer).toEqual([1, false, 3]);
  });

  test("is replaced when it dies while it waits", {
    tag: [WORKER_ONLY.tag, PAGE_ONLY.tag],
  }, async ({ tab: page }) => {
    await openHarness(page, ISOLATED);
    const answer = await page.evaluate(async () => {
      const { prepare, t } = window.cloche;
      const made: Worker[] = [];
      const Made = window.Worker;
      window.Worker = class extends Made {
        constructor(script: string | URL, options?: WorkerOptions) {
          super(script, options);
          made.push(this);
        }
      };
      const prepared = await prepare("/plugins/double.wasm");
      // Not by the library, which hears of it by the lock that the worker held.
      made[0]?.terminate();
      await new Promise((resolve) => setTimeout(resolve, 500));
      const plugin = await prepared.load();
      const double = plugin.function("double", [t.vec(t.f64)], t.vec(t.f64));
      return [made.length > 1, await double([4])];
    });
    expect(answer).toEqual([true, [8]]);
  });

  test("is given up by close, and those that were taken are not", async ({ harness }) => {
    const answer = await harness.evaluate(async () => {
      const { prepare, t } = window.cloche;
      const prepared = await prepare("/plugins/double.wasm");
      const taken = await prepared.load();
      await prepared.close();
      await prepared.close();
      const { name, message } = await window.rejection(prepared.load());
      const double = taken.function("double", [t.vec(t.f64)], t.vec(t.f64));
      return [name, message, await double([1])];
    });
    expect(answer).toEqual([
      "PluginClosedError",
      'Cannot load plugin "double": what was prepared is closed',
      [2],
    ]);
  });

  test("fails as loadPlugin does: for a missing module, an option, a signal", async ({
    harness,
  }) => {
    const answer = await harness.evaluate(async () => {
      const { prepare } = window.cloche;
      const errors = await Promise.all([
        window.rejection(prepare("/plugins/missing/plugin.wasm")),
        window.rejection(prepare("/plugins/double.wasm", { nothing: 1 } as never)),
        window.rejection(prepare("/plugins/double.wasm", { limits: { moduleBytes: 10 } })),
        window.rejection(prepare("/plugins/everything.wasm")),
      ]);
      return errors.map(({ name }) => name);
    });
    expect(answer).toEqual(["PluginLoadError", "TypeError", "PluginLimitError", "PluginLinkError"]);
  });
});
