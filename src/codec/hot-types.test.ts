/** Types that are used so often that they get functions of their own. */

import { beforeEach, describe, expect, test, vi } from "vitest";
import type { AnyCodec, Codec } from "./codec.ts";
import { Decoder, decode, Encoder, encode } from "./message.ts";
import { t } from "./t.ts";

const USES = 1100;

const point = t.struct({ x: t.f64, y: t.f64 });
interface Tree {
  label: string;
  children: Tree[];
}
const tree: Codec<Tree> = t.struct({ label: t.string, children: t.vec(t.lazy(() => tree)) });

const types: [name: string, codec: AnyCodec, value: unknown, wrong: unknown][] = [
  ["a struct", point, { x: 1, y: 2 }, { x: 1, y: "a" }],
  ["a tuple", t.tuple(t.u8, t.string), [1, "a"], [1, 2]],
  ["a struct of none", t.struct({}), {}, null],
  ["a list", t.vec(t.string), ["a", "b", ""], ["a", "b", 1]],
  ["an array", t.array(t.bool, 2), [true, false], [true, 1]],
  ["a list of structs", t.vec(point), [{ x: 1, y: 2 }], [{ x: 1, y: 2 }, { x: 1 }]],
  [
    "a recursive type",
    tree,
    { label: "a", children: [{ label: "b", children: [] }] },
    { label: "a", children: [{ label: "b", children: [{ label: 1, children: [] }] }] },
  ],
  ["a struct of many", manyFields(80), manyValues(80, 1), { ...manyValues(80, 1), field79: "a" }],
];

describe("a type that is used often", () => {
  test.each(types)(
    "has the same bytes and errors as before: %s",
    (_name, anyCodec, value, wrong) => {
      const codec = anyCodec as Codec<unknown>;
      const [encoder, decoder] = [new Encoder(), new Decoder()];
      const bytes = encoder.encode(codec, value);
      const errors = () => [
        thrown(() => encoder.encode(codec, wrong)),
        ...Array.from(bytes, (_, end) => thrown(() => decoder.decode(codec, bytes.slice(0, end)))),
        thrown(() => encode(codec, value, { valueDepth: 0 })),
        thrown(() => decode(codec, bytes, { valueDepth: 0 })),
      ];
      const before = errors();
      expect(before[0]).toBeInstanceOf(Error);
      for (let use = 0; use < USES; use++) {
        expect(decoder.decode(codec, encoder.encode(codec, value))).toEqual(value);
      }
      expect(encoder.encode(codec, value)).toEqual(bytes);
      expect(errors()).toEqual(before);
    },
  );

  test("stays right when no functions are left", () => {
    const [encoder, decoder] = [new Encoder(), new Decoder()];
    for (let type = 0; type < 40; type++) {
      const codec = t.vec(manyFields(5));
      const values = Array.from({ length: USES }, (_, index) => manyValues(5, index));
      const bytes = encoder.encode(codec, values);
      expect(encoder.encode(codec, values)).toEqual(bytes);
      expect(decoder.decode(codec, bytes)).toEqual(values);
      expect(decoder.decode(codec, bytes)).toEqual(values);
    }
  });
});

describe("the functions for fields and items", () => {
  // Others in this thread may have used them up.
  beforeEach(() => {
    vi.resetModules();
  });

  test("are given out once, and not in part", async () => {
    const { specializedReader } = await import("./field-copies.ts");
    const fields = (length: number) =>
      Array.from({ length }, (_, step) => ({ step, codec: t.u8 as Codec<unknown> }));
    expect(specializedReader(fields(60))).toBeTypeOf("function");
    expect(specializedReader(fields(5))).toBe(undefined);
    expect(specializedReader(fields(4))).toBeTypeOf("function");
    expect(specializedReader(fields(1))).toBe(undefined);
  });

  test("are copies of one text", async () => {
    const { Copies } = await import("./copies.ts");
    const taken: unknown[][] = [];
    vi.spyOn(Copies.prototype, "take").mockImplementation(function (this: { all: unknown[] }) {
      taken.push(this.all);
      return undefined;
    });
    const fields = await import("./field-copies.ts");
    const items = await import("./item-copies.ts");
    fields.specializedReader([]);
    fields.specializedWriter([]);
    items.specializedItemReader(t.u8 as Codec<unknown>);
    items.specializedItemWriter(t.u8 as Codec<unknown>);
    expect(taken.map((copies) => copies.length)).toEqual([64, 64, 24, 24]);
    for (const copies of taken) expect(new Set(copies.map(String)).size).toBe(1);
  });
});

function manyFields(count: number): Codec<unknown> {
  const names = Array.from({ length: count }, (_, index) => `field${index}`);
  return t.struct(Object.fromEntries(names.map((name) => [name, t.u16]))) as Codec<unknown>;
}

function manyValues(count: number, value: number): object {
  return Object.fromEntries(Array.from({ length: count }, (_, index) => [`field${index}`, value]));
}

function thrown(run: () => unknown): unknown {
  try {
    return run();
  } catch (error) {
    return error;
  }
}
