import { beforeAll, expect, test } from "vitest";
import { decode, encode } from "../../../src/codec/message.ts";
import { t } from "../../../src/codec/t.ts";
import { compile } from "./compile.ts";
import { compileCleanly, schemaOf, TestPlugin } from "./plugin.test-kit.ts";

const SOURCES = {
  "index.ts": `
import { Box, fileExists, readFile, Result, Unit, writeFile } from "@cloche/assemblyscript";
import { Named } from "./lib/named";
export { shout as yell, Named } from "./lib/named";
export * from "./lib/more";

/** Has a name. */
class Person extends Named {
  /// In years.
  /// Not negative.
  private age: u8 = 7;
  readonly tags: StaticArray<string> = [];
  friend: Person | null = null;
  getAge(): u8 { return this.age; }
}
export class Pair<A, B> {
  constructor(public first: A, public second: B) {}
}
abstract class Node {
  id: u32 = 0;
}
abstract class Inner extends Node {}
/** Nothing below. */
class Leaf extends Node {}
class Branch extends Inner {
  left: Node = new Leaf();
  right: Node = new Leaf();
}
class Holder { text!: string; }
class Point { x: i32 = 0; }

declare function log(line: string, level?: u8): void;
declare namespace host {
  /** The time in another place. */
  function timeIn(place: string): Result<f64, string>;
}

let started = "no";
log("starting", 1);
started = "yes";

export function hasStarted(): string { return started; }
export function person(p: Person): Person { return p; }
export function nameOf(n: Named): string { return n.name; }
export function asNamed(p: Person): Named { return p; }
export function pair(p: Pair<u8, Array<string>>): Pair<u8, Array<string>> { return p; }
export function node(n: Node): Node { return n; }
export function leaf(n: Leaf): Node { return n; }
export function check(ok: bool): Result<Unit, u16> {
  return ok ? Result.ok<Unit, u16>(new Unit()) : Result.error<Unit, u16>(404);
}
export function half(n: u32): Box<u32> | null { return n % 2 ? null : new Box<u32>(n / 2); }
export function flags(f: bool[]): StaticArray<bool> { return StaticArray.fromArray(f); }
export function floats(f: StaticArray<f32>): f32[] { return f.slice<f32[]>(); }
export function views(a: Int8Array, b: Uint16Array, c: Int16Array, d: Uint32Array, e: Int32Array,
  f: Uint64Array, g: Int64Array, h: Float64Array, i: Uint8ClampedArray): f64 {
  return <f64>a[0] + b[0] + c[0] + d[0] + e[0] + <f64>f[0] + <f64>g[0] + h[0] + i[0];
}
export function part(b: Uint8Array): Uint8Array { return b.subarray(1, 3); }
export function buffer(b: ArrayBuffer): ArrayBuffer { return b; }
export function numbers(s: Set<u16>, m: Map<u8, Map<string, f32>>): Map<u8, Map<string, f32>> { return m; }
export function sizes(a: isize, b: usize): isize { return a + <isize>b; }
export function link(a: string): Holder { const h = new Holder(); h.text = a; return h; }
export function optional(a: i32, b: i32 = 5): i32 { return a + b; }
export function lone(): string { return String.fromCharCodes([0x61, 0xd800, 0x62, 0xdc00]); }
export function unset(): Holder { return new Holder(); }
export function hole(): string[] { return new Array<string>(2); }
export function twoPoints(a: Point): Point { return a; }
export function time(place: string): f64 { return host.timeIn(place).value; }
export function append(path: string, byte: u8): Uint8Array {
  const old = fileExists(path) ? readFile(path) : new Uint8Array(0);
  const bytes = new Uint8Array(old.length + 1);
  bytes.set(old);
  bytes[old.length] = byte;
  writeFile(path, bytes);
  return bytes;
}
export function builtins(): f64 {
  console.log("logged");
  console.error("erred");
  trace("traced", 2, 1, 2.5);
  assert(Date.now() > 1_000_000_000_000, "the clock is set");
  assert(performance.now() > 0, "time passes");
  const bytes = new Uint8Array(2);
  crypto.getRandomValues(bytes);
  assert(bytes[0] == 0xab, "bytes are random");
  return Math.random();
}
`,
  "lib/named.ts": `
/**
 * What has a name.
 *
 * Or none.
 */
export class Named { name: string = ""; }
/** Louder. */
export function shout(text: string): string { return text.toUpperCase(); }
`,
  "lib/more.ts": `
export class Point { y: f64 = 0; }
/// Of *two* classes that are named Point.
export function morePoints(a: Point): Point { return a; }
`,
};

const SCHEMA = `schema 1;
/// Has a name.
struct Person {
  name: string,
  /// In years.
  /// Not negative.
  age: u8,
  tags: vec<string>,
  friend: option<Person>,
}
/// What has a name.
///
/// Or none.
struct Named {
  name: string,
}
enum Node {
  /// Nothing below.
  Leaf {
    id: u32,
  },
  Branch {
    id: u32,
    left: Node,
    right: Node,
  },
}
/// Nothing below.
struct Leaf {
  id: u32,
}
struct Holder {
  text: string,
}
struct Point {
  x: i32,
}
struct Point2 {
  y: f64,
}
fn hasStarted() -> string;
fn person(p: Person) -> Person;
fn nameOf(n: Named) -> string;
fn asNamed(p: Person) -> Named;
fn pair(p: { first: u8, second: vec<string> }) -> { first: u8, second: vec<string> };
fn node(n: Node) -> Node;
fn leaf(n: Leaf) -> Node;
fn check(ok: bool) -> result<(), u16>;
fn half(n: u32) -> option<u32>;
fn flags(f: vec<bool>) -> vec<bool>;
fn floats(f: vec<f32>) -> vec<f32>;
fn views(a: i8Array, b: u16Array, c: i16Array, d: u32Array, e: i32Array, f: u64Array, g: i64Array, h: f64Array, i: bytes) -> f64;
fn part(b: bytes) -> bytes;
fn buffer(b: bytes) -> bytes;
fn numbers(s: set<u16>, m: map<u8, map<string, f32>>) -> map<u8, map<string, f32>>;
fn sizes(a: i32, b: u32) -> i32;
fn link(a: string) -> Holder;
fn optional(a: i32, b: i32) -> i32;
fn lone() -> string;
fn unset() -> Holder;
fn hole() -> vec<string>;
fn twoPoints(a: Point) -> Point;
fn time(place: string) -> f64;
fn append(path: string, byte: u8) -> bytes;
fn builtins() -> f64;
/// Louder.
fn yell(text: string) -> string;
/// Of *two* classes that are named Point.
fn morePoints(a: Point2) -> Point2;
import fn log(line: string, level: u8);
/// The time in another place.
import fn timeIn(place: string) -> result<f64, string>;
`;

let module: WebAssembly.Module;
beforeAll(async () => {
  module = await compileCleanly(SOURCES, { args: ["--noUnsafe"] });
}, 60_000);

const logged: unknown[] = [];
function start(): TestPlugin {
  logged.length = 0;
  return new TestPlugin(module, {
    hostFunctions: {
      log: (bytes) => {
        logged.push(decode(t.tuple(t.string, t.u8), bytes));
        return new Uint8Array();
      },
      timeIn: (bytes) => {
        const value = decode(t.string, bytes).length / 2;
        return encode(t.result(t.f64, t.string), { ok: true, value });
      },
    },
  });
}

test("describes the functions and types of all files, with their documentation", () => {
  expect(schemaOf(module)).toBe(SCHEMA);
});

test("exports what the ABI has, and nothing else", () => {
  const names = WebAssembly.Module.exports(module).map(({ name }) => name);
  const offered = [...SCHEMA.matchAll(/^fn (\w+)/gm)].map(([, name]) => `__${name}`);
  const abi = ["__alloc_buffer", "__free_buffer", "__stack_pointer", "_initialize", "memory"];
  expect(names.sort()).toEqual([...offered, ...abi].sort());
});

test("runs the top level in _initialize, where host functions can be called", () => {
  const plugin = start();
  expect(logged).toEqual([["starting", 1]]);
  expect(plugin.call("hasStarted", [], t.string)).toBe("yes");
});

test("takes classes with inherited, private and nullable fields", () => {
  const person = t.lazy(() =>
    t.struct({ name: t.string, age: t.u8, tags: t.vec(t.string), friend: t.option(t.bytes) }),
  );
  const ada = { name: "Ada", age: 36, tags: ["a", "b"], friend: null };
  const named = t.struct({ name: t.string });
  const plugin = start();
  expect(plugin.call("person", [person], person, ada)).toEqual(ada);
  expect(plugin.call("nameOf", [named], t.string, { name: "Ada" })).toBe("Ada");
  expect(plugin.call("asNamed", [person], named, ada)).toEqual({ name: "Ada" });
});

test("takes generic classes, and subclasses of an abstract class as variants", () => {
  const plugin = start();
  const pair = t.struct({ first: t.u8, second: t.vec(t.string) });
  expect(plugin.call("pair", [pair], pair, { first: 1, second: ["x"] })).toEqual({
    first: 1,
    second: ["x"],
  });
  const leaf = t.struct({ id: t.u32 });
  const node = t.enum({ Leaf: leaf, Branch: t.struct({ id: t.u32, left: t.u64, right: t.u64 }) });
  const [left, right] = [1, 2].map((id) => encode(node, { type: "Leaf", value: { id } }));
  const branch = Uint8Array.of(1, 0, 0, 0, 9, 0, 0, 0, ...(left ?? []), ...(right ?? []));
  expect(plugin.callWithBytes("node", branch)).toEqual(branch);
  expect(plugin.call("leaf", [leaf], node, { id: 3 })).toEqual({ type: "Leaf", value: { id: 3 } });
});

test("returns results, and values that may be missing", () => {
  const plugin = start();
  const result = t.result(t.unit, t.u16);
  expect(plugin.call("check", [t.bool], result, true)).toEqual({ ok: true, value: undefined });
  expect(plugin.call("check", [t.bool], result, false)).toEqual({ ok: false, error: 404 });
  expect(plugin.call("half", [t.u32], t.option(t.u32), 8)).toBe(4);
  expect(plugin.call("half", [t.u32], t.option(t.u32), 9)).toBe(null);
  expect(plugin.call("time", [t.string], t.f64, "Paris")).toBe(2.5);
});

test("takes arrays, views and collections of all kinds", () => {
  const plugin = start();
  const bools = t.vec(t.bool);
  expect(plugin.call("flags", [bools], bools, [true, false])).toEqual([true, false]);
  expect(plugin.call("floats", [t.f32Array], t.vec(t.f32), Float32Array.of(1, 0.5))).toEqual([
    1, 0.5,
  ]);
  const views = [
    [t.i8Array, Int8Array.of(-1)],
    [t.u16Array, Uint16Array.of(2)],
    [t.i16Array, Int16Array.of(3)],
    [t.u32Array, Uint32Array.of(4)],
    [t.i32Array, Int32Array.of(5)],
    [t.u64Array, BigUint64Array.of(6n)],
    [t.i64Array, BigInt64Array.of(7n)],
    [t.f64Array, Float64Array.of(0.5)],
    [t.bytes, Uint8Array.of(8)],
  ] as const;
  const [codecs, values] = [views.map(([codec]) => codec), views.map(([, value]) => value)];
  expect(plugin.call("views", codecs, t.f64, ...values)).toBe(34.5);
  const bytes = Uint8Array.of(1, 2, 3, 4);
  expect(plugin.call("part", [t.bytes], t.bytes, bytes)).toEqual(Uint8Array.of(2, 3));
  expect(plugin.call("buffer", [t.bytes], t.bytes, bytes)).toEqual(bytes);
  const maps = t.map(t.u8, t.map(t.string, t.f32));
  const map = new Map([[1, new Map([["a", 0.5]])]]);
  expect(plugin.call("numbers", [t.set(t.u16), maps], maps, new Set([1]), map)).toEqual(map);
  expect(plugin.call("sizes", [t.i32, t.u32], t.i32, -5, 3)).toBe(-2);
  // Its export is named like a function of the runtime.
  expect(plugin.call("link", [t.string], t.struct({ text: t.string }), "a")).toEqual({ text: "a" });
  expect(plugin.call("optional", [t.i32, t.i32], t.i32, 1, 2)).toBe(3);
});

test("replaces lone surrogates by U+FFFD", () => {
  expect(start().call("lone", [], t.string)).toBe("a\ufffdb\ufffd");
});

test.each([
  ["unset", "Cannot encode the field text of Holder: it is not set\n"],
  ["hole", /^Aborted: Element type must be nullable if array is holey at/],
])("fails with a reason when the result of %s has no value", (name, reason) => {
  const plugin = start();
  expect(() => plugin.callWithBytes(name, new Uint8Array())).toThrow(WebAssembly.RuntimeError);
  expect(plugin.stderr).toMatch(reason);
});

test("writes and reads files of bytes", () => {
  const plugin = start();
  const append = (byte: number) => plugin.call("append", [t.string, t.u8], t.bytes, "/log", byte);
  append(1);
  expect(append(2)).toEqual(Uint8Array.of(1, 2));
});

test("serves console, trace, clocks and randomness by WASI", () => {
  const plugin = start();
  const random = plugin.call("builtins", [], t.f64);
  expect(random).toBeGreaterThanOrEqual(0);
  expect(random).toBeLessThan(1);
  expect(plugin.guest.written).toEqual({
    stdout: "logged\n",
    stderr: "erred\ntrace: traced 1.0, 2.5\n",
  });
});

/** The comments are the warnings that are expected at their lines. */
const UNSUITABLE = `
export function good(): void {}
export function generic<T>(x: T): T { return x; } // "generic" is not offered: it is generic
export function callback(
  f: (x: i32) => i32, // "callback" is not offered: a function cannot cross to the page
): void {}
export function action(): () => void { return () => {}; } // "action" is not offered: a function cannot cross to the page
export const arrow = (x: i32): i32 => x; // "arrow" is not offered: it is a variable, and no function declaration
export function date(d: Date): void {} // "date" is not offered: the class Date, which is part of a library, cannot cross to the page
class Words extends Array<string> {}
export function words(w: Words): void {} // "words" is not offered: Words extends Array, which is part of a library, cannot cross to the page
class Endless { again: Endless = this; more: Endless[] = []; }
export function endless(e: Endless): void {} // "endless" is not offered: a value of Endless would never end
class List<T> { rest: List<T> | null = null; }
export function list(l: List<i32>): void {} // "list" is not offered: List<i32> contains itself, which generic classes and tuples cannot
abstract class None {}
export function none(n: None): void {} // "none" is not offered: the abstract class None has no subclasses
class Nothing {}
export function nothings(n: Nothing[]): void {} // "nothings" is not offered: items of type Nothing have no bytes, so they cannot be counted
class Deep { inner: Map<string, Date[]> = new Map(); }
export function deep(d: Deep | null): void {} // "deep" is not offered: the class Date, which is part of a library, cannot cross to the page
export function alloc_buffer(n: u32): void {} // "alloc_buffer" is not offered: the name is reserved
export function stack_pointer(): void {} // "stack_pointer" is not offered: the name is reserved
@unmanaged class Raw { x: i32 = 0; }
export function raw(r: Raw): void {} // "raw" is not offered: Raw is unmanaged, which cannot cross to the page
interface Named { name: string; }
export function named(n: Named): void {} // "named" is not offered: Named is an interface, which cannot cross to the page
declare function bad(f: () => void): i32; // "bad" is not imported: a function cannot cross to the page
export function usesBad(): i32 { return bad(() => {}); }
declare function drop_resource(n: u64): void; // "drop_resource" is not imported: the name is reserved
export function usesDrop(): void { drop_resource(1); }
`;

test("warns of what it leaves out, at its line", { timeout: 60_000 }, async () => {
  const { wasm, diagnostics } = await compile({ "index.ts": UNSUITABLE });
  const told = diagnostics.map(({ severity, file, line, message }) => [
    severity,
    file,
    line,
    message,
  ]);
  const expected = UNSUITABLE.split("\n").flatMap((text, index) => {
    const [, message] = text.split(" // ");
    return message === undefined ? [] : [["warning", "index.ts", index + 1, message]];
  });
  expect(told).toEqual(expected);
  const plugin = new TestPlugin(new WebAssembly.Module(wasm ?? new Uint8Array()));
  const functions = schemaOf(new WebAssembly.Module(wasm ?? new Uint8Array())).match(/fn \w+/g);
  expect(functions).toEqual(["fn good", "fn usesBad", "fn usesDrop"]);
  expect(() => plugin.call("usesBad", [], t.i32)).toThrow(WebAssembly.RuntimeError);
  expect(plugin.stderr).toContain("Aborted: bad cannot be imported");
});

test("tells errors of the compiler with file, line and column", { timeout: 60_000 }, async () => {
  const { wasm, diagnostics } = await compile(
    { "a/b.as.ts": "\nexport function f(): i32 { return x; }" },
    { entry: "a/b.as.ts" },
  );
  expect(wasm).toBe(undefined);
  const message = "Cannot find name 'x'.";
  expect(diagnostics).toMatchObject([
    { severity: "error", message, file: "a/b.as.ts", line: 2, column: 35 },
  ]);
  await expect(compile({}, { entry: "x.ts" })).rejects.toThrow(TypeError);
});
