import { ALLOC, ECHO, FREE, guest, guestAddress, MEMORY } from "../harness/hand-made-guest.ts";
import { ALONE, expect, ISOLATED, openHarness, PLAIN, test } from "../harness/test.ts";

/** A module whose only function has few locals and many nested blocks: what compilers choke on. */
function compileBomb(locals: number, blocks: number): number[] {
  return guest(
    `(memory (export "memory") 1)
    (func (export "__alloc_buffer") (param i32) (result i32) (i32.const 0))
    (func (export "__free_buffer") (param i64))
    (func (local ${"i32 ".repeat(locals)}) ${"(block ".repeat(blocks)}${")".repeat(blocks)})`,
  );
}

const times = (count: number, text: string) => text.repeat(count);

/** Small modules for which a browser needs gigabytes, or after which it is no more. */
const BOMBS: readonly (readonly [what: string, limit: string, parts: string[]])[] = [
  [
    "a function with three thousand values on the stack of as many blocks",
    "functionComplexity",
    [
      MEMORY,
      `(func (local i32) ${times(3000, "(i32.const 0) ")} ${times(3000, "local.get 0 if end ")}
        ${times(3000, "drop ")})`,
    ],
  ],
  [
    "a function with blocks of a thousand values in unreachable code",
    "functionComplexity",
    [
      MEMORY,
      `(type $wide (func (param ${times(1000, "i32 ")}) (result ${times(1000, "i32 ")})))
      (func unreachable ${times(1500, "block (type $wide) end ")} unreachable)`,
    ],
  ],
  [
    "more types than a browser can create repeatedly",
    "types",
    [MEMORY, ...Array.from({ length: 10_001 }, () => "(type (func))")],
  ],
  [
    "exceptions with kilobytes of values, and a table for them",
    "tagValues",
    [MEMORY, `(tag (param ${times(17, "v128 ")}))`],
  ],
  ["a table to keep exceptions in", "gcTypes", [MEMORY, "(table 1 exnref)"]],
  ["a memory to wait on for ever", "sharedMemories", ['(memory (export "memory") 1 1 shared)']],
];

/** The defaults, which browsers have to be able to load. */
const MOST = {
  ...{ types: 10_000, imports: 1000, exports: 65_536, tableElements: 10_000_000 },
  functions: 1_000_000,
};

/** `__alloc_buffer` asks the host `levels` times within each other, then `deep` answers how often it did. */
const NESTED = guest(
  '(import "env" "__note" (func $note (param i64) (result i64)))',
  MEMORY,
  FREE,
  `(global $left (mut i32) (i32.const 0)) (global $calls (mut i32) (i32.const 0))
  (func (export "__alloc_buffer") (param i32) (result i32)
    (if (global.get $left) (then
      (global.set $left (i32.sub (global.get $left) (i32.const 1)))
      (global.set $calls (i32.add (global.get $calls) (i32.const 1)))
      (drop (call $note (i64.const 0)))))
    (i32.const 1024))
  (func (export "__deep") (param $args i64) (result i64)
    (global.set $left (i32.load (i32.const 1024)))
    (drop (call $note (i64.const 0)))
    (i32.store (i32.const 2048) (global.get $calls))
    (i64.const 0x00000800_00000004))`,
);

test.describe("limits of a module", () => {
  for (const address of [ISOLATED, PLAIN]) {
    test(`refuse a compile bomb before the compiler sees it, ${address === PLAIN ? "not " : ""}isolated`, async ({
      harnessAt,
    }) => {
      const harness = await harnessAt(address);
      const answers = await harness.evaluate(
        async ({ bomb, allowed }) => {
          const { loadPlugin, PluginLimitError } = window.cloche;
          const load = (functionComplexity: number) =>
            loadPlugin(new Uint8Array(bomb), { limits: { functionComplexity } });
          const { error } = await window.rejection(load(allowed - 1));
          const plugin = await load(allowed);
          await plugin.close();
          return error instanceof PluginLimitError && [error.limit, error.value, error.allowed];
        },
        { bomb: compileBomb(20, 50), allowed: (20 + 16) * 50 },
      );
      expect(answers).toEqual(["functionComplexity", 1800, 1799]);
    });
  }

  test(`refuse each of ${BOMBS.length} bombs before the browser compiles it`, async ({
    harness,
  }) => {
    const bombs = BOMBS.map(
      ([what, , parts]) => [what, guestAddress(...parts, ALLOC, FREE)] as const,
    );
    const found = await harness.evaluate(async (bombs) => {
      const ends: Record<string, string> = {};
      for (const [what, bomb] of bombs) {
        const { error } = await window.rejection(window.cloche.loadPlugin(bomb));
        ends[what] = error instanceof window.cloche.PluginLimitError ? error.limit : error.message;
      }
      return ends;
    }, bombs);
    expect(found).toEqual(Object.fromEntries(BOMBS.map(([what, limit]) => [what, limit])));
  });

  test("allow a module at all of them that browsers load, and are all named when each is exceeded by one", async ({
    harness,
  }) => {
    test.setTimeout(180_000);
    const answers = await harness.evaluate(async (most) => {
      const { hostFunction, loadPlugin, PluginLimitError, t } = window.cloche;
      const hostFunctions = { f: hostFunction([], t.unit, () => {}) };
      // A busy machine needs more than the default to compile a million functions.
      const limits = { loadMs: 100_000 };
      const load = (module: Uint8Array<ArrayBuffer>) =>
        loadPlugin(module, { hostFunctions, limits });
      const plugin = await load(moduleOf(most));
      const value = await plugin.function("x0", [], t.unit)();
      plugin.terminate();
      const above = { ...most, functions: 2000 };
      for (const name of ["types", "imports", "exports", "tableElements"] as const)
        above[name] += 1;
      const { error } = await window.rejection(load(moduleOf(above)));
      return [value, error instanceof PluginLimitError && error.exceeded];

      /** A plugin with just so many of each, imported functions included. */
      function moduleOf(counts: typeof most): Uint8Array<ArrayBuffer> {
        const leb = (value: number): number[] =>
          value < 128 ? [value] : [(value % 128) | 128, ...leb(Math.floor(value / 128))];
        const name = (text: string) => [text.length, ...new TextEncoder().encode(text)];
        const bytes: number[] = [0, 0x61, 0x73, 0x6d, 1, 0, 0, 0];
        const section = (id: number, count: number, item: (index: number) => number[]) => {
          const items: number[] = leb(count);
          for (let index = 0; index < count; index++) items.push(...item(index));
          bytes.push(id, ...leb(items.length));
          for (const byte of items) bytes.push(byte);
        };
        const [ALLOC, FREE, CALL] = [0, 1, 2];
        const digit = (index: number, at: number) => 0x7f - (Math.floor(index / 4 ** at) % 4);
        const TYPES = [
          [0x60, 1, 0x7f, 1, 0x7f],
          [0x60, 1, 0x7e, 0],
          [0x60, 1, 0x7e, 1, 0x7e],
        ];
        const type = (index: number) => [
          ...[0x60, 10, ...Array.from({ length: 10 }, (_, at) => digit(index, at)), 0],
        ];
        section(1, counts.types, (index) => TYPES[index] ?? type(index));
        section(2, counts.imports, () => [...name("env"), ...name("__f"), 0, CALL]);
        const defined = counts.functions - counts.imports;
        section(3, defined, (index) => [Math.min(index, CALL)]);
        section(4, 1, () => [0x70, 0, ...leb(counts.tableElements)]);
        section(5, 1, () => [0, 1]);
        const first = counts.imports;
        const EXPORTS = [
          [...name("memory"), 2, 0],
          [...name("__alloc_buffer"), 0, ...leb(first + ALLOC)],
          [...name("__free_buffer"), 0, ...leb(first + FREE)],
        ];
        const guestFunction = (index: number) => [
          ...[...name(`__x${index - 3}`), 0, ...leb(first + CALL)],
        ];
        section(7, counts.exports, (index) => EXPORTS[index] ?? guestFunction(index));
        const BODIES = [
          [4, 0, 0x41, 8, 0x0b],
          [2, 0, 0x0b],
        ];
        section(10, defined, (index) => BODIES[index] ?? [4, 0, 0x42, 0, 0x0b]);
        return Uint8Array.from(bytes);
      }
    }, MOST);
    const exceeded = (["types", "imports", "exports", "tableElements"] as const).map((limit) => ({
      ...{ limit, value: MOST[limit] + 1, allowed: MOST[limit] },
    }));
    expect(answers).toEqual([undefined, exceeded]);
  });

  test("limit the depth of nested host calls, and the plugin keeps running", async ({
    harness,
  }) => {
    const answers = await harness.evaluate(async (bytes) => {
      const { hostFunction, loadPlugin, PluginLimitError, t } = window.cloche;
      const plugin = await loadPlugin(new Uint8Array(bytes), {
        blocking: "shared-memory",
        hostFunctions: { note: hostFunction([], t.u32, () => 7) },
      });
      const deep = plugin.function("deep", [t.u32], t.u32);
      const nested = await deep(15);
      const { error } = await window.rejection(deep(16));
      const limit = error instanceof PluginLimitError && [error.limit, error.value, error.allowed];
      return { nested, limit, after: (await deep(0)) > 0 };
    }, NESTED);
    expect(answers).toEqual({ nested: 15, limit: ["hostCallDepth", 17, 16], after: true });
  });
});

test.describe("in a browser with room for few memories", () => {
  test.skip(({ browserName }) => browserName !== "chromium", "Firefox has room for a thousand");

  test("a page without room for another memory gets an error that says so", async ({ page }) => {
    await openHarness(page, ISOLATED);
    const found = await page.evaluate(async () => {
      const memories: WebAssembly.Memory[] = [];
      try {
        for (;;) memories.push(new WebAssembly.Memory({ initial: 1 }));
      } catch {
        // There is no room for another one.
      }
      const { loadPlugin } = window.cloche;
      const { name, message } = await window.rejection(loadPlugin("/plugins/double.wasm"));
      return { areMany: memories.length > 100, name, message };
    });
    expect(found).toEqual({
      areMany: true,
      name: "PluginLoadError",
      message: expect.stringContaining("could not allocate its memory"),
    });
  });
});

test.describe("of sixty plugins at once, on a page that has seventy memories", ALONE, () => {
  for (const interruption of ["epoch", "fuel"] as const) {
    test(`as many start as the browser has room for, and the rest fails with an error, by ${interruption}`, async ({
      page,
      browserName,
    }) => {
      await openHarness(page, ISOLATED);
      const found = await page.evaluate(
        async ({ bytes, interruption }) => {
          const { loadPlugin, PluginLoadError, t } = window.cloche;
          // A tab of Chromium has room for 54 more: were each rewriter's memory kept, for 27 plugins.
          const memories = Array.from({ length: 70 }, () => new WebAssembly.Memory({ initial: 1 }));
          const load = () => loadPlugin(new Uint8Array(bytes), { interruption });
          const loading = Array.from({ length: 60 }, () => load().catch((error: Error) => error));
          const loaded = await Promise.all(loading);
          const refused = loaded.flatMap((each) => (each instanceof Error ? [each] : []));
          const plugins = loaded.flatMap((each) => (each instanceof Error ? [] : [each]));
          const ask = (plugin: (typeof plugins)[number]) =>
            plugin.function("echo", [t.string], t.string)("up");
          const said = await Promise.all(plugins.map(ask));
          for (const plugin of plugins) plugin.terminate();
          return {
            said: [...new Set(said)],
            areMany: said.length > 30,
            isFull: refused.length > 0,
            wrong: refused
              .filter((error) => !(error instanceof PluginLoadError))
              .map(({ message }) => message),
            after: await ask(await load()),
            memories: memories.length,
          };
        },
        { bytes: guest(MEMORY, ALLOC, FREE, ECHO), interruption },
      );
      // Firefox has room for a thousand.
      const isFull = browserName === "chromium";
      const ends = { said: ["up"], areMany: true, isFull, wrong: [], after: "up" };
      expect(found).toEqual({ ...ends, memories: 70 });
    });
  }
});
