import { describe, expect, expectTypeOf, test } from "vitest";
import type { Codec, InputOf, ValueOf } from "./codec.ts";
import { decode, encode } from "./message.ts";
import { t } from "./t.ts";

describe("types", () => {
  test("of scalars are those of JavaScript", () => {
    expectTypeOf<ValueOf<typeof t.u32>>().toEqualTypeOf<number>();
    expectTypeOf<ValueOf<typeof t.u64>>().toEqualTypeOf<bigint>();
    expectTypeOf<ValueOf<typeof t.char>>().toEqualTypeOf<string>();
    expectTypeOf<ValueOf<typeof t.unit>>().toEqualTypeOf<undefined>();
    expectTypeOf<InputOf<typeof t.unit>>().toEqualTypeOf<void>();
    expectTypeOf<ValueOf<typeof t.bytes>>().toEqualTypeOf<Uint8Array<ArrayBuffer>>();
    expectTypeOf<InputOf<typeof t.bytes>>().toEqualTypeOf<Uint8Array>();
  });

  test("of options are lossless", () => {
    const once = t.option(t.u8);
    const twice = t.option(once);
    expectTypeOf<ValueOf<typeof once>>().toEqualTypeOf<number | null>();
    expectTypeOf<ValueOf<typeof twice>>().toEqualTypeOf<{ some: number | null } | null>();
  });

  test("of lists take typed arrays where they are of numbers", () => {
    const numbers = t.vec(t.f64);
    expectTypeOf<ValueOf<typeof numbers>>().toEqualTypeOf<number[]>();
    expectTypeOf<InputOf<typeof numbers>>().toEqualTypeOf<readonly number[] | Float64Array>();
    const strings = t.vec(t.string);
    expectTypeOf<InputOf<typeof strings>>().toEqualTypeOf<readonly string[]>();
    const nested = t.vec(t.array(t.i64, 2));
    expectTypeOf<ValueOf<typeof nested>>().toEqualTypeOf<bigint[][]>();
  });

  test("of composites are spelled out, mutable to read and readonly to write", () => {
    const point = t.struct({ x: t.f64, name: t.option(t.string), tags: t.vec(t.string) });
    expectTypeOf(point).toEqualTypeOf<
      Codec<
        { x: number; name: string | null; tags: string[] },
        { readonly x: number; readonly name: string | null; readonly tags: readonly string[] }
      >
    >();
    const pair = t.tuple(t.u8, t.map(t.string, t.set(t.u64)));
    expectTypeOf(pair).toEqualTypeOf<
      Codec<
        [number, Map<string, Set<bigint>>],
        readonly [number, ReadonlyMap<string, ReadonlySet<bigint>>]
      >
    >();
    const outcome = t.result(t.unit, t.string);
    expectTypeOf<ValueOf<typeof outcome>>().toEqualTypeOf<
      { ok: true; value: undefined } | { ok: false; error: string }
    >();
  });

  test("of enumerations are unions that `type` tells apart", () => {
    const message = t.enum({ Quit: t.unit, Write: t.string, Move: t.tuple(t.i32, t.i32) });
    expectTypeOf<ValueOf<typeof message>>().toEqualTypeOf<
      | { type: "Quit" }
      | { type: "Write"; value: string }
      | { type: "Move"; value: [number, number] }
    >();
    const decoded = decode(message, encode(message, { type: "Write", value: "a" }));
    if (decoded.type === "Write") expectTypeOf(decoded.value).toEqualTypeOf<string>();
  });

  test("can be recursive", () => {
    interface Tree {
      label: string;
      children: Tree[];
    }
    const tree: Codec<Tree> = t.struct({
      label: t.string,
      children: t.vec(t.lazy(() => tree)),
    });
    expectTypeOf<ValueOf<typeof tree>>().toEqualTypeOf<Tree>();
    const value = { label: "a", children: [{ label: "b", children: [] }] };
    expect(decode(tree, encode(tree, value))).toEqual(value);
  });

  test("refuse wrong values while compiling", () => {
    const point = t.struct({ x: t.f64 });
    // @ts-expect-error: a string is no number
    expect(() => encode(point, { x: "a" })).toThrow();
    // @ts-expect-error: a field is missing
    expect(() => encode(point, {})).toThrow();
    // @ts-expect-error: no such variant
    expect(() => encode(t.enum({ A: t.unit }), { type: "B" })).toThrow();
    // @ts-expect-error: another typed array
    expect(() => encode(t.vec(t.f64), Float32Array.of(1))).toThrow();
  });
});

describe("value forms", () => {
  test("a struct takes any object with its fields, and ignores others", () => {
    class Vector {
      x = 1;
      get y(): number {
        return 2;
      }
      z = 3;
    }
    const point = t.struct({ x: t.u8, y: t.u8 });
    expect(encode(point, new Vector())).toEqual(Uint8Array.of(1, 2));
    expect(decode(point, Uint8Array.of(1, 2))).toStrictEqual({ x: 1, y: 2 });
  });

  test("a lazy codec of options is an option within an option", () => {
    const codec = t.option(t.lazy(() => t.option(t.u8)));
    expect(decode(codec, Uint8Array.of(1, 0))).toEqual({ some: null });
    expect(decode(codec, encode(codec, { some: 7 }))).toEqual({ some: 7 });
  });

  test("-0 is an integer like 0, and stays -0 as a float", () => {
    expect(encode(t.i32, -0)).toEqual(encode(t.i32, 0));
    expect(decode(t.f64, encode(t.f64, -0))).toBe(-0);
  });

  test("an f32 is rounded", () => {
    expect(decode(t.f32, encode(t.f32, 0.1))).toBe(Math.fround(0.1));
  });

  test("typed arrays keep the bits of NaNs", () => {
    const bits = BigUint64Array.of(0x7ff0_0000_0000_0001n, 0xfff8_0000_0000_0002n);
    const array = new Float64Array(bits.buffer);
    const decoded = decode(t.f64Array, encode(t.f64Array, array));
    expect(new BigUint64Array(decoded.buffer)).toEqual(bits);
  });

  test("a part of a typed array is encoded as just that part", () => {
    const part = Uint16Array.of(1, 2, 3, 4).subarray(1, 3);
    expect(decode(t.vec(t.u16), encode(t.u16Array, part))).toEqual([2, 3]);
  });

  test("bytes of shared memory can be encoded", () => {
    const shared = new Uint8Array(new SharedArrayBuffer(2)).fill(7);
    expect(decode(t.bytes, encode(t.bytes, shared))).toEqual(Uint8Array.of(7, 7));
  });

  test("a string that begins with a byte order mark keeps it", () => {
    expect(decode(t.string, encode(t.string, `\ufeff${"a".repeat(20)}`))).toHaveLength(21);
  });
});

describe("names with a meaning to objects", () => {
  test("are ordinary names where they are inherited ones", () => {
    const codec = t.struct({ constructor: t.u8, toString: t.u8, hasOwnProperty: t.u8 });
    const value = decode(codec, Uint8Array.of(1, 2, 3));
    expect(Object.entries(value)).toEqual([
      ["constructor", 1],
      ["toString", 2],
      ["hasOwnProperty", 3],
    ]);
    expect(() => encode(t.struct({ toString: t.u8 }), {} as never)).toThrow(
      `Cannot encode $.toString: function is not u8`,
    );
  });

  test("are refused where they would be lost, change prototypes, or move", () => {
    const proto = JSON.parse(`{ "__proto__": 1 }`) as object;
    const fields = Object.defineProperty(proto, "__proto__", { value: t.u8 }) as never;
    expect(() => t.struct(fields)).toThrow(
      `Invalid struct field "__proto__": reserved property name`,
    );
    expect(() => t.enum(fields)).toThrow(TypeError);
    expect(() => t.struct({ __proto__: t.u8 })).toThrow(TypeError);
    expect(() => t.struct({ b: t.u8, 0: t.u8 })).toThrow(TypeError);
    expect(() => t.enum({ b: t.u8, 10: t.u8 })).toThrow(TypeError);
    expect(decode(t.struct({ "01": t.u8 }), Uint8Array.of(1))).toEqual({ "01": 1 });
  });

  test("do no harm as keys of a map", () => {
    const map = new Map([["__proto__", "polluted"]]);
    const codec = t.map(t.string, t.string);
    expect(decode(codec, encode(codec, map))).toEqual(map);
    expect("polluted" in {}).toBe(false);
  });
});

test.each([-1, 1.5, NaN, Infinity])("a fixed length of %d is a TypeError", (length) => {
  expect(() => t.array(t.u8, length)).toThrow(TypeError);
  expect(() => t.fixedBytes(length)).toThrow(TypeError);
});
