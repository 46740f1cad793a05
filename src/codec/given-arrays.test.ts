import { runInNewContext } from "node:vm";
import { describe, expect, test } from "vitest";
import type { BufferPool } from "./buffer-pool.ts";
import { encodeInPlace, giveUp } from "./given-arrays.ts";
import { Decoder, decode, Encoder, encode } from "./message.ts";
import { t } from "./t.ts";
import type { TypedArray, TypedArrayConstructor } from "./typed-array.ts";

const FLOATS = t.f64Array.array as TypedArrayConstructor<TypedArray>;

const numbers = (length: number) => Float64Array.from({ length }, (_, index) => index + 0.5);

/** A result as a worker's reply brings it: a view of its message. */
function result(length: number): Float64Array<ArrayBuffer> {
  const bytes = encode(t.f64Array, numbers(length));
  return decode(t.f64Array, bytes, {}, { owned: true });
}

/** Keeps what it is given, in order. */
function pool(...buffers: ArrayBuffer[]): BufferPool & { buffers: ArrayBuffer[] } {
  return { buffers, take: () => buffers.pop(), give: (buffer) => void buffers.push(buffer) };
}

describe("a typed array that a message is decoded into", () => {
  const decodeInto = (out: Float64Array, length: number) =>
    new Decoder().decode(t.f64Array, encode(t.f64Array, numbers(length)), { owned: true, out });

  test.each([3, 1000])("is what decoding gives, when %i elements fill it", (length) => {
    const out = new Float64Array(length);
    expect(decodeInto(out, length)).toBe(out);
    expect(out).toEqual(numbers(length));
  });

  test("may be a part of a buffer, whose rest stays as it is", () => {
    const all = new Float64Array(12).fill(-1);
    const given = decodeInto(all.subarray(4, 8), 4);
    expect(given).toEqual(numbers(4));
    expect([...all]).toEqual([-1, -1, -1, -1, ...numbers(4), -1, -1, -1, -1]);
  });

  test("is given as a view of its first elements, when there are fewer", () => {
    const out = new Float64Array(10).fill(-1);
    const given = decodeInto(out.subarray(2), 3);
    expect([given.buffer === out.buffer, given.byteOffset, given.length]).toEqual([true, 16, 3]);
    expect([...out.subarray(5)]).toEqual([-1, -1, -1, -1, -1]);
  });

  test("may be of another realm, shared, or one whose own methods lie", () => {
    const foreign = runInNewContext("new Float64Array(3)") as Float64Array;
    expect([...decodeInto(foreign, 3)]).toEqual([...numbers(3)]);
    const shared = new Float64Array(new SharedArrayBuffer(24));
    expect(decodeInto(shared, 3)).toBe(shared);
    const odd = new (class extends Float64Array {
      override set(): never {
        throw new Error("Called set");
      }
    })(3);
    expect([...decodeInto(odd, 3)]).toEqual([...numbers(3)]);
  });

  test("is left as it is when there are too many", () => {
    const out = new Float64Array(3).fill(-1);
    expect(() => decodeInto(out, 4)).toThrow(
      new RangeError("Cannot write a result of 4 elements into options.out: it has room for 3"),
    );
    expect([...out]).toEqual([-1, -1, -1]);
  });

  test.each([0, 3])("is refused for %i elements when its buffer is detached", (length) => {
    const out = new Float64Array(3);
    structuredClone(out.buffer, { transfer: [out.buffer] });
    expect(() => decodeInto(out, length)).toThrow(
      new TypeError("Cannot write a result into options.out: its buffer is detached"),
    );
  });

  test("does not make malformed bytes any better", () => {
    const bytes = encode(t.f64Array, numbers(3)).slice(0, 20);
    const out = new Float64Array(3);
    expect(() => new Decoder().decode(t.f64Array, bytes, { out })).toThrow("does not fit");
  });
});

describe("a typed array that is given up", () => {
  test("is its own message, if it was the view of one", () => {
    const given = result(1000);
    const { buffer } = given;
    const message = encodeInPlace(FLOATS, given, 1e6) as Uint8Array;
    expect(decode(t.f64Array, message)).toEqual(numbers(1000));
    expect([given.length, buffer.byteLength]).toEqual([0, 0]);
  });

  test.each([
    ["starts its buffer", () => numbers(1000)],
    [
      "makes up less than half of its buffer",
      () => new Float64Array(new ArrayBuffer(9000), 8, 500),
    ],
    ["is of another type", () => new Float32Array(new ArrayBuffer(808), 8)],
    ["is longer than a message may be", () => result(2000)],
    ["is in shared memory", () => new Float64Array(new SharedArrayBuffer(8008), 8)],
    [
      "has a buffer that can grow",
      () => new Float64Array(new ArrayBuffer(8008, { maxByteLength: 9000 }), 8),
    ],
    ["is none", () => [1, 2]],
  ])("is left as it is if it %s", (_what, make) => {
    const given = make();
    const { length } = given;
    expect(encodeInPlace(FLOATS, given, 8008)).toBeUndefined();
    expect(given.length).toBe(length);
  });

  test("loses its buffer once, whatever other values there are", () => {
    const given = numbers(4);
    const [buffer, ...none] = giveUp([given, 5, given.subarray(2), "text", [numbers(1)]]);
    expect([new Float64Array(buffer as ArrayBuffer), none, given.length]).toEqual([
      numbers(4),
      [],
      0,
    ]);
  });

  test("is refused if its memory cannot be detached", () => {
    const shared = new Uint8Array(new SharedArrayBuffer(8));
    expect(() => giveUp([shared])).toThrow(
      new TypeError("Cannot give up an argument: its buffer cannot be transferred"),
    );
  });
});

describe("memory that is used again", () => {
  test("holds a long message, within the limit of messages", () => {
    const buffer = new ArrayBuffer(200_000);
    const encoder = new Encoder({ messageBytes: 150_000 }, { pool: pool(buffer) });
    const bytes = encoder.encode(t.bytes, new Uint8Array(140_000).fill(7));
    expect([bytes.buffer === buffer, bytes.length]).toEqual([true, 140_008]);
    expect(() => encoder.encode(t.bytes, new Uint8Array(160_000))).toThrow("messageBytes");
    const again = new Encoder({ messageBytes: 150_000 }, { pool: pool(buffer) });
    const parts = t.tuple(t.bytes, t.bytes);
    const long = new Uint8Array(75_000);
    expect(() => again.encode(parts, [long, long])).toThrow("messageBytes");
  });

  test("is given back when the message outgrows it", () => {
    const [small, large] = [new ArrayBuffer(100_000), new ArrayBuffer(300_000)];
    const buffers = pool(large, small);
    const parts = t.tuple(t.bytes, t.bytes);
    const bytes = new Encoder({}, { pool: buffers }).encode(parts, [
      new Uint8Array(90_000),
      new Uint8Array(90_000).fill(3),
    ]);
    expect([bytes.buffer === large, buffers.buffers]).toEqual([true, [small]]);
    expect(bytes.at(-1)).toBe(3);
  });

  test("is given back after decoding, unless the value has views of it", () => {
    const kept = (
      codec: typeof t.f64Array | typeof t.string,
      bytes: Uint8Array,
      out?: Float64Array,
    ) => {
      const buffers = pool();
      const owned = bytes.slice();
      new Decoder().decode<unknown>(codec, owned, { owned: true, out, pool: buffers });
      return buffers.buffers.includes(owned.buffer);
    };
    const array = encode(t.f64Array, numbers(1000));
    expect(kept(t.f64Array, array)).toBe(false);
    expect(kept(t.f64Array, array, new Float64Array(1000))).toBe(true);
    expect(kept(t.string, encode(t.string, "long ".repeat(2000)))).toBe(true);
  });
});
