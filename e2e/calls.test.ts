import { expect, test, WORKER_ONLY } from "./harness/test.ts";

test.describe("calls of guest functions", () => {
  test("double doubles every number of a list", async ({ harness }) => {
    const answers = await harness.evaluate(async () => {
      const { loadPlugin, t } = window.cloche;
      const plugin = await loadPlugin("/plugins/double.wasm");
      const double = plugin.function("double", [t.vec(t.f64)], t.vec(t.f64));
      return [plugin.name, plugin.functions, await double([1, 2, 3]), await double([])];
    });
    expect(answers).toEqual(["double", ["double"], [2, 4, 6], []]);
  });

  test("double takes and returns typed arrays of any size", async ({ harness }) => {
    const answer = await harness.evaluate(async () => {
      const { loadPlugin, t } = window.cloche;
      const plugin = await loadPlugin("/plugins/double.wasm");
      const double = plugin.function("double", [t.f64Array], t.f64Array);
      const numbers = Float64Array.from({ length: 1 << 20 }, (_, index) => index);
      const doubled = await double(numbers);
      const isRight = doubled.every((value, index) => value === 2 * index);
      return { isRight, length: doubled.length, keptArgument: numbers.length };
    });
    expect(answer).toEqual({ isRight: true, length: 1 << 20, keptArgument: 1 << 20 });
  });

  test("a plugin tells how large its memory is, and when it has grown", async ({ harness }) => {
    const [start, small, grown, other] = await harness.evaluate(async () => {
      const { t } = window.cloche;
      const plugin = await window.loadEverything();
      const allocate = plugin.function("allocate", [t.u64], t.u64);
      const sizes = [plugin.memoryBytes];
      for (const bytes of [1n, 4_000_000n]) {
        await allocate(bytes);
        sizes.push(plugin.memoryBytes);
      }
      return [...sizes, (await window.loadEverything()).memoryBytes];
    });
    expect(start).toBeGreaterThan(0);
    expect(small).toBe(start);
    expect(grown).toBeGreaterThan(4_000_000);
    expect(other).toBe(start);
  });

  test("a hundred queued calls return in order", async ({ harness }) => {
    const order = await harness.evaluate(async () => {
      const { loadPlugin, t } = window.cloche;
      const plugin = await loadPlugin("/plugins/double.wasm");
      const double = plugin.function("double", [t.vec(t.f64)], t.vec(t.f64));
      const settled: number[] = [];
      const calls = Array.from({ length: 100 }, async (_, index) => {
        const [answer] = await double([index]);
        settled.push(Number(answer) / 2);
      });
      await Promise.all(calls);
      return settled;
    });
    expect(order).toEqual(Array.from({ length: 100 }, (_, index) => index));
  });

  test("a guest keeps its state between calls and shares it with no other plugin", async ({
    harness,
  }) => {
    const counts = await harness.evaluate(async () => {
      const { t } = window.cloche;
      const first = await window.loadEverything();
      const second = await window.loadEverything();
      const countFirst = first.function("count", [], t.u32);
      const countSecond = second.function("count", [], t.u32);
      return Promise.all([countFirst(), countFirst(), countSecond(), countFirst(), countSecond()]);
    });
    expect(counts).toEqual([1, 2, 1, 3, 2]);
  });

  test("a plugin answers while another one spins", async ({ harness }) => {
    const answer = await harness.evaluate(async () => {
      const { loadPlugin, t } = window.cloche;
      const spinning = await window.loadEverything();
      const spin = spinning.function("spin", [], t.unit)();
      const ended = spin.catch((error: unknown) => (error as Error).name);
      const other = await loadPlugin("/plugins/double.wasm");
      const doubled = await other.function("double", [t.vec(t.f64)], t.vec(t.f64))([21]);
      spinning.terminate("enough");
      return [doubled, await ended];
    });
    expect(answer).toEqual([[42], "PluginClosedError"]);
  });

  test("arguments are encoded at once, so the caller may change them after the call", async ({
    harness,
  }) => {
    const answer = await harness.evaluate(async () => {
      const { loadPlugin, t } = window.cloche;
      const plugin = await loadPlugin("/plugins/double.wasm");
      const double = plugin.function("double", [t.vec(t.f64)], t.vec(t.f64));
      const numbers = [1, 2];
      const first = double(numbers);
      const second = double(numbers);
      numbers.fill(100);
      return [await first, await second];
    });
    expect(answer).toEqual([
      [2, 4],
      [2, 4],
    ]);
  });

  test(
    "a plugin can be loaded from an address, a response, bytes and a module",
    WORKER_ONLY,
    async ({ harness }) => {
      const answers = await harness.evaluate(async () => {
        const { loadPlugin, t } = window.cloche;
        const address = "/plugins/double.wasm";
        const bytes = await (await fetch(address)).arrayBuffer();
        const sources = [
          new URL(address, location.href),
          await fetch(address),
          bytes,
          new Uint8Array(bytes),
          await WebAssembly.compile(bytes),
        ];
        return Promise.all(
          sources.map(async (source) => {
            const plugin = await loadPlugin(source);
            const double = plugin.function("double", [t.vec(t.f64)], t.vec(t.f64));
            return [plugin.name, ...(await double([4]))];
          }),
        );
      });
      expect(answers).toEqual([
        ["double", 8],
        ["double", 8],
        ["plugin", 8],
        ["plugin", 8],
        ["plugin", 8],
      ]);
    },
  );
});
