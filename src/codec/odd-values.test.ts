/** Values as a page may have them: of another realm, with methods or getters of their own, proxies. */

import { runInNewContext } from "node:vm";
import { describe, expect, test } from "vitest";
import { CodecError } from "../errors.ts";
import type { AnyCodec, Codec } from "./codec.ts";
import { decode, Encoder, encode } from "./message.ts";
import { t } from "./t.ts";

const point = t.struct({ x: t.f64, y: t.f64 });
const pairs = t.map(t.string, t.u8);

describe("a value of another realm is encoded like one of this realm", () => {
  test.each<[source: string, codec: AnyCodec, value: unknown]>([
    ["new Map([['a', 1]])", pairs, new Map([["a", 1]])],
    ["new Set([1, 2])", t.set(t.u8), new Set([1, 2])],
    ["[1, 2]", t.vec(t.f64), [1, 2]],
    ["[1, 2]", t.tuple(t.u8, t.u8), [1, 2]],
    ["Float64Array.of(1, 2)", t.vec(t.f64), [1, 2]],
    ["Float64Array.of(1, 2)", t.f64Array, Float64Array.of(1, 2)],
    ["Uint8Array.of(9, 1, 2).subarray(1)", t.bytes, Uint8Array.of(1, 2)],
    ["Uint8Array.of(1, 2)", t.fixedBytes(2), Uint8Array.of(1, 2)],
    ["new Uint8Array(new SharedArrayBuffer(2))", t.bytes, new Uint8Array(2)],
    ["({ x: 1, y: 2 })", point, { x: 1, y: 2 }],
  ])("%s", (source, anyCodec, value) => {
    const codec = anyCodec as Codec<unknown>;
    expect(encode(codec, runInNewContext(source))).toEqual(encode(codec, value));
  });

  test("and refused like one where its type is wrong", () => {
    const wrong = (source: string, codec: AnyCodec) => () =>
      encode(codec as Codec<unknown>, { x: runInNewContext(source) as unknown });
    const inX = (codec: AnyCodec) => t.struct({ x: codec });
    expect(wrong("new Set()", inX(pairs))).toThrow("Cannot encode $.x: Set is not map (Map)");
    expect(wrong("new Map()", inX(t.set(t.u8)))).toThrow("$.x: Map is not set (Set)");
    expect(wrong("new ArrayBuffer(2)", inX(t.bytes))).toThrow("$.x: ArrayBuffer is not vec (");
    expect(wrong("Int8Array.of(1)", inX(t.bytes))).toThrow("$.x: Int8Array of 1 is not vec (");
  });

  test("and so are the fields of a struct", () => {
    const fields = Object.assign(runInNewContext("({})") as object, { x: t.u8 });
    expect(encode(t.struct(fields), { x: 7 })).toEqual(Uint8Array.of(7));
  });
});

describe("a value that only looks like another is refused", () => {
  const named = (tag: string, value: object) =>
    Object.defineProperty(value, Symbol.toStringTag, { value: tag });
  test.each<[name: string, codec: AnyCodec, value: unknown]>([
    ["an object named Map", pairs, named("Map", { size: 1 })],
    ["an object that inherits from Map", pairs, Object.create(Map.prototype)],
    ["a proxy of a map", pairs, new Proxy(new Map(), {})],
    [
      "a view named Float64Array",
      t.f64Array,
      named("Float64Array", new DataView(new ArrayBuffer(8))),
    ],
    ["a proxy of bytes", t.bytes, new Proxy(new Uint8Array(2), {})],
    ["a detached array", t.bytes, detached()],
    ["a list of a made-up length", t.vec(t.u8), proxyOfLength(-1)],
    ["a list of half an item", t.vec(t.u8), proxyOfLength(1.5)],
    ["a list of a length in words", t.vec(t.u8), proxyOfLength("2")],
    ["a list longer than it says it may be", t.array(t.u8, 2), proxyOfLength(1e9)],
  ])("%s", (_name, codec, value) => {
    expect(() => encode(codec as Codec<unknown>, value)).toThrow(CodecError);
  });
});

describe("a value that changes while it is encoded makes a whole message", () => {
  test("where a map or set grows or shrinks, or has an iterator of its own", () => {
    const map = new Map<string, unknown>([
      ["a", 1],
      ["b", 2],
    ]);
    const shrinking = {
      get value(): number {
        map.delete("b");
        return 1;
      },
    };
    map.set("a", shrinking);
    const boxes = t.map(t.string, t.struct({ value: t.u8 }));
    const bytes = encode(boxes, map as never);
    expect(decode(boxes, bytes)).toEqual(new Map([["a", { value: 1 }]]));

    class Liar extends Set<number> {
      override get size(): number {
        return 1e6;
      }
      override *[Symbol.iterator](): SetIterator<number> {
        yield 7;
      }
    }
    expect(decode(t.set(t.u8), encode(t.set(t.u8), new Liar([1, 2])))).toEqual(new Set([1, 2]));
  });

  test("where a typed array has a length of its own", () => {
    const bytes = Uint8Array.of(1, 2, 3);
    Object.defineProperty(bytes, "length", { value: 1e6 });
    Object.defineProperty(bytes, "byteLength", { value: 1e6 });
    expect(decode(t.bytes, encode(t.bytes, bytes))).toEqual(Uint8Array.of(1, 2, 3));
  });

  test("where a duration has another number the second time", () => {
    let reads = 0;
    const value = {
      seconds: 1n,
      get nanoseconds(): number {
        return reads++ === 0 ? 4e9 : 0;
      },
    };
    expect(() => encode(t.duration, value)).toThrow(
      "$.nanoseconds: number 4000000000 is not below",
    );
  });
});

describe("a value that cannot be read is refused, and the error says where and why", () => {
  const mine = new RangeError("mine");
  const fail = (): never => {
    throw mine;
  };
  const failing = (name: string, rest: object = {}) =>
    Object.defineProperty({ ...rest }, name, { get: fail, enumerable: true });
  const proxied = (target: object) => new Proxy(target, { get: fail });
  const variants = t.enum({ A: t.u8 });
  const outcome = t.result(t.u8, t.u8);
  const boxed = t.option(t.option(t.u8));

  const cases: [name: string, codec: AnyCodec, value: unknown, path: string][] = [
    ["a getter", point, failing("y", { x: 1 }), "$.y"],
    ["a proxy", point, proxied({}), "$.x"],
    ["a proxy of a list", t.vec(t.u8), proxied([]), "$"],
    ["a proxy of an array", t.array(t.u8, 2), proxied([1, 2]), "$"],
    ["a getter in a list", t.vec(point), [{ x: 1, y: 2 }, failing("x")], "$[1].x"],
    ["an item of an array", t.array(t.u8, 2), failingItem([1, 2], fail), "$[1]"],
    ["an item of a tuple", t.tuple(t.u8, t.u8), failingItem([1, 2], fail), "$[1]"],
    ["the type of an enum", variants, failing("type"), "$.type"],
    ["the value of an enum", variants, failing("value", { type: "A" }), "$.value"],
    ["the kind of a result", outcome, failing("ok"), "$.ok"],
    ["the value of a result", outcome, failing("value", { ok: true }), "$.value"],
    ["the error of a result", outcome, failing("error", { ok: false }), "$.error"],
    ["a boxed option", boxed, failing("some"), "$.some"],
    ["an option", t.option(point), failing("x"), "$.x"],
    ["a value in a map", t.map(t.u8, point), new Map([[7, failing("x")]]), "$[0].value.x"],
    ["a key of a map", t.map(point, t.u8), new Map([[failing("x"), 7]]), "$[0].key.x"],
    ["an item of a set", t.set(point), new Set([failing("x")]), "$[0].x"],
    ["a part of a duration", t.duration, failing("nanoseconds", { seconds: 1n }), "$.nanoseconds"],
    ["a recursive type", t.lazy(() => point), failing("x"), "$.x"],
    [
      "a getter beyond the scratch buffer",
      t.tuple(t.bytes, point),
      [new Uint8Array(1e6), failing("x")],
      "$[1].x",
    ],
  ];

  test.each(cases)("%s", (_name, codec, value, path) => {
    const encoder = new Encoder();
    const expected = encode(pairs, new Map([["a", 1]]));
    for (let round = 0; round < 3; round++) {
      const error = failure(() => encoder.encode(codec as Codec<unknown>, value));
      expect(error).toBeInstanceOf(CodecError);
      expect(error).toMatchObject({
        message: `Cannot encode ${path}: cannot be read (mine)`,
        path,
        cause: mine,
      });
      expect(encoder.encode(pairs, new Map([["a", 1]]))).toEqual(expected);
    }
  });

  const anyType = { bool: t.bool, point, duration: t.duration, variants, outcome, boxed, pairs };
  const types = Object.entries<AnyCodec>({
    ...anyType,
    vec: t.vec(t.f64),
    array: t.array(t.u8, 1),
    tuple: t.tuple(t.u8),
    set: t.set(t.u8),
    bytes: t.bytes,
    fixedBytes: t.fixedBytes(1),
    string: t.string,
    char: t.char,
    unit: t.unit,
    u64: t.u64,
    lazy: t.lazy(() => point),
  });
  test.each(types)("a revoked proxy for %s", (_name, codec) => {
    for (const target of [{}, [], () => {}]) {
      const { proxy, revoke } = Proxy.revocable(target, {});
      revoke();
      const around = t.struct({ inner: codec as Codec<unknown> });
      const error = failure(() => encode(around, { inner: proxy }));
      expect(error).toBeInstanceOf(CodecError);
      expect(error.message).toMatch(/^Cannot encode \$\.inner[.\w]*: /);
    }
  });

  test("also where it throws what is no error", () => {
    const value = Object.defineProperty({ x: 1 }, "y", {
      get: () => {
        throw undefined;
      },
    });
    const error = failure(() => encode(point, value as never));
    expect(error.message).toBe("Cannot encode $.y: cannot be read (undefined)");
    expect(error).toHaveProperty("cause", undefined);
  });

  test("but an invalid lazy codec is a TypeError of its own", () => {
    const broken = t.struct({ x: t.lazy(fail) });
    const none = t.struct({ x: t.lazy(() => ({}) as Codec<number>) });
    expect(() => encode(broken, { x: 1 } as never)).toThrow(
      new TypeError("Invalid result of the function of t.lazy: cannot be read (mine)"),
    );
    expect(() => encode(none, { x: 1 })).toThrow(
      "Invalid result of the function of t.lazy: Object (must be a type made by t)",
    );
  });

  test("keeps apart what a getter encodes meanwhile, also where that fails", () => {
    const encoder = new Encoder();
    const inner: unknown[] = [];
    const value = {
      x: 1,
      get y(): number {
        inner.push(encoder.encode(t.string, "inner"));
        expect(() => encoder.encode(t.u8, "wrong" as never)).toThrow(CodecError);
        return 2;
      },
    };
    expect(encoder.encode(point, value)).toEqual(encode(point, { x: 1, y: 2 }));
    expect(inner).toEqual([encode(t.string, "inner")]);
  });
});

function failure(run: () => unknown): CodecError {
  try {
    run();
  } catch (error) {
    return error as CodecError;
  }
  throw new Error("Expected an error, found none");
}

/** A list whose last item throws. */
function failingItem(items: unknown[], get: () => never): unknown[] {
  return Object.defineProperty(items, items.length - 1, { get });
}

function detached(): Uint8Array {
  const bytes = new Uint8Array(4);
  structuredClone(bytes.buffer, { transfer: [bytes.buffer] });
  return bytes;
}

function proxyOfLength(length: unknown): unknown {
  return new Proxy([1, 2], {
    get: (target, name) => (name === "length" ? length : Reflect.get(target, name)),
  });
}
