import { expect, test } from "vitest";
import { type AnyCodec, type Codec } from "../codec/codec.ts";
import { t } from "../codec/t.ts";
import { functionDifference } from "./compare-functions.ts";
import { parseSchema } from "./parse-schema.ts";

/** How a codec differs from the only parameter of a schema's only function. */
function difference(codec: AnyCodec, text: string): string | undefined {
  const schema = parseSchema(text.includes("fn ") ? text : `fn f(a: ${text})`);
  const [declared] = schema.functions;
  if (declared === undefined) throw new Error("no function");
  return functionDifference({ params: [codec.type], result: t.unit.type }, declared, schema);
}

interface Tree {
  label: string;
  children: Tree[];
}
const tree: Codec<Tree> = t.struct({ label: t.string, children: t.vec(t.lazy(() => tree)) });
const TREE = "struct Tree { label: string, children: vec<Tree> } fn f(a: Tree)";

test.each<[AnyCodec, string]>([
  [t.f64Array, "vec<f64>"],
  [t.vec(t.f64), "f64Array"],
  [t.bytes, "vec<u8>"],
  [t.bytes, "string"],
  [t.fixedBytes(3), "array<u8, 3>"],
  [t.set(t.string), "vec<string>"],
  [t.vec(t.tuple(t.string, t.u8)), "map<string, u8>"],
  [t.result(t.u8, t.string), "enum { Ok(u8), Err(string) }"],
  [t.tuple(t.f64), "f64"],
  [t.struct({ left: t.f64, top: t.f64 }), "{ x: f64, y: f64 }"],
  [t.tuple(t.f64, t.f64), "{ x: f64, y: f64 }"],
  [tree, TREE],
  [t.u8, "unknown"],
  [t.vec(t.u8), "vec<unknown>"],
  [t.tuple(t.u64, t.u32), "duration"],
])("codec %# fits to %s", (codec, text) => {
  expect(difference(codec, text)).toBeUndefined();
});

test.each<[AnyCodec, string, string]>([
  [
    t.vec(t.f32),
    "vec<f64>",
    "parameter 1 at [] is f32, and the plugin has f64 (it is f(a: vec<f64>))",
  ],
  [t.u64, "borrow<R>", "is u64, and the plugin has borrow<R>"],
  [t.option(t.u8), "u8", "is option<u8>, and the plugin has u8"],
  [t.array(t.u8, 2), "array<u8, 3>", "is array<u8, 2>, and the plugin has array<u8, 3>"],
  [t.struct({ y: t.f64, x: t.f64 }), "{ x: f64, y: f64 }", "is { y: f64, x: f64 }, and"],
  [
    t.struct({ a: t.struct({ b: t.u8, c: t.u8 }), d: t.u8 }),
    "{ a: { b: u8, c: u16 }, d: u8 }",
    "at .a.c is u8",
  ],
  [t.enum({ A: t.unit }), "enum { A, B }", "is enum { A }, and the plugin has enum { A, B }"],
  [
    tree,
    "struct Tree { label: string, children: vec<Leaf> } struct Leaf { label: u8, children: vec<Tree> } fn f(a: Tree)",
    "at .children[].label is string, and the plugin has u8",
  ],
  [
    t.struct({ x: t.f64, y: t.f64 }),
    "struct Point { x: f64, at: f64, y: f64 } fn f(a: Point)",
    "is { x: f64, y: f64 }, and the plugin has Point = { x: f64, at: f64, y: f64 } (it is f(a: Point))",
  ],
])("codec %# does not fit to %s", (codec, text, told) => {
  expect(difference(codec, text.includes("<R>") ? `resource R; fn f(a: ${text})` : text)).toContain(
    told,
  );
});

test("tells the number of parameters, and every difference", () => {
  const schema = parseSchema("fn f(a: u8, b: string) -> u8; fn g()");
  const [f] = schema.functions;
  const given = { params: [t.u16.type, t.u8.type], result: t.u16.type };
  expect(f && functionDifference(given, f, schema)).toBe(
    "does not fit: parameter 1 is u16, and the plugin has u8; parameter 2 is u8, and the plugin has string; the result is u16, and the plugin has u8 (it is f(a: u8, b: string) -> u8)",
  );
  expect(f && functionDifference({ ...given, params: [] }, f, schema)).toBe(
    "has 0 parameters, and the plugin has 2 (it is f(a: u8, b: string) -> u8)",
  );
});

test("a codec that makes itself anew each time is compared up to a point", () => {
  const endless = (): Codec<unknown> =>
    t.struct({ next: t.option(t.lazy(endless)), other: t.u8 }) as Codec<unknown>;
  expect(
    difference(endless(), "struct L { next: option<L>, other: u8 } fn f(a: L)"),
  ).toBeUndefined();
});

test("a struct of nothing but itself is compared", () => {
  expect(difference(t.u8, "struct L { l: L } fn f(a: L)")).toContain("is u8");
});
