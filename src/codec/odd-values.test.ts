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

describe("an encoder whose value throws", () => {
  const mine = new RangeError("mine");
  const throwing: [name: string, codec: AnyCodec, value: unknown][] = [
    [
      "a getter",
      point,
      {
        x: 1,
        get y(): number {
          throw mine;
        },
      },
    ],
    [
      "a proxy",
      point,
      new Proxy(
        {},
        {
          get: () => {
            throw mine;
          },
        },
      ),
    ],
    [
      "a proxy of a list",
      t.vec(t.u8),
      new Proxy([], {
        get: () => {
          throw mine;
        },
      }),
    ],
    [
      "a getter in a list",
      t.vec(point),
      [
        { x: 1, y: 2 },
        {
          get x(): number {
            throw mine;
          },
          y: 2,
        },
      ],
    ],
    [
      "a getter of an enum",
      t.enum({ A: t.u8 }),
      {
        get type(): string {
          throw mine;
        },
      },
    ],
    [
      "a getter of a result",
      t.result(t.u8, t.u8),
      {
        get ok(): boolean {
          throw mine;
        },
      },
    ],
    [
      "a getter beyond the scratch buffer",
      t.tuple(t.bytes, point),
      [
        new Uint8Array(1e6),
        {
          x: 1,
          get y(): number {
            throw mine;
          },
        },
      ],
    ],
  ];

  test.each(throwing)(
    "passes on the value's own error, and encodes the next one: %s",
    (_name, codec, value) => {
      const encoder = new Encoder();
      const expected = encode(pairs, new Map([["a", 1]]));
      for (let round = 0; round < 3; round++) {
        expect(() => encoder.encode(codec as Codec<unknown>, value)).toThrow(mine);
        expect(encoder.encode(pairs, new Map([["a", 1]]))).toEqual(expected);
      }
    },
  );

  test("passes on what is no error at all", () => {
    const value = {
      x: 1,
      get y(): number {
        throw undefined;
      },
    };
    const encoder = new Encoder();
    let thrown: unknown = "nothing";
    try {
      encoder.encode(point, value);
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toBe(undefined);
    expect(encoder.encode(t.u8, 3)).toEqual(Uint8Array.of(3));
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
