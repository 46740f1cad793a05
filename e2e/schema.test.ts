import type { Page } from "@playwright/test";
import type { LoadOptions, PluginApi, PluginSchema } from "cloche";
import {
  ALLOC,
  ECHO,
  FREE,
  guest,
  MEMORY,
  moduleAddress,
  schemaSection,
} from "./harness/hand-made-guest.ts";
import { expect, test } from "./harness/test.ts";

/** A module that echoes, and calls the host function of its import, with this schema. */
function described(text: string): number[] {
  const module = guest(
    '(import "env" "__run" (func $run (param i64) (result i64)))',
    MEMORY,
    ALLOC,
    FREE,
    ECHO,
    '(func (export "__ask") (param i64) (result i64) (call $run (local.get 0)))',
  );
  return text === "" ? module : [...module, ...schemaSection(text)];
}

const POINTS = `schema 1;
  struct Point { x: f64, y: f64 }
  fn echo(points: vec<Point>) -> vec<Point>;
  fn ask(question: string) -> string;
  import fn run(question: string) -> string;`;

interface Echoes {
  echo(points: readonly { x: number; y: number }[]): { x: number; y: number }[];
  ask(question: string): string;
}

type Given = (cloche: typeof window.cloche) => NonNullable<LoadOptions["hostFunctions"]>;

/** Loads a module and calls it. Returns the error's name and message when that fails. */
function load(page: Page, bytes: number[], hostFunctions: Given): Promise<unknown> {
  return page.evaluate(
    async ([address, source]) => {
      const { cloche } = window;
      // oxlint-disable-next-line typescript/no-implied-eval -- the test's own text
      const given = new Function(`return ${source}`)() as Given;
      try {
        const module = new Uint8Array(await (await fetch(address)).arrayBuffer());
        await cloche.loadPlugin(module, { hostFunctions: given(cloche) });
        return "loaded";
      } catch (error) {
        return `${(error as Error).name}: ${(error as Error).message}`;
      }
    },
    [moduleAddress(bytes), String(hostFunctions)] as const,
  );
}

test("a plugin that describes itself is called without codecs", async ({ harness }) => {
  const seen = await harness.evaluate(async (module) => {
    const plugin = await window.cloche.loadPlugin<Echoes>(new Uint8Array(module), {
      name: "points",
      hostFunctions: { run: (question: string) => Promise.resolve(`${question}!`) },
    });
    const { api, schema } = plugin;
    return {
      points: await api.echo([{ x: 1, y: 2 }]),
      named: await plugin.function("echo").with({ timeoutMs: 5000 })([]),
      asked: await api.ask("why"),
      names: schema?.functions.map(({ name }) => name),
      isSame: api.echo === plugin.api.echo,
      wrong: await api.echo([{ x: 1 } as never]).catch((error: Error) => error.message),
    };
  }, described(POINTS));
  expect(seen).toEqual({
    points: [{ x: 1, y: 2 }],
    named: [],
    asked: "why!",
    names: ["echo", "ask"],
    isSame: true,
    wrong: expect.stringContaining("$[0][0].y"),
  });
});

test("a pool of plugins that describe themselves has their functions", async ({ harness }) => {
  const seen = await harness.evaluate(async (module) => {
    const hostFunctions = { run: (question: string) => question };
    const pool = await window.cloche.createPool<Echoes>(new Uint8Array(module), {
      size: 2,
      hostFunctions,
    });
    const answers = await Promise.all(["a", "b", "c"].map((each) => pool.api.ask(each)));
    await pool.close();
    return [answers, pool.schema?.types.length];
  }, described(POINTS));
  expect(seen).toEqual([["a", "b", "c"], 1]);
});

test("codecs by hand are compared with the schema", async ({ harness }) => {
  const messages = await harness.evaluate(async (module) => {
    const { loadPlugin, t } = window.cloche;
    const plugin = await loadPlugin(new Uint8Array(module), {
      name: "points",
      hostFunctions: { run: (question: string) => question },
    });
    const point = t.struct({ x: t.f64, y: t.f64 });
    await plugin.function("echo", [t.vec(point)], t.vec(point))([]);
    try {
      plugin.function("echo", [t.vec(t.struct({ x: t.f32, y: t.f64 }))], t.vec(point));
      return "no error";
    } catch (error) {
      return `${(error as Error).name}: ${(error as Error).message}`;
    }
  }, described(POINTS));
  expect(messages).toBe(
    'PluginLinkError: Cannot link function "echo" of plugin "points": it does not fit: parameter 1 at [].x is f32, and the plugin has f64 (it is echo(points: vec<Point>) -> vec<Point>)',
  );
});

test.describe("what the page lends is compared at load", () => {
  test("with codecs that differ", async ({ harness }) => {
    const given: Given = ({ hostFunction, t }) => ({
      run: hostFunction([t.u32, t.u8], t.string, () => ""),
    });
    expect(await load(harness, described(POINTS), given)).toBe(
      'PluginLinkError: Cannot link plugin "plugin": host function "run" has 2 parameters, and the plugin has 1 (it is run(question: string) -> string)',
    );
  });

  test("with plain functions that the plugin does not describe", async ({ harness }) => {
    const given: Given = () => ({ run: () => "" });
    expect(await load(harness, described(""), given)).toContain(
      'host function "run" has no types: the plugin does not describe it',
    );
    expect(await load(harness, described("fn echo(x: u8) -> u8"), given)).toContain("has no types");
  });

  test("with functions that are missing besides", async ({ harness }) => {
    const given: Given = ({ hostFunction, t }) => ({
      more: hostFunction([t.u8], t.u8, (x) => x),
    });
    const message = await load(harness, described(`${POINTS} import fn more(x: u16) -> u8`), given);
    expect(message).toContain('hostFunctions lacks "run"');
    expect(message).toContain('host function "more" does not fit: parameter 1 is u8');
  });

  test("and may be more than the plugin imports", async ({ harness }) => {
    const given: Given = ({ hostFunction, t }) => ({
      run: (question: string) => question,
      more: hostFunction([t.u8], t.u8, (x) => x),
      plain: () => {},
    });
    const text = `${POINTS} import fn more(x: u16) -> u8`;
    expect(await load(harness, described(text), given)).toBe("loaded");
  });
});

test.describe("a schema that is not true or not readable refuses the plugin", () => {
  for (const [title, text, told] of [
    [
      "of a function that is not exported",
      "fn nope()",
      'its schema has "nope", which it does not export',
    ],
    ["of another version", "schema 2", "Cannot read schema: version 2 is unknown"],
    ["with a syntax error", "fn f(", "Cannot read schema: found the end"],
    ["that is too long", "/".repeat(64 * 1024 + 1), "65,537 bytes of schema, limit 65,536 bytes"],
  ] as const) {
    test(title, async ({ harness }) => {
      const given: Given = () => ({ run: () => "" });
      const run = "import fn run(question: string) -> string;";
      const schema = title === "that is too long" ? text : `${run} ${text}`;
      expect(await load(harness, described(schema), given)).toContain(told);
    });
  }
});

test("names of a plugin reach no prototype", async ({ harness }) => {
  const module = guest(
    MEMORY,
    ALLOC,
    FREE,
    '(func (export "____proto__") (param i64) (result i64) (local.get 0))',
    '(func (export "__constructor") (param i64) (result i64) (local.get 0))',
  );
  const text = 'fn "__proto__"(x: u8) -> u8; fn constructor(x: u8) -> u8;';
  const seen = await harness.evaluate(
    async (bytes) => {
      const plugin = await window.cloche.loadPlugin(new Uint8Array(bytes));
      const api = plugin.api as PluginApi<Record<"constructor", (x: number) => number>>;
      const own = Reflect.getOwnPropertyDescriptor(api, "__proto__")?.get?.() as (
        x: number,
      ) => unknown;
      return [await own(1), await api.constructor(2), Object.getPrototypeOf(api)];
    },
    [...module, ...schemaSection(text)],
  );
  expect(seen).toEqual([1, 2, null]);
});

test("a plugin without a schema says so", async ({ harness }) => {
  const seen = await harness.evaluate(async (module) => {
    const { loadPlugin, hostFunction, t } = window.cloche;
    const run = hostFunction([t.string], t.string, (text) => text);
    const plugin = await loadPlugin(new Uint8Array(module), { hostFunctions: { run } });
    const messages = [() => plugin.api, () => plugin.function("echo")].map((get) => {
      try {
        get();
        return "no error";
      } catch (error) {
        return (error as Error).message;
      }
    });
    const schema: PluginSchema | undefined = plugin.schema;
    return [...messages, schema];
  }, described(""));
  expect(seen).toEqual([
    expect.stringContaining("the plugin does not describe itself"),
    expect.stringContaining('Cannot call function "echo" without codecs'),
    undefined,
  ]);
});
