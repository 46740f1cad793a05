import { createHash } from "node:crypto";
import * as esbuild from "esbuild";
import { expect, test } from "vitest";
import { encode } from "../../../src/codec/message.ts";
import { t } from "../../../src/codec/t.ts";
import { schemaOf, TestPlugin } from "../../conformance/plugin.test-kit.ts";
import { compile } from "./compile.ts";
import { compileCleanly, start, template } from "./plugin.test-kit.ts";

const doubled = (plugin: TestPlugin) =>
  plugin.call("double", [t.vec(t.f64)], t.vec(t.f64), [1, 2.5, Number.NaN]);

test("TypeScript and JavaScript become the same plugin, with esbuild and without", async () => {
  const typescript =
    "export function double(x: number[]): number[] { return x.map((y) => y * 2); }";
  const javascript = `
    /** @param {number[]} x @returns {number[]} */
    export const double = (x) => x.map((y) => y * 2);`.replace("@returns", "\n* @returns");
  for (const bundled of [true, false]) {
    for (const [entry, code] of Object.entries({ "a.ts": typescript, "a.mjs": javascript })) {
      const module = await compileCleanly({ [entry]: code }, { entry, bundled });
      expect(doubled(new TestPlugin(module))).toEqual([2, 5, Number.NaN]);
      expect(schemaOf(module)).toContain("fn double(x: vec<f64>) -> vec<f64>;");
    }
  }
});

test("esbuild bundles the modules of a plugin", async () => {
  const module = await compileCleanly(
    {
      "plugin.ts": `
        import { shout } from "./shout";
        import { print, type u8 } from "@cloche/javascript";
        enum Level { Low, High }
        export { shout as yell };
        export function level(): u8 { print("level"); return Level.High; }`,
      "shout.ts": "export const shout = (text: string): string => text.toUpperCase();",
    },
    { bundled: true },
  );
  const plugin = new TestPlugin(module);
  expect(plugin.call("yell", [t.string], t.string, "hé")).toBe("HÉ");
  expect(plugin.call("level", [], t.u8)).toBe(1);
  expect(plugin.guest.written.stdout).toBe("level");
});

test("all files that a plugin depends on are listed, after an error too", async () => {
  const sources = {
    "plugin.ts": 'import { f } from "./f";\nimport "./data.json";\nexport { f };',
    "f.ts": "export const f = (): number => 1;",
    "data.json": "{}",
  };
  const complete = await compile(sources, { template, esbuild });
  expect(complete.inputs.toSorted()).toEqual(["data.json", "f.ts", "plugin.ts"]);
  const wrong = { ...sources, "f.ts": "export const f = (x): number => 1;" };
  const failed = await compile(wrong, { template, esbuild });
  expect(failed.inputs).toEqual(["plugin.ts", "f.ts"]);
});

test("the types of TypeScript are blanked where there is no bundler", async () => {
  const plugin = await start(`
    import { type u8, print as say, readTextFile } from "@cloche/javascript";
    import type { u16 } from "@cloche/javascript";
    export type { Named };
    interface Named { name: string }
    abstract class Base<T> implements Named {
      static readonly count: number = 1;
      declare ghost: string;
      private readonly items?: T[];
      protected value!: T;
      abstract nothing(): void;
      constructor(public_: T, readonly?: boolean) { this.value = public_; }
      get name(): string { return \`\${this.value as unknown as string}\`; }
    }
    class Own extends Base<string> implements Named { override nothing(): void {} }
    declare const global: unknown;
    let later!: number;
    const pick = <T extends Named>(one: T, other?: T | null): T => (other ?? one)!;
    export async function test(x: u8, y: u16): Promise<string> {
      later = x satisfies number;
      say(readTextFile("/a.txt"));
      const { name } = pick(new Own("own") as Named, <any>undefined);
      return [name, later, y].join<any>();
    }`);
  plugin.guest.files.load({ "a.txt": "content" });
  expect(plugin.call("test", [t.u8, t.u16], t.string, 1, 2)).toBe("own,1,2");
  expect(plugin.guest.written.stdout).toBe("content");
});

test("what needs a bundler is told at its line", async () => {
  const problem = async (code: string) => {
    const { wasm, diagnostics } = await compile(`export function f() {}\n${code}`, { template });
    expect(wasm).toBe(undefined);
    return diagnostics.map(({ message, line, column }) => `${line}:${column} ${message}`);
  };
  expect(await problem("  enum A { B }")).toEqual([
    "2:3 An enum of TypeScript needs a compiler: pass esbuild, or write it in JavaScript",
  ]);
  expect(await problem('import "./other.ts";')).toEqual([
    '2:1 "./other.ts" needs a bundler: pass esbuild, or write one module that imports only "@cloche/javascript"',
  ]);
});

test("errors of esbuild and of QuickJS are diagnostics", async () => {
  const sources = 'import "./missing";\nexport function f() {}';
  expect((await compile(sources, { template, esbuild })).diagnostics).toMatchObject([
    { severity: "error", file: "plugin.ts", line: 1, column: 8 },
  ]);
  const unknown = "export function f() { return; }\nexport const x = /(?<a>.)(?<a>.)/v.exec('');";
  const { wasm, diagnostics } = await compile(unknown, { template });
  expect(wasm).toBe(undefined);
  expect(diagnostics.at(-1)?.message).toMatch(/^QuickJS cannot compile the plugin: SyntaxError/);
  await expect(compile({ "a.ts": "" }, { template })).rejects.toThrow(
    new TypeError('Invalid entry: "plugin.ts" is not in the sources'),
  );
});

test("a plugin depends on its sources alone", async () => {
  const code = "export function f(): number { return 1; }";
  const [one, other] = await Promise.all([
    compile(code, { template }),
    compile(code, { template }),
  ]);
  const hashes = [one, other].map(({ wasm }) =>
    createHash("sha256")
      .update(wasm ?? "")
      .digest("hex"),
  );
  expect(hashes[0]).toBe(hashes[1]);
});

test("the module runs when the plugin starts, not when it is linked", async () => {
  const module = await compileCleanly(`
    import { print, readTextFile } from "@cloche/javascript";
    declare function log(text: string): void;
    const now = Date.now();
    const random = Math.random();
    log(readTextFile("a.txt"));
    print("started");
    export function get(): [number, number] { return [now, random]; }`);
  const logged: string[] = [];
  const options = {
    files: { "a.txt": "read" },
    hostFunctions: {
      log: (bytes: Uint8Array) => {
        logged.push(new TextDecoder().decode(bytes.subarray(8)));
        return new Uint8Array();
      },
    },
  };
  const get = () => {
    const plugin = new TestPlugin(module, options);
    expect(plugin.guest.written.stdout).toBe("started");
    return plugin.call("get", [], t.tuple(t.f64, t.f64));
  };
  const [now, random] = get();
  expect(now).toBe(1_700_000_000_000);
  // Of the tests' source of randomness, whose bytes are all the same.
  expect(random).toBeCloseTo(0xab / 0xff);
  expect(logged).toEqual(["read"]);
});

test("exceptions are reported with their causes, at their places in the sources", async () => {
  const sources = {
    "plugin.ts": `import { risky } from "./lib/risky";
export function fail(message: string): void {
  try { risky(message); }
  catch (cause) { throw new TypeError("outer", { cause }); }
}
export async function reject(): Promise<number> {
  await null;
  return risky("late");
}
export async function never(): Promise<number> { return new Promise(() => {}); }
`,
    "lib/risky.ts": `interface Unused { x: string }
export function risky(message: string): never {
  throw new RangeError(message);
}
`,
  };
  const module = await compileCleanly(sources, { bundled: true });
  const failing = (name: string, ...args: string[]) => {
    const plugin = new TestPlugin(module);
    const params = args.map(() => t.string);
    expect(() => plugin.call(name, params, t.unit, ...args)).toThrow(WebAssembly.RuntimeError);
    return plugin.stderr;
  };
  expect(failing("fail", "deep é")).toBe(
    `TypeError: outer
    at fail (plugin.ts:4:29)
Caused by: RangeError: deep é
    at risky (lib/risky.ts:3:24)
    at fail (plugin.ts:3:15)
`,
  );
  expect(failing("reject")).toBe(
    `RangeError: late
    at risky (lib/risky.ts:3:24)
    at reject (plugin.ts:8:10)
`,
  );
  expect(failing("never")).toBe(
    'Error: The promise of "never" never settles: nothing is left that could settle it\n',
  );
});

test("without a bundler the places are those of the source", async () => {
  const plugin = await start(`export function fail(x: string): void {
  const message: string = x; throw new Error(message as string);
}`);
  expect(() => plugin.call("fail", [t.string], t.unit, "oh")).toThrow(WebAssembly.RuntimeError);
  expect(plugin.stderr).toBe("Error: oh\n    at fail (plugin.ts:2:46)\n");
});

test("a result that does not fit its type is an exception", async () => {
  const wrong: readonly (readonly [type: string, value: string, message: string])[] = [
    ["number[]", '[1, "2"]', '[1] of "f0": "2" is not a valid f64'],
    ["u8", "256", ' of "f1": 256 is not a valid u8'],
    ["i32", "1.5", ' of "f2": 1.5 is not a valid i32'],
    ["u64", "-1n", ' of "f3": -1n is not a valid u64'],
    ["u64", "1", ' of "f4": 1 is not a valid u64'],
    ["string", "undefined", ' of "f5": undefined is not a valid string'],
    ["char", '"ab"', ' of "f6": "ab" is not a valid char'],
    ["{ a: { b: u8 }[] }", "{ a: [{ b: 1 }, {}] }", '.a[1].b of "f7": undefined is not a valid u8'],
    ["Map<u8, u8>", "new Map([[0, 1], [1, -1]])", '[1][1] of "f8": -1 is not a valid u8'],
    [
      '{ type: "A" } | { type: "B" }',
      "{}",
      ' of "f9": an object () is not a valid { type: A | B }',
    ],
    ["Uint8Array", "[1]", ' of "f10": an array is not a valid bytes (a Uint8Array)'],
    ["FixedArray<u8, 2>", "[1]", ' of "f11": an array is not a valid array of 2 items'],
    [
      "Result<u8, u8>",
      "{ ok: true, value: {} }",
      '.value of "f12": an object () is not a valid u8',
    ],
  ];
  const functions = wrong.map(
    ([type, value], index) => `export function f${index}(): ${type} { return ${value} as any; }`,
  );
  const module = await compileCleanly(
    `import type { char, FixedArray, i32, Result, u8, u64 } from "@cloche/javascript";
    ${functions.join("\n")}`,
  );
  for (const [index, [, , message]] of wrong.entries()) {
    const plugin = new TestPlugin(module);
    const call = () => plugin.callWithBytes(`f${index}`, new Uint8Array());
    expect(call).toThrow(WebAssembly.RuntimeError);
    expect(plugin.stderr).toBe(`TypeError: Result${message}\n`);
  }
});

test("arguments of host functions are checked too", async () => {
  const plugin = await start(
    `import type { u8 } from "@cloche/javascript";
    declare function host(one: string, other: { x: u8 }): void;
    export function few(): string { try { (host as any)("a"); return ""; } catch (error) { return String(error); } }
    export function wrong(): string { try { host("a", { x: -1 }); return ""; } catch (error) { return String(error); } }
    export function right(): void { host("a", { x: 1 }); }`,
    { hostFunctions: { host: () => new Uint8Array() } },
  );
  expect(plugin.call("few", [], t.string)).toBe('TypeError: "host" needs 2 arguments, not 1');
  expect(plugin.call("wrong", [], t.string)).toBe(
    'TypeError: Argument other.x of "host": -1 is not a valid u8',
  );
  expect(plugin.call("right", [], t.unit)).toBe(undefined);
});

test("console, TextEncoder and TextDecoder are there", async () => {
  const plugin = await start(`
    export function use(text: string): string {
      console.log("a", 1, 2n, { b: [3n] }, null);
      console.error(text);
      return new TextDecoder().decode(new TextEncoder().encode(text)) + new TextDecoder().decode();
    }`);
  expect(plugin.call("use", [t.string], t.string, "é🔔")).toBe("é🔔");
  expect(plugin.guest.written).toEqual({ stdout: 'a 1 2 {"b":["3n"]} null\n', stderr: "é🔔\n" });
});

test("borrowed resources end with the call, and given ones are gone", async () => {
  const plugin = await start(
    `import type { Borrow, Resource } from "@cloche/javascript";
    type Rope = Resource<"Rope">;
    type Other = Resource<"Other">;
    declare function look(rope: Borrow<Rope>): void;
    let kept: any;
    const attempt = (act: () => void): string => { try { act(); return "fine"; } catch (error) { return String(error); } };
    export function borrow(rope: Borrow<Rope>): string { kept = rope; return attempt(() => look(rope)); }
    export function own(rope: Rope): void { kept = rope; }
    export function other(other: Other): void { kept = other; }
    export function again(): string { return attempt(() => look(kept)); }
    export function give(): Rope { return kept; }`,
    { hostFunctions: { look: () => new Uint8Array(), drop_resource: () => new Uint8Array() } },
  );
  const again = () => plugin.call("again", [], t.string);
  expect(plugin.call("borrow", [t.u64], t.string, 1n)).toBe("fine");
  expect(again()).toBe("TypeError: This Rope was dropped or given away");
  plugin.call("own", [t.u64], t.unit, 2n);
  expect(again()).toBe("fine");
  expect(plugin.call("give", [], t.u64)).toBe(2n);
  expect(again()).toBe("TypeError: This Rope was dropped or given away");
  plugin.call("other", [t.u64], t.unit, 3n);
  expect(again()).toMatch(/is not a valid Rope/);
});

test("a large result that the page has freed is not written to again", async () => {
  const plugin = await start(
    `import { readFile } from "@cloche/javascript";
    let kept: Uint8Array[] = [];
    export function large(): Uint8Array { return new Uint8Array(3_000_000); }
    export function check(): boolean {
      kept = Array.from({ length: 3 }, () => new Uint8Array(2_000_000).fill(7));
      readFile("a.bin");
      return kept.every((each) => each.every((byte) => byte === 7));
    }`,
    { files: { "a.bin": "x".repeat(100_000) } },
  );
  expect(plugin.call("large", [], t.bytes)).toHaveLength(3_000_000);
  expect(plugin.call("check", [], t.bool)).toBe(true);
});

test("what a call starts goes on until nothing is left to do", async () => {
  const plugin = await start(`
    import { print } from "@cloche/javascript";
    const later = async (text: string): Promise<void> => { await null; print(text); };
    void later("start ");
    export function go(): void { void later("call"); }`);
  expect(plugin.guest.written.stdout).toBe("start ");
  plugin.call("go", [], t.unit);
  expect(plugin.guest.written.stdout).toBe("start call");
});

test("endless recursion is an exception that the plugin can catch", async () => {
  const plugin = await start(`
    const deep = (n: number): number => 1 + deep(n + 1);
    export function recurse(): string {
      try { return String(deep(0)); } catch (error) { return (error as Error).name; }
    }`);
  for (let round = 0; round < 3; round += 1)
    expect(plugin.call("recurse", [], t.string)).toBe("RangeError");
});

test("memory does not grow over many calls", async () => {
  const plugin = await start(
    `declare function host(text: string): string;
    export async function f(values: Map<string, number[]>): Promise<string> {
      return [...values].map(([key, each]) => host(key + each.length)).join();
    }`,
    { hostFunctions: { host: (bytes) => bytes.slice() } },
  );
  const message = encode(t.map(t.string, t.vec(t.f64)), new Map([["é".repeat(300), [1, 2, 3]]]));
  const run = (rounds: number) => {
    for (let round = 0; round < rounds; round += 1) plugin.callWithBytes("f", message);
  };
  run(2000);
  const before = plugin.memoryBytes;
  run(8000);
  expect(plugin.memoryBytes).toBe(before);
});
