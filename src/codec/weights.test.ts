import { describe, expect, test } from "vitest";
import type { AnyCodec, Codec } from "./codec.ts";
import { decode, encode } from "./message.ts";
import { t } from "./t.ts";

interface Tree {
  left: Tree | null;
  right: Tree | null;
}
const tree: Codec<Tree> = t.struct({
  left: t.option(t.lazy(() => tree)),
  right: t.option(t.lazy(() => tree)),
});

/** A tree of 2^levels - 1 nodes. */
function grow(levels: number): Tree {
  return levels === 1
    ? { left: null, right: null }
    : { left: grow(levels - 1), right: grow(levels - 1) };
}

const FIELDS = Array.from({ length: 65 }, (_, index) => `field${index}`);
const structOf = (count: number) =>
  t.struct(Object.fromEntries(FIELDS.slice(0, count).map((name) => [name, t.u8])));
const recordOf = (count: number) =>
  Object.fromEntries(FIELDS.slice(0, count).map((name) => [name, 1]));
const quit = t.enum({ Quit: t.unit, Resize: t.u8 });

describe("limits.messageItems", () => {
  const cases: [string, AnyCodec, unknown, number][] = [
    ["a number", t.f64, 1, 1 / 4],
    ["a bool", t.bool, true, 1 / 2],
    ["a bigint", t.u64, 1n, 1],
    ["a long bigint", t.u128, 1n, 1],
    ["nothing at all", t.unit, undefined, 1],
    ["an option without a value", t.option(t.bytes), null, 1 / 2],
    ["an option with one", t.option(t.bytes), Uint8Array.of(1), 8.5],
    ["an option in an option", t.option(t.option(t.u8)), { some: 1 }, 2.5],
    ["a character in ASCII", t.char, "a", 1 / 2],
    ["another character", t.char, "é", 1.5 + 2 / 64],
    ["a short text", t.string, "a".repeat(24), 1],
    ["a longer text", t.string, "a".repeat(64), 3],
    ["a text of 1 KiB", t.string, "é".repeat(512), 18],
    ["bytes", t.bytes, new Uint8Array(1000), 8],
    ["a fixed number of bytes", t.fixedBytes(4), new Uint8Array(4), 8],
    ["a typed array", t.f64Array, new Float64Array(2), 8],
    ["a list of four numbers", t.vec(t.u8), [1, 2, 3, 4], 2],
    ["an array of four numbers", t.array(t.u8, 4), [1, 2, 3, 4], 2],
    ["an empty map", t.map(t.u8, t.u8), new Map(), 2],
    ["a map of one entry", t.map(t.u64, t.bytes), new Map([[1n, new Uint8Array()]]), 13],
    ["a set of two items", t.set(t.u64), new Set([1n, 2n]), 8],
    ["a tuple of one number", t.tuple(t.u8), [1], 1],
    ["a tuple of two bigints", t.tuple(t.u64, t.u64), [1n, 2n], 2],
    ["a struct without a field", structOf(0), {}, 1],
    ["a struct of 4 numbers", structOf(4), recordOf(4), 2],
    ["a struct of 64 numbers", structOf(64), recordOf(64), 32],
    ["a struct of 65 numbers", structOf(65), recordOf(65), 65],
    ["a variant without a value", quit, { type: "Quit" }, 1],
    ["a variant with one", quit, { type: "Resize", value: 1 }, 1.5],
    ["a result", t.result(t.bytes, t.unit), { ok: true, value: new Uint8Array() }, 9],
    ["an error", t.result(t.bytes, t.unit), { ok: false, error: undefined }, 2],
    ["a span of time", t.duration, { seconds: 1n, nanoseconds: 1 }, 1.5],
    ["a recursive value", t.lazy(() => tree), grow(3), 7],
  ];
  test.each(cases)(
    "lets N items through and stops the next: %s",
    (_name, anyCodec, value, weight) => {
      const codec = t.vec(anyCodec as Codec<unknown>);
      const limits = { messageItems: 64 * weight };
      const bytes = (count: number) =>
        encode(
          codec,
          Array.from({ length: count }, () => value),
        );
      expect(decode(codec, bytes(64), limits)).toHaveLength(64);
      expect(() => decode(codec, bytes(65), limits)).toThrow("(limits.messageItems)");
    },
  );

  test("counts every node of a tree, though no length says how many there are", () => {
    const bytes = encode(tree, grow(9));
    expect(decode(tree, bytes, { messageItems: 510 })).toEqual(grow(9));
    expect(() => decode(tree, bytes, { messageItems: 509 })).toThrow(
      "message of 510 items, limit 509 (limits.messageItems)",
    );
  });

  test("lets a text of almost 16 MiB through by default, and a list of 1,048,576 numbers", () => {
    const most = 16 * 1024 * 1024 - 64;
    expect(decode(t.string, encode(t.string, "x".repeat(most)))).toHaveLength(most);
    expect(() => decode(t.string, encode(t.string, "x".repeat(most + 1)))).toThrow(
      "Cannot decode $: message of 262,145 items",
    );
    const numbers = encode(t.f64Array, new Float64Array(1_048_576));
    expect(decode(t.vec(t.f64), numbers)).toHaveLength(1_048_576);
    const bigints = encode(t.u64Array, new BigUint64Array(262_145));
    expect(() => decode(t.vec(t.u64), bigints)).toThrow("message of 262,145 items");
  });
});
