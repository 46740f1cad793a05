import { deepStrictEqual } from "node:assert/strict";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { CodecError } from "../errors.ts";
import type { AnyCodec, Codec } from "./codec.ts";
import { decode, encode } from "./message.ts";
import { t } from "./t.ts";

/** A type: its codec, and the values that it has. */
interface Shape {
  readonly codec: Codec<unknown>;
  readonly values: fc.Arbitrary<unknown>;
}

const text = fc.string({ unit: "binary" });
const scalarValue = fc
  .integer({ min: 0, max: 0x10ffff })
  .filter((codePoint) => codePoint < 0xd800 || codePoint > 0xdfff)
  .map((codePoint) => String.fromCodePoint(codePoint));
const names = fc.constantFrom("a", "b", "x y", "é", "length", "constructor", "toString", "type");

const keys: Shape[] = [
  shape(t.bool, fc.boolean()),
  shape(t.u8, fc.integer({ min: 0, max: 0xff })),
  shape(t.i32, fc.integer({ min: -0x8000_0000, max: 0x7fff_ffff })),
  shape(t.u64, fc.bigInt({ min: 0n, max: 2n ** 64n - 1n })),
  shape(t.i128, fc.bigInt({ min: -(2n ** 127n), max: 2n ** 127n - 1n })),
  shape(t.char, scalarValue),
  shape(t.string, text),
];

interface List {
  head: number;
  tail: List | null;
}
const list: Codec<List> = t.struct({ head: t.i16, tail: t.option(t.lazy(() => list)) });

const leaves: Shape[] = [
  ...keys,
  shape(t.unit, fc.constant(undefined)),
  shape(
    list,
    fc
      .array(fc.integer({ min: -0x8000, max: 0x7fff }), { minLength: 1 })
      .map((heads) => heads.reduceRight<List | null>((tail, head) => ({ head, tail }), null)),
  ),
  shape(t.u16, fc.integer({ min: 0, max: 0xffff })),
  shape(t.u32, fc.integer({ min: 0, max: 0xffff_ffff })),
  shape(t.u128, fc.bigInt({ min: 0n, max: 2n ** 128n - 1n })),
  shape(t.i8, fc.integer({ min: -0x80, max: 0x7f })),
  shape(t.i16, fc.integer({ min: -0x8000, max: 0x7fff })),
  shape(t.i64, fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n })),
  shape(t.f32, fc.float()),
  shape(t.f64, fc.double()),
  shape(t.bytes, fc.uint8Array()),
  shape(t.fixedBytes(3), fc.uint8Array({ minLength: 3, maxLength: 3 })),
  shape(t.i16Array, fc.int16Array()),
  shape(t.u64Array, fc.bigUint64Array()),
  shape(t.f32Array, fc.float32Array()),
  shape(t.f64Array, fc.float64Array()),
  shape(t.vec(t.f64), fc.array(fc.double(), { maxLength: 50 })),
  shape(
    t.duration,
    fc.record(
      {
        seconds: fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
        nanoseconds: fc.integer({ min: 0, max: 999_999_999 }),
      },
      { noNullPrototype: true },
    ),
  ),
];

const { shapes } = fc.letrec<{ shapes: Shape }>((tie) => {
  const inner = tie("shapes");
  const members = fc.uniqueArray(fc.tuple(names, inner), {
    selector: ([name]) => name,
    maxLength: 4,
  });
  return {
    shapes: fc.oneof(
      { maxDepth: 4, withCrossShrink: true },
      fc.constantFrom(...leaves),
      inner.map(optionOf),
      inner.map(({ codec, values }) => shape(t.vec(codec), fc.array(values, { maxLength: 4 }))),
      fc
        .tuple(inner, fc.nat(3))
        .map(([{ codec, values }, length]) =>
          shape(t.array(codec, length), fc.array(values, { minLength: length, maxLength: length })),
        ),
      fc
        .array(inner, { maxLength: 4 })
        .map((parts) =>
          shape(
            t.tuple(...parts.map(({ codec }) => codec)),
            fc.tuple(...parts.map((part) => part.values)),
          ),
        ),
      fc.constantFrom(...keys).map(({ codec, values }) =>
        shape(
          t.set(codec),
          fc.uniqueArray(values, { maxLength: 4 }).map((items) => new Set(items)),
        ),
      ),
      fc.tuple(fc.constantFrom(...keys), inner).map(([key, value]) => mapOf(key, value)),
      members.map((fields) => structOf(fields)),
      members.filter((variants) => variants.length > 0).map((variants) => enumerationOf(variants)),
      fc.tuple(inner, inner).map(([value, error]) => resultOf(value, error)),
    ),
  };
});

const cases = shapes.chain(({ codec, values }) => values.map((value) => ({ codec, value })));

/** Bytes with many small numbers, so that lengths and tags among them are often right. */
const noise = fc
  .array(fc.oneof(fc.constant(0), fc.constant(0), fc.nat(3), fc.nat(255)), { maxLength: 60 })
  .map((bytes) => Uint8Array.from(bytes));

describe("for every type", () => {
  test("a value comes back as it was", () => {
    check(cases, ({ codec, value }) => {
      deepStrictEqual(decode(codec, encode(codec, value)), value);
    });
  });

  test("a value comes back as it was from owned bytes and after other bytes", () => {
    check(cases, ({ codec, value }) => {
      const both = t.tuple(t.u8, codec);
      deepStrictEqual(decode(both, encode(both, [1, value]), {}, { owned: true }), [1, value]);
    });
  });

  test("bytes that end early raise a CodecError, wherever they end", () => {
    check(cases, ({ codec, value }) => {
      const bytes = encode(codec, value);
      for (let end = 0; end < bytes.length; end++) {
        expect(() => decode(codec, bytes.slice(0, end))).toThrow(CodecError);
      }
    });
  });

  test("random bytes are a value, which can be encoded again, or raise a CodecError", () => {
    check(fc.tuple(shapes, noise), ([{ codec }, bytes]) => {
      const decoded = decodeOrRefuse(codec, bytes);
      if (decoded === undefined) return;
      deepStrictEqual(decode(codec, encode(codec, decoded.value)), decoded.value);
    });
  });

  test("one wrong byte makes another value or raises a CodecError", () => {
    check(fc.tuple(cases, fc.nat(), fc.nat(255)), ([{ codec, value }, at, byte]) => {
      const bytes = encode(codec, value);
      if (bytes.length === 0) return;
      bytes[at % bytes.length] = byte;
      decodeOrRefuse(codec, bytes);
    });
  });

  test("a value that fails at any read raises a CodecError that says where", () => {
    check(fc.tuple(cases, fc.nat(12), fc.boolean()), ([{ codec, value }, reads, isRevoked]) => {
      const hostile = failingAt(value, reads, isRevoked);
      try {
        encode(codec, hostile.value);
        expect(hostile.hasFailed()).toBe(false);
      } catch (error) {
        expect(error).toBeInstanceOf(CodecError);
        expect((error as CodecError).message).toMatch(/^Cannot encode \$.*: cannot be read \(/s);
        expect((error as CodecError).cause).toBeInstanceOf(Error);
      }
    });
  });

  test("any value at all is encoded or raises a CodecError", () => {
    const anything = fc.anything({
      withMap: true,
      withSet: true,
      withTypedArray: true,
      withBigInt: true,
    });
    check(fc.tuple(shapes, anything), ([{ codec }, value]) => {
      try {
        encode(codec, value);
      } catch (error) {
        expect(error).toBeInstanceOf(CodecError);
      }
    });
  });
});

function check<T>(arbitrary: fc.Arbitrary<T>, property: (value: T) => void): void {
  fc.assert(fc.property(arbitrary, property), { numRuns: 500 });
}

function decodeOrRefuse(codec: Codec<unknown>, bytes: Uint8Array): { value: unknown } | undefined {
  try {
    return { value: decode(codec, bytes) };
  } catch (error) {
    expect(error).toBeInstanceOf(CodecError);
    return undefined;
  }
}

function shape(codec: AnyCodec, values: fc.Arbitrary<unknown>): Shape {
  return { codec: codec as Codec<unknown>, values };
}

/**
 * The value, with each object and list in it a proxy: after so many reads of them all, the next one
 * throws, or revokes its proxy first, for which the engine throws.
 */
function failingAt(whole: unknown, reads: number, isRevoked: boolean) {
  let left = reads;
  const wrap = (value: unknown): unknown => {
    if (value instanceof Map) return new Map(Array.from(value, ([k, v]) => [k, wrap(v)]));
    if (typeof value !== "object" || value === null || ArrayBuffer.isView(value)) return value;
    if (value instanceof Set) return value;
    const { proxy, revoke } = Proxy.revocable(value, {
      get: (target, name): unknown => {
        if (left-- > 0) return wrap(Reflect.get(target, name));
        if (!isRevoked) throw new Error("read too often");
        revoke();
        return Reflect.get(proxy, name);
      },
    });
    return proxy;
  };
  return { value: wrap(whole), hasFailed: () => left < 0 };
}

function optionOf({ codec, values }: Shape): Shape {
  const some = codec.nullable ? values.map((value) => ({ some: value })) : values;
  return shape(t.option(codec), fc.oneof(fc.constant(null), some));
}

function mapOf(key: Shape, value: Shape): Shape {
  const entries = fc.uniqueArray(fc.tuple(key.values, value.values), {
    selector: ([first]) => first,
    maxLength: 4,
  });
  return shape(
    t.map(key.codec, value.codec),
    entries.map((pairs) => new Map(pairs)),
  );
}

function resultOf(value: Shape, error: Shape): Shape {
  const outcomes = fc.oneof(
    value.values.map((content) => ({ ok: true, value: content })),
    error.values.map((content) => ({ ok: false, error: content })),
  );
  return shape(t.result(value.codec, error.codec), outcomes);
}

function structOf(fields: readonly [string, Shape][]): Shape {
  const codecs = Object.fromEntries(fields.map(([name, { codec }]) => [name, codec]));
  const values = Object.fromEntries(fields.map(([name, field]) => [name, field.values]));
  return shape(t.struct(codecs), fc.record(values, { noNullPrototype: true }));
}

function enumerationOf(variants: readonly [string, Shape][]): Shape {
  const codecs = Object.fromEntries(variants.map(([name, { codec }]) => [name, codec]));
  const values = variants.map(([type, { codec, values }]) =>
    values.map((value) => (codec === t.unit ? { type } : { type, value })),
  );
  return shape(t.enum(codecs), fc.oneof(...values));
}
