import { describe, expect, test } from "vitest";
import { CodecError } from "../errors.ts";
import type { AnyCodec, Codec } from "./codec.ts";
import { decode, Encoder, encode } from "./message.ts";
import { t } from "./t.ts";

interface Tree {
  children: Tree[];
}
const tree: Codec<Tree> = t.struct({ children: t.vec(t.lazy(() => tree)) });

/** `levels` nodes within each other; each nests two values, the struct and its vec. */
function nest(levels: number): Tree {
  return levels === 1 ? { children: [] } : { children: [nest(levels - 1)] };
}

describe("limits.valueDepth", () => {
  test("lets N nested values through both ways, and stops the next", () => {
    const bytes = encode(tree, nest(5), { valueDepth: 10 });
    expect(decode(tree, bytes, { valueDepth: 10 })).toEqual(nest(5));
    expect(() => encode(tree, nest(5), { valueDepth: 9 })).toThrow(CodecError);
    expect(() => decode(tree, bytes, { valueDepth: 9 })).toThrow(
      `Cannot decode $.children[0].children[0].children[0].children[0].children: more than 9 levels of nesting (limits.valueDepth)`,
    );
  });

  test("is 128 by default", () => {
    expect(decode(tree, encode(tree, nest(64)))).toEqual(nest(64));
    expect(() => encode(tree, nest(65))).toThrow(
      "more than 128 levels of nesting (limits.valueDepth)",
    );
    const bytes = encode(tree, nest(65), { valueDepth: 130 });
    expect(() => decode(tree, bytes)).toThrow(
      "more than 128 levels of nesting (limits.valueDepth)",
    );
  });

  test("ends the encoding of a value that contains itself", () => {
    const loop: Tree = { children: [] };
    loop.children.push(loop);
    expect(() => encode(tree, loop)).toThrow(CodecError);
  });

  test("counts every kind of value around another", () => {
    const around = (inner: Codec<number>): Codec<never>[] =>
      [
        t.option(inner),
        t.vec(inner),
        t.array(inner, 1),
        t.tuple(inner),
        t.map(t.u8, inner),
        t.set(inner),
        t.struct({ inner }),
        t.enum({ inner }),
        t.result(inner, inner),
      ] as never;
    const values = [1, [1], [1], [1], new Map([[1, 1]]), new Set([1]), { inner: 1 }];
    values.push({ type: "inner", value: 1 } as never, { ok: true, value: 1 } as never);
    for (const [index, codec] of around(t.u8).entries()) {
      const value = values[index] as never;
      const bytes = encode(codec, value, { valueDepth: 1 });
      expect(decode(codec, bytes, { valueDepth: 1 })).toEqual(value);
      expect(() => encode(codec, value, { valueDepth: 0 })).toThrow("limits.valueDepth");
      expect(() => decode(codec, bytes, { valueDepth: 0 })).toThrow("limits.valueDepth");
    }
  });

  test("bounds a recursion without a struct in it", () => {
    type Endless = { some: Endless } | null;
    const endless = t.lazy((): Codec<Endless> => t.option(endless) as Codec<Endless>);
    expect(decode(endless, Uint8Array.of(1, 1, 0))).toEqual({ some: { some: null } });
    expect(() => decode(endless, new Uint8Array(1000).fill(1))).toThrow("limits.valueDepth");
  });
});

describe("limits.messageBytes", () => {
  const cases: [string, AnyCodec, unknown][] = [
    ["a string in ASCII", t.string, "x".repeat(92)],
    ["a string of wide characters", t.string, `${"日".repeat(30)}xx`],
    ["a short string", t.tuple(t.fixedBytes(72), t.string), [new Uint8Array(72), "é".repeat(10)]],
    ["bytes", t.bytes, new Uint8Array(92)],
    ["a list of numbers", t.tuple(t.u32, t.vec(t.f64)), [1, Array.from({ length: 11 }).fill(1)]],
    ["scalars", t.array(t.u8, 100), Array.from({ length: 100 }).fill(1)],
  ];
  test.each(cases)(
    "lets N bytes through both ways, and stops the next: %s",
    (_name, anyCodec, value) => {
      const codec = anyCodec as Codec<unknown>;
      const bytes = encode(codec, value, { messageBytes: 100 });
      expect(bytes).toHaveLength(100);
      expect(decode(codec, bytes, { messageBytes: 100 })).toEqual(value);
      expect(() => encode(codec, value, { messageBytes: 99 })).toThrow(
        /^Cannot encode \$\S*: message of at least .* bytes, limit 99 bytes \(limits.messageBytes\)$/,
      );
      expect(() => decode(codec, bytes, { messageBytes: 99 })).toThrow(
        `Cannot decode $: message of 100 bytes, limit 99 bytes (limits.messageBytes)`,
      );
    },
  );

  test("holds for messages beyond the scratch buffer", () => {
    const value = new Uint8Array(100_000 - 8);
    expect(encode(t.bytes, value, { messageBytes: 100_000 })).toHaveLength(100_000);
    expect(() => encode(t.bytes, value, { messageBytes: 99_999 })).toThrow(CodecError);
  });

  test("stops a sparse array of 2^32 - 1 items at once", () => {
    const sparse: number[] = [];
    sparse.length = 2 ** 32 - 1;
    expect(() => encode(t.vec(t.f64), sparse)).toThrow("limits.messageBytes");
  });
});

describe("lengths that cannot be", () => {
  const length = (value: bigint) => encode(t.u64, value);
  test.each([
    ["vec", t.vec(t.f64)],
    ["vec of what may take one byte", t.vec(t.option(t.string))],
    ["vec of recursive values", t.vec(tree)],
    ["string", t.string],
    ["bytes", t.bytes],
    ["typed array", t.f64Array],
    ["map", t.map(t.u8, t.unit)],
    ["set", t.set(t.u8)],
  ] as [string, Codec<unknown>][])(
    "are refused before anything is made of them: %s",
    (_name, codec) => {
      for (const value of [2n ** 20n, 2n ** 32n, 2n ** 53n, 2n ** 63n, 2n ** 64n - 1n]) {
        expect(() => decode(codec, length(value))).toThrow(`length ${Number(value)}`);
      }
    },
  );

  test("of fixed arrays count too", () => {
    const vast = t.array(t.array(t.u32, 2 ** 20), 2 ** 20);
    expect(() => decode(vast, new Uint8Array(100))).toThrow("length 1048576");
  });

  test("of items add up over a message to limits.messageItems, also where items take no bytes", () => {
    const units = t.vec(t.vec(t.unit));
    const bytes = (...lengths: bigint[]) => encode(t.vec(t.u64), lengths);
    const limits = { messageItems: 1000 };
    expect(decode(units, bytes(500n, 498n), limits)).toHaveLength(2);
    expect(() => decode(units, bytes(500n, 499n), limits)).toThrow(
      "Cannot decode $[1]: message of 1,001 items, limit 1,000 (limits.messageItems)",
    );
    expect(() => decode(t.vec(t.array(t.unit, 500)), length(2n), limits)).toThrow("1,002 items");
    expect(() => decode(t.map(t.unit, t.unit), length(251n), limits)).toThrow("1,004 items");
    expect(() => decode(t.set(t.unit), length(334n), limits)).toThrow("1,002 items");
    expect(() => decode(t.vec(t.unit), length(2n ** 64n - 1n))).toThrow(
      "18,446,744,073,709,552,000 items",
    );
    expect(decode(t.vec(t.u8), encode(t.bytes, new Uint8Array(4000)), limits)).toHaveLength(4000);
    expect(() => decode(t.vec(t.u8), encode(t.bytes, new Uint8Array(4001)), limits)).toThrow(
      "1,001 items",
    );
  });

  test("of bytes, typed arrays and short texts are of no items", () => {
    const limits = { messageItems: 0 };
    const elements = encode(t.f64Array, new Float64Array(100));
    expect(decode(t.f64Array, elements, limits)).toHaveLength(100);
    expect(decode(t.bytes, elements, limits)).toHaveLength(100);
    expect(decode(t.string, encode(t.string, "x".repeat(12)), limits)).toHaveLength(12);
  });
});

describe("the bytes of a message", () => {
  test("start at byte 0 of a buffer of their own, whatever their number", () => {
    const encoder = new Encoder();
    for (const size of [
      0, 10, 1000, 1015, 1016, 1017, 60_000, 65_528, 65_529, 100_000, 1_000_000,
    ]) {
      const source = new Uint8Array(size).fill(7);
      const first = encoder.encode(t.bytes, source);
      const second = encoder.encode(t.bytes, source);
      expect(first.byteOffset).toBe(0);
      expect(first).toHaveLength(size + 8);
      expect(first.buffer).not.toBe(second.buffer);
      expect(first.buffer.byteLength).toBeLessThanOrEqual(2 * first.length + 1024);
      structuredClone(first, { transfer: [first.buffer] });
      expect(second.subarray(8).every((byte) => byte === 7)).toBe(true);
      expect(encoder.encode(t.u8, 1)).toEqual(Uint8Array.of(1));
    }
  });

  test("are allocated once and copied once for one large array", () => {
    const made: number[] = [];
    const Original = globalThis.Uint8Array;
    const value = new Float64Array(1024 * 1024);
    const encoder = new Encoder();
    globalThis.Uint8Array = new Proxy(Original, {
      construct(target, args: [number]) {
        if (typeof args[0] === "number") made.push(args[0]);
        return Reflect.construct(target, args) as object;
      },
    });
    try {
      encoder.encode(t.tuple(t.f64Array, t.string), [value, "what follows"]);
    } finally {
      globalThis.Uint8Array = Original;
    }
    expect(made).toHaveLength(1);
  });

  test("stay right when a value encodes with the same encoder while it is encoded", () => {
    const encoder = new Encoder();
    const inner: Uint8Array[] = [];
    const value = {
      a: 1,
      get b() {
        inner.push(encoder.encode(t.string, "inner"));
        return 2;
      },
    };
    const bytes = encoder.encode(t.struct({ a: t.u8, b: t.u8 }), value);
    expect(bytes).toEqual(Uint8Array.of(1, 2));
    expect(decode(t.string, inner[0] as Uint8Array)).toBe("inner");
  });

  test("are not touched by a failure before them", () => {
    const encoder = new Encoder();
    expect(() => encoder.encode(t.vec(t.u8), [1, 2, 300])).toThrow(CodecError);
    expect(() => encoder.encode(t.tuple(t.bytes, t.u8), [new Uint8Array(1e6), -1])).toThrow(
      CodecError,
    );
    expect(encoder.encode(t.vec(t.u8), [1])).toEqual(Uint8Array.of(1, 0, 0, 0, 0, 0, 0, 0, 1));
  });
});

describe("decoding", () => {
  const numbers = Float64Array.of(1, 2, 3, 4);
  const many = Float64Array.from({ length: 9 }, (_, index) => index / 3);

  test("copies by default", () => {
    const bytes = encode(t.f64Array, numbers);
    const value = decode(t.f64Array, bytes);
    expect(value.buffer).not.toBe(bytes.buffer);
    expect(value.buffer.byteLength).toBe(32);
    bytes.fill(0);
    expect(value).toEqual(numbers);
  });

  test("makes views of owned bytes where these are most of their buffer", () => {
    const bytes = encode(t.f64Array, many).slice();
    expect(decode(t.f64Array, bytes, {}, { owned: true }).buffer).toBe(bytes.buffer);
    const raw = encode(t.bytes, new Uint8Array(65)).slice();
    expect(decode(t.bytes, raw, {}, { owned: true }).buffer).toBe(raw.buffer);
  });

  test("copies 64 owned bytes, which takes less time than a view", () => {
    const bytes = encode(t.f64Array, many.subarray(1)).slice();
    const value = decode(t.f64Array, bytes, {}, { owned: true });
    expect(value).toEqual(many.subarray(1));
    expect(value.buffer).not.toBe(bytes.buffer);
  });

  test("copies owned bytes that are less than half of their buffer", () => {
    const part = new Uint8Array(200);
    part.set(encode(t.f64Array, many));
    expect(decode(t.f64Array, part, {}, { owned: true }).buffer).not.toBe(part.buffer);
  });

  test("copies owned numbers that are not aligned", () => {
    const codec = t.tuple(t.u8, t.f64Array);
    const bytes = encode(codec, [1, many]).slice();
    const [, value] = decode(codec, bytes, {}, { owned: true });
    expect(value).toEqual(many);
    expect(value.buffer).not.toBe(bytes.buffer);
  });

  test("reads numbers wherever they lie, into typed arrays and lists", () => {
    const list = Array.from({ length: 100 }, (_, index) => index / 3);
    for (const shift of [0, 1, 2, 3, 4, 5, 6, 7, 8]) {
      const bytes = new Uint8Array(900);
      bytes.set(encode(t.vec(t.f64), list), shift);
      expect(decode(t.vec(t.f64), bytes.subarray(shift))).toEqual(list);
      expect(decode(t.f64Array, bytes.subarray(shift))).toEqual(Float64Array.from(list));
    }
  });
});
