import { describe, expect, test } from "vitest";
import { CodecError } from "../errors.ts";
import type { AnyCodec, Codec } from "./codec.ts";
import { Decoder, Encoder, encode } from "./message.ts";
import { t } from "./t.ts";

const text = t.tuple(t.string, t.u32);

const values: [name: string, codec: AnyCodec, value: unknown][] = [
  ["nothing", t.unit, undefined],
  ["numbers", t.tuple(t.u32, t.f64), [1, 2.5]],
  ["a short text", text, ["abc", 1]],
  ["a text that is not ASCII", text, ["é".repeat(40), 1]],
  ["a long text", text, ["x".repeat(5000), 1]],
  ["a typed array", t.f64Array, Float64Array.of(1, 2, 3)],
  ["100 KB", t.bytes, new Uint8Array(1e5).fill(7)],
];

describe.each([
  ["memory of its own", (length: number) => new ArrayBuffer(length)],
  ["shared memory", (length: number) => new SharedArrayBuffer(length)],
])("encoding into a view of %s", (_memory, make) => {
  test.each(values)("writes the bytes of %s at an offset", (_name, anyCodec, value) => {
    const codec = anyCodec as Codec<unknown>;
    const bytes = encode(codec, value);
    const target = new Uint8Array(make(bytes.length + 15), 3, bytes.length + 9).fill(0xee);
    expect(new Encoder().encodeInto(codec, value, target, 5)).toBe(bytes.length);
    expect(Array.from(target)).toEqual([
      ...new Uint8Array(5).fill(0xee),
      ...bytes,
      ...new Uint8Array(4).fill(0xee),
    ]);
  });

  test.each(values)("returns the bytes where they do not fit: %s", (_name, anyCodec, value) => {
    const codec = anyCodec as Codec<unknown>;
    const bytes = encode(codec, value);
    const target = new Uint8Array(make(bytes.length + 4)).fill(0xee);
    const encoder = new Encoder();
    const offset = 5;
    expect(encoder.encodeInto(codec, value, target, offset)).toEqual(bytes);
    expect(new Set(target)).toEqual(new Set([0xee]));
    expect(encoder.encodeInto(codec, value, target)).toBe(bytes.length);
  });

  test.each(values)("%s is decoded from there", (_name, anyCodec, value) => {
    const codec = anyCodec as Codec<unknown>;
    const bytes = encode(codec, value);
    const source = new Uint8Array(make(bytes.length + 3)).subarray(3);
    source.set(bytes);
    const decoder = new Decoder();
    expect(decoder.decode(codec, source)).toEqual(value);
    const owned = decoder.decode(codec, source, { owned: true });
    expect(owned).toEqual(value);
    if (ArrayBuffer.isView(owned)) expect(owned.buffer).toBeInstanceOf(ArrayBuffer);
  });
});

test.each([1000, 3000, 5000])("%s decoded bytes of shared memory are the caller's", (length) => {
  const decoder = new Decoder();
  const source = new Uint8Array(new SharedArrayBuffer(length + 8));
  const [first, second] = [new Uint8Array(length).fill(1), new Uint8Array(length).fill(2)];
  for (const owned of [true, false]) {
    source.set(encode(t.bytes, first));
    const decoded = decoder.decode(t.bytes, source, { owned });
    source.set(encode(t.bytes, second));
    decoder.decode(t.bytes, source, { owned });
    expect(decoded).toEqual(first);
  }
});

test("encoding into a view refuses wrong values, and writes nothing", () => {
  const target = new Uint8Array(100).fill(0xee);
  const encoder = new Encoder();
  expect(() => encoder.encodeInto(text, ["a", -1], target)).toThrow(CodecError);
  expect(new Set(target)).toEqual(new Set([0xee]));
});

test("a value that encodes another into the same view meanwhile is written whole", () => {
  const target = new Uint8Array(100);
  const encoder = new Encoder();
  const value = {
    get x(): string {
      encoder.encodeInto(t.string, "inner", target);
      return "outer";
    },
  };
  expect(encoder.encodeInto(t.struct({ x: t.string }), value, target)).toBe(13);
  expect(new Decoder().decode(t.string, target)).toBe("outer");
});

test("a lazy codec whose function decodes does not disturb the message around it", () => {
  const decoder = new Decoder();
  const inner = encode(t.u8, 7);
  const codec = t.tuple(
    t.u8,
    t.lazy(() => {
      expect(decoder.decode(t.u8, inner)).toBe(7);
      return t.u8;
    }),
    t.u8,
  );
  expect(decoder.decode(codec, Uint8Array.of(1, 2, 3))).toEqual([1, 2, 3]);
});

test("a decoder reads each message by itself, whatever came before", () => {
  const decoder = new Decoder({ messageItems: 10, valueDepth: 1 });
  const list = t.vec(t.vec(t.bool));
  for (let round = 0; round < 3; round++) {
    expect(decoder.decode(t.vec(t.bool), encode(t.vec(t.bool), [true, false]))).toHaveLength(2);
    expect(() => decoder.decode(list, encode(list, [[true]]))).toThrow("limits.valueDepth");
    expect(() => decoder.decode(t.u32, new Uint8Array(3))).toThrow("3 bytes left");
    const many = encode(t.vec(t.string), Array.from({ length: 9 }, String));
    expect(decoder.decode(t.vec(t.string), many)).toHaveLength(9);
  }
});
