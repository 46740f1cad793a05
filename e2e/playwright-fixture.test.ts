/** The Playwright fixture, as the tests of its users take it. */

import { join } from "node:path";
import { expect, type PluginTestOptions, pluginTest, test } from "@cloche/playwright";
import {
  type Codec,
  CodecError,
  hostFunction,
  PluginClosedError,
  PluginFileError,
  PluginHostFunctionError,
  PluginLinkError,
  PluginTimeoutError,
  PluginTrapError,
  t,
} from "cloche";
import { ROOT } from "./examples/examples.ts";
import { ALLOC, ECHO, FREE, guest, MEMORY } from "./harness/hand-made-guest.ts";
import { ANY_BROWSER } from "./harness/test.ts";

const EVERYTHING = join(ROOT, "public/plugins/everything.wasm");

interface Everything {
  echo_u128(value: bigint): bigint;
  echo_f64(value: number): number;
  echo_bytes(value: Uint8Array): Uint8Array;
  echo_unit(value: undefined): void;
  echo_nested_option(
    value: { readonly some: number | null } | null,
  ): { some: number | null } | null;
  echo_hash_map(value: ReadonlyMap<string, number>): Map<string, number>;
  echo_set(value: ReadonlySet<number>): Set<number>;
  echo_string(value: string): string;
  panic_with(message: string): void;
  spin(): void;
  sum_through_host(numbers: readonly number[]): number;
  call_note(): void;
  call_run(command: string): Uint8Array;
  print(text: string): void;
  print_error(text: string): void;
  read_line(): { ok: true; value: string | null } | { ok: false; error: string };
  now_ms(): bigint;
  random(): bigint;
  count(): number;
}

interface EverythingHost {
  run(command: string): Uint8Array | Promise<Uint8Array>;
  add(a: number, b: number): number | Promise<number>;
  note(): void | Promise<void>;
}

const notes: unknown[] = [];
const REASON = new RangeError("nothing to note");

/** For tests that call none of them. */
const IDLE = { run: () => new Uint8Array(), add: () => 0, note: () => {} };

const everything = pluginTest<Everything, EverythingHost>(EVERYTHING, {
  files: { "start.txt": "from the test" },
  stdin: (() => {
    const lines = ["Ada\n", "Grace\n"];
    return async () => lines.shift() ?? null;
  })(),
  hostFunctions: {
    run: (command) => new TextEncoder().encode(`ran ${command}`),
    add: async (a, b) => a + b,
    note: () => {
      notes.push("called");
      throw REASON;
    },
  },
});

everything.describe("a plugin in a test", () => {
  everything("runs on an isolated page, with values of every type", async ({ plugin }) => {
    expect(plugin.name).toBe("everything");
    expect(plugin.functions).toContain("echo_u8");
    expect(await plugin.page.evaluate(() => crossOriginIsolated)).toBe(true);
    expect(plugin.lane).toBe("shared-memory");
    const { api } = plugin;
    expect(await api.echo_u128(2n ** 100n)).toBe(2n ** 100n);
    expect(await api.echo_f64(Number.NaN)).toBeNaN();
    expect(await api.echo_f64(-0)).toBe(-0);
    expect(await api.echo_unit(undefined)).toBeUndefined();
    expect(await api.echo_nested_option(null)).toBeNull();
    expect(await api.echo_nested_option({ some: null })).toEqual({ some: null });
    const map = new Map([["__proto__", 3]]);
    expect(await api.echo_hash_map(map)).toEqual(map);
    expect(await api.echo_set(new Set([1, 2]))).toEqual(new Set([1, 2]));
    expect(await api.echo_string("ä\u{1f980}\0")).toBe("ä\u{1f980}\0");
    expect(await api.echo_bytes(Buffer.from("part of a pool"))).toEqual(
      new TextEncoder().encode("part of a pool"),
    );
  });

  everything("gets the same time and randomness each time", async ({ loadPlugin }) => {
    const load = (options: PluginTestOptions<EverythingHost> = {}) =>
      loadPlugin<Everything, EverythingHost>(EVERYTHING, { ...options, hostFunctions: IDLE });
    const [one, other, real] = await Promise.all([load(), load(), load({ clock: "browser" })]);
    expect(await one.api.now_ms()).toBe(await other.api.now_ms());
    expect(Number(await one.api.now_ms()) - Date.UTC(2026, 0, 1)).toBeLessThan(1000);
    expect(await one.api.random()).toBe(await other.api.random());
    expect(Math.abs(Number(await real.api.now_ms()) - Date.now())).toBeLessThan(60_000);
  });

  everything("calls functions of the test", async ({ plugin: { api } }) => {
    expect(await api.sum_through_host([1, 2, 3])).toBe(6);
    expect(new TextDecoder().decode(await api.call_run("x"))).toBe("ran x");
    notes.length = 0;
    const error: unknown = await api.call_note().catch((error: unknown) => error);
    expect(error).toBeInstanceOf(PluginHostFunctionError);
    expect(error).toMatchObject({ functionName: "note", pluginName: "everything" });
    expect((error as Error).cause).toBe(REASON);
    expect(notes).toEqual(["called"]);
    expect(await api.read_line()).toEqual({ ok: true, value: "Ada" });
  });

  everything("rejects with the classes of the library", ANY_BROWSER, async ({ plugin }) => {
    const { api } = plugin;
    await expect(api.echo_string("\ud800")).rejects.toThrow(CodecError);
    await expect(plugin.function("missing", [], t.unit)()).rejects.toThrow(PluginLinkError);
    await expect(plugin.function("count", [t.string], t.unit)("")).rejects.toThrow(PluginLinkError);
    await expect(api.echo_bytes((() => {}) as never)).rejects.toThrow(
      'Invalid argument of "echo_bytes": cannot be passed',
    );
    const error: unknown = await api.panic_with("the shelf is empty").catch((error) => error);
    expect(error).toBeInstanceOf(PluginTrapError);
    expect((error as PluginTrapError).stderr).toContain("the shelf is empty");
    // What the report shows is the line of this test, not that of the panic, which Playwright would take first.
    const [title, frame] = (error as Error).stack?.split("\n") ?? [];
    expect(title).toMatch(/^PluginTrapError: .* trapped/);
    expect(frame).toMatch(/^ +at .*playwright-fixture\.test\.ts/);
    await expect(api.count()).rejects.toThrow(PluginClosedError);
    expect(await plugin.closed).toMatchObject({
      kind: "failed",
      error: { name: "PluginTrapError" },
    });
  });

  everything("is timed out and aborted", async ({ plugin, loadPlugin }) => {
    await expect(plugin.api.spin.with({ timeoutMs: 50 })()).rejects.toThrow(PluginTimeoutError);
    const other = await loadPlugin<Everything, EverythingHost>(EVERYTHING, { hostFunctions: IDLE });
    const controller = new AbortController();
    const reason = new Error("enough");
    const call = other.api.spin.with({ signal: controller.signal })();
    controller.abort(reason);
    expect(await call.catch((error: unknown) => error)).toBe(reason);
  });

  everything("has files, and mounts until they are unmounted", ANY_BROWSER, async ({ plugin }) => {
    const { files } = plugin;
    expect(await files.readText("/start.txt")).toBe("from the test");
    await files.write("/bytes.bin", new Blob(["abc"]));
    expect(await files.read("/bytes.bin")).toEqual(Uint8Array.of(97, 98, 99));
    expect(Object.keys(await files.snapshot())).toEqual(["start.txt", "bytes.bin"]);
    const error: unknown = await files.read("/missing").catch((error: unknown) => error);
    expect(error).toBeInstanceOf(PluginFileError);
    expect(error).toMatchObject({ code: "ENOENT", path: "/missing" });
    const mount = await plugin.mount("/lib", { "a.txt": "a" }, { readOnly: true });
    expect(await files.readText("/lib/a.txt")).toBe("a");
    await expect(files.write("/lib/a.txt", "")).rejects.toThrow(PluginFileError);
    await mount.unmount();
    expect(await files.exists("/lib/a.txt")).toBe(false);
  });

  everything("shows its output during a call and after it", ANY_BROWSER, async ({ loadPlugin }) => {
    let answer: (() => void) | undefined;
    const run = () =>
      new Promise<Uint8Array>((resolve) => {
        answer = () => resolve(new Uint8Array());
      });
    const plugin = await loadPlugin<Everything, EverythingHost>(EVERYTHING, {
      hostFunctions: { ...IDLE, run },
    });
    await plugin.api.print("one ");
    await plugin.api.print_error("bad");
    expect(plugin.stdout).toBe("one ");
    expect(plugin.stderr).toBe("bad");
    // The call that waits takes along what the one before has written.
    const printing = plugin.api.print("two");
    const call = plugin.api.call_run("slow");
    await expect.poll(() => plugin.stdout).toBe("one two");
    await expect.poll(() => answer).toBeDefined();
    answer?.();
    await printing;
    expect(await call).toEqual(new Uint8Array());
  });

  everything("traces calls with the host calls inside", async ({ plugin }) => {
    await plugin.api.sum_through_host([1, 2]);
    await plugin.api.panic_with("oh").catch(() => {});
    const { calls } = JSON.parse(plugin.trace.toJson());
    expect(calls).toMatchObject([
      { name: "loadPlugin" },
      {
        name: "sum_through_host",
        args: ["[ 1, 2 ]"],
        result: "3",
        durationMs: expect.any(Number),
        hostCalls: [
          { name: "add", args: ["0", "1"], result: "1" },
          { name: "add", args: ["1", "2"], result: "3" },
        ],
      },
      { name: "panic_with", args: ["'oh'"], error: expect.stringContaining("PluginTrapError: ") },
    ]);
  });
});

test.describe("a plugin that does not describe itself", () => {
  interface Tree {
    value: number;
    children: Tree[];
  }
  const tree: Codec<Tree> = t.struct({ value: t.i32, children: t.vec(t.lazy(() => tree)) });

  test.use({ pluginSource: Uint8Array.from(guest(MEMORY, ALLOC, FREE, ECHO)) });

  test("is called with codecs", ANY_BROWSER, async ({ plugin }) => {
    const value = { value: 1, children: [{ value: 2, children: [] }] };
    expect(await plugin.function("echo", [tree], tree)(value)).toEqual(value);
    const shape = t.enum({ Circle: t.tuple(t.f64, t.u8), Empty: t.unit });
    const circle = { type: "Circle", value: [0.5, 3] } as const;
    expect(await plugin.function("echo", [shape], shape)(circle)).toEqual(circle);
    const samples = new Float64Array(4096).fill(Number.NaN);
    const echo = plugin.function("echo", [t.f64Array], t.f64Array);
    expect(await echo(samples)).toEqual(samples);
    expect(() => plugin.api).toThrow(PluginLinkError);
  });
});

test.describe("a page that is not isolated", () => {
  test.use({ pluginIsolated: false, pluginSource: EVERYTHING });
  test.use({
    pluginOptions: {
      hostFunctions: {
        run: hostFunction([t.string], t.bytes, () => new Uint8Array()),
        add: hostFunction([t.i32, t.i32], t.i32, (a, b) => a + b),
        note: hostFunction([], t.unit, () => {}),
      },
    },
  });

  test("runs plugins with the codecs of host functions", async ({ plugin }) => {
    expect(await plugin.page.evaluate(() => crossOriginIsolated)).toBe(false);
    expect(await plugin.function("sum_through_host", [t.vec(t.i32)], t.i32)([20, 22])).toBe(42);
  });
});
