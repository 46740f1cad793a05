/** Calls with large arrays: whose memory they use, and that nobody else can tell. */

import { FREE, guest } from "./harness/hand-made-guest.ts";
import { expect, ISOLATED, PAGE_ONLY, PLAIN, test } from "./harness/test.ts";

/** Its functions give back what they are given, unless they end first. */
const GUEST = guest(
  '(memory (export "memory") 64)',
  '(func (export "__alloc_buffer") (param i32) (result i32) (i32.const 1024))',
  FREE,
  "(global $runs (mut i64) (i64.const 0))",
  `(func (export "__echo") (param i64) (result i64)
    (global.set $runs (i64.add (global.get $runs) (i64.const 1))) (local.get 0))`,
  `(func (export "__runs") (param i64) (result i64)
    (i64.store (i32.const 1024) (global.get $runs))
    (i64.or (i64.shl (i64.const 1024) (i64.const 32)) (i64.const 8)))`,
  '(func (export "__trap") (param i64) (result i64) unreachable)',
  '(func (export "__hang") (param i64) (result i64) (loop $on (br $on)) (i64.const 0))',
);

for (const address of [ISOLATED, PLAIN]) {
  test.describe(`large calls on ${address}`, address === PLAIN ? PAGE_ONLY : {}, () => {
    test.use({ address });

    test("write their results into an array that the caller has", async ({ harness }) => {
      const seen = await harness.evaluate(async () => {
        const { loadPlugin, t } = window.cloche;
        const plugin = await loadPlugin("/plugins/double.wasm");
        const double = plugin.function("double", [t.f64Array], t.f64Array);
        const seen: unknown[] = [];
        for (const length of [0, 1, 511, 100_000, 300_000, 100_000]) {
          const numbers = Float64Array.from({ length }, (_, index) => index);
          const all = new Float64Array(length + 20).fill(-1);
          const out = all.subarray(10, 10 + length);
          const into = double.with({ out });
          for (let round = 0; round < 3; round++) {
            const result = await into(numbers);
            const isRight = out.every((value, index) => value === 2 * index);
            const edges = [...all.slice(0, 10), ...all.slice(-10)];
            const isWithin = edges.every((value) => value === -1);
            seen.push([result === out, isRight, isWithin, numbers.length === length]);
            out.fill(-2);
          }
        }
        return seen;
      });
      expect(seen).toEqual(Array.from({ length: 18 }, () => [true, true, true, true]));
    });

    test("take arrays that are given up, and bring their memory back", async ({ harness }) => {
      const seen = await harness.evaluate(async (bytes) => {
        const { loadPlugin, t } = window.cloche;
        const plugin = await loadPlugin(new Uint8Array(bytes));
        const echo = plugin.function("echo", [t.f64Array], t.f64Array).with({ transfer: true });
        const seen: unknown[] = [];
        let numbers = Float64Array.from({ length: 100_000 }, (_, index) => index);
        for (let round = 0; round < 4; round++) {
          const result = await echo(numbers);
          const isRight = result.every((value, index) => value === index);
          seen.push([numbers.length, result.length, isRight]);
          numbers = result;
        }
        const both = [t.bytes, t.u32, t.bytes] as const;
        const echoBoth = plugin.function("echo", both, t.tuple(...both));
        const [one, two] = [new Uint8Array(9000).fill(1), new Uint8Array(9000).fill(2)];
        const result = await echoBoth.with({ transfer: true })(one, 5, two);
        seen.push([
          one.length,
          two.length,
          result.map(String).join() === [one_(), 5, two_()].join(),
        ]);
        function one_() {
          return String(new Uint8Array(9000).fill(1));
        }
        function two_() {
          return String(new Uint8Array(9000).fill(2));
        }
        return seen;
      }, GUEST);
      expect(seen).toEqual([...Array.from({ length: 4 }, () => [0, 100_000, true]), [0, 0, true]]);
    });

    test("that wait behind a trap keep their arguments for a fresh instance", async ({
      harness,
    }) => {
      const seen = await harness.evaluate(async (bytes) => {
        const { loadPlugin, t } = window.cloche;
        const plugin = await loadPlugin(new Uint8Array(bytes), { restart: true });
        const echo = plugin.function("echo", [t.bytes], t.bytes);
        const trap = plugin.function("trap", [], t.unit);
        const large = new Uint8Array(200_000).fill(9);
        const given = [5000, 20_000, 200_000, 10, 5000].map((n) => new Uint8Array(n).fill(n % 251));
        const out = new Uint8Array(200_000);
        const ends = await Promise.allSettled([
          trap(),
          ...given.map((value) => echo(value)),
          echo.with({ transfer: true })(large.slice()),
          echo.with({ out })(large),
        ]);
        const [first, ...rest] = ends.map((end) => ("value" in end ? String(end.value) : "failed"));
        const expected = [...given, large, large].map(String);
        return [first, rest.map((value, index) => value === expected[index])];
      }, GUEST);
      expect(seen).toEqual(["failed", Array.from({ length: 7 }, () => true)]);
    });

    test("allocate no large memory for a call once there is some", async ({ harness }) => {
      const counts = await harness.evaluate(async () => {
        const { loadPlugin, t } = window.cloche;
        const plugin = await loadPlugin("/plugins/double.wasm");
        const double = plugin.function("double", [t.f64Array], t.f64Array);
        const numbers = new Float64Array(200_000).fill(3);
        const into = double.with({ out: new Float64Array(numbers.length) });
        const givenUp = double.with({ transfer: true });
        let ball = await givenUp(numbers.slice());
        await into(numbers);

        let allocations = 0;
        const counted = <T extends typeof ArrayBuffer | typeof Uint8Array>(constructor: T): T =>
          new Proxy(constructor, {
            construct(target, args: [number], newTarget) {
              if (args[0] > 65_536) allocations += 1;
              return Reflect.construct(target, args, newTarget) as object;
            },
          });
        const { ArrayBuffer: Buffers, Uint8Array: Bytes } = globalThis;
        Object.assign(globalThis, {
          ArrayBuffer: counted(Buffers),
          Uint8Array: counted(Bytes),
        });
        try {
          const counts: number[] = [];
          for (let round = 0; round < 10; round++) await into(numbers);
          counts.push(allocations);
          for (let round = 0; round < 10; round++) ball = await givenUp(ball);
          counts.push(allocations);
          await double(numbers);
          await double(numbers);
          counts.push(allocations);
          return counts;
        } finally {
          Object.assign(globalThis, { ArrayBuffer: Buffers, Uint8Array: Bytes });
        }
      });
      // The first result that is not written into `out` keeps the buffer, so the next call needs another.
      expect(counts).toEqual([0, 0, 1]);
    });
  });
}

test("an array of another realm takes results, and is given up", PAGE_ONLY, async ({ harness }) => {
  const seen = await harness.evaluate(async () => {
    const { loadPlugin, t } = window.cloche;
    const plugin = await loadPlugin("/plugins/double.wasm");
    const double = plugin.function("double", [t.f64Array], t.f64Array);
    const frame = document.body.appendChild(document.createElement("iframe"));
    const foreign = frame.contentWindow as unknown as typeof globalThis;
    const out = new foreign.Float64Array(3);
    const given = foreign.Float64Array.of(4, 5);
    const result = await double.with({ out })(foreign.Float64Array.of(1, 2, 3));
    const shorter = await double.with({ out, transfer: true })(given);
    const seen = [result === out, [...shorter], [...out], given.length];
    frame.remove();
    return seen;
  });
  expect(seen).toEqual([true, [8, 10], [8, 10, 6], 0]);
});

test("an array for results must have their type, and room for them", async ({ harness }) => {
  const seen = await harness.evaluate(async (bytes) => {
    const { loadPlugin, t } = window.cloche;
    const plugin = await loadPlugin(new Uint8Array(bytes));
    const echo = plugin.function("echo", [t.f64Array], t.f64Array);
    const told = (run: () => unknown) =>
      Promise.resolve()
        .then(run)
        .then(String, (error: Error) => `${error.name}: ${error.message}`);
    const runs = plugin.function("runs", [], t.u64);
    const list = plugin.function("echo", [t.vec(t.u8)], t.vec(t.u8));
    const out = new Float64Array(2);
    const detached = new Float64Array(2);
    structuredClone(detached, { transfer: [detached.buffer] });
    const seen = [
      await told(() => echo.with({ out: new Float32Array(2) as never })),
      await told(() => list.with({ out: new Uint8Array(2) as never })),
      await told(() => echo.with({ transfer: 1 as never })),
      await told(() => echo.with({ out: detached })(new Float64Array(1))),
      String(await runs()),
      await told(() => echo.with({ out })(new Float64Array(3))),
      String(await runs()),
      await told(() => echo.with({ out })(Float64Array.of(7, 8))),
    ];
    const lost = echo.with({ out })(Float64Array.of(9, 9));
    structuredClone(out, { transfer: [out.buffer] });
    seen.push(await told(() => lost));
    const shared = new Uint8Array(new SharedArrayBuffer(8));
    const bytesOf = plugin.function("echo", [t.bytes], t.bytes);
    seen.push(await told(() => bytesOf.with({ transfer: true })(shared)));
    return seen;
  }, GUEST);
  expect(seen).toEqual([
    "TypeError: Invalid options.out: Float32Array of 2 (must be a Float64Array, as the result is)",
    "TypeError: Invalid options.out: the function's result is no typed array",
    "TypeError: Invalid options.transfer: 1 (must be true or false)",
    "TypeError: Cannot use options.out: its buffer is detached",
    "0",
    "RangeError: Cannot write a result of 3 elements into options.out: it has room for 2",
    "1",
    "7,8",
    "TypeError: Cannot write a result into options.out: its buffer is detached",
    "TypeError: Cannot give up an argument: its buffer cannot be transferred",
  ]);
});

test("two calls into one array are written in their order", async ({ harness }) => {
  const seen = await harness.evaluate(async (bytes) => {
    const { loadPlugin, t } = window.cloche;
    const plugin = await loadPlugin(new Uint8Array(bytes));
    const echo = plugin.function("echo", [t.bytes], t.bytes);
    const out = new Uint8Array(100_000);
    const into = echo.with({ out });
    const [one, two] = [new Uint8Array(100_000).fill(1), new Uint8Array(100_000).fill(2)];
    const results = await Promise.all([into(one), into(two)]);
    return [results.map((result) => result === out), out.every((value) => value === 2)];
  }, GUEST);
  expect(seen).toEqual([[true, true], true]);
});

test("a call that is aborted leaves the array for results, and the next one uses it", async ({
  harness,
}) => {
  const seen = await harness.evaluate(async (bytes) => {
    const { loadPlugin, t } = window.cloche;
    const plugin = await loadPlugin(new Uint8Array(bytes), { restart: true });
    const hang = plugin.function("hang", [t.bytes], t.bytes);
    const echo = plugin.function("echo", [t.bytes], t.bytes);
    const out = new Uint8Array(100_000);
    const given = new Uint8Array(100_000).fill(5);
    const controller = new AbortController();
    const { signal } = controller;
    const running = hang.with({ out, signal })(given);
    const waiting = echo.with({ out, signal })(given);
    setTimeout(() => controller.abort("enough"), 50);
    const ends = await Promise.allSettled([running, waiting]);
    const reasons = ends.map((end) => "reason" in end && String(end.reason));
    const isLeft = out.every((value) => value === 0);
    const result = await echo.with({ out })(given);
    return [reasons, isLeft, result === out, out.every((value) => value === 5)];
  }, GUEST);
  expect(seen).toEqual([["enough", "enough"], true, true, true]);
});

test("an array is kept when its call cannot be made", async ({ harness }) => {
  const lengths = await harness.evaluate(async (bytes) => {
    const { loadPlugin, t } = window.cloche;
    const plugin = await loadPlugin(new Uint8Array(bytes));
    const echo = plugin.function("echo", [t.bytes, t.u8], t.unit).with({ transfer: true });
    const given = new Uint8Array(100_000);
    const aborted = echo.with({ signal: AbortSignal.abort() });
    const calls = [echo(given, 256), aborted(given, 1)];
    plugin.terminate();
    calls.push(echo(given, 1));
    const ends = await Promise.allSettled(calls);
    return [ends.map(({ status }) => status), given.length];
  }, GUEST);
  expect(lengths).toEqual([["rejected", "rejected", "rejected"], 100_000]);
});
