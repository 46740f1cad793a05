import { afterEach, describe, expect, test, vi } from "vitest";
import { CodecError } from "../errors.ts";
import type { AnyCodec } from "./codec.ts";
import { KeyClock } from "./key-clock.ts";
import { decode } from "./message.ts";
import { t } from "./t.ts";

const KEYS = 65_536;
const BITS_64 = 2n ** 64n - 1n;

/** A message of `count` entries in as many bytes each as `write` is given. */
function message(
  count: number,
  entryBytes: number,
  write: (view: DataView, index: number) => void,
): Uint8Array {
  const bytes = new Uint8Array(8 + count * entryBytes);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(count), true);
  for (let index = 0; index < count; index++) {
    write(new DataView(bytes.buffer, 8 + index * entryBytes, entryBytes), index);
  }
  return bytes;
}

/** Keys of 128 bits that differ in their high half, which V8 does not hash. */
const alikeIn128Bits = (count: number) =>
  message(count, 16, (view, index) => view.setBigUint64(8, BigInt(index), true));

/** The number that V8 hashes to `hash`: each step of `ComputeLongHash`, undone. */
function hashesTo(hash: bigint): bigint {
  let key = undoShift(hash, 22n);
  key = (key * inverse(65n)) & BITS_64;
  key = undoShift(key, 11n);
  key = (key * inverse(21n)) & BITS_64;
  key = undoShift(key, 31n);
  return ((key + 1n) * inverse(2n ** 18n - 1n)) & BITS_64;
}

function undoShift(shifted: bigint, bits: bigint): bigint {
  let value = shifted;
  for (let shift = bits; shift < 64n; shift += bits) value = shifted ^ (value >> bits);
  return value;
}

/** Modulo 2^64, of an odd number. */
function inverse(odd: bigint): bigint {
  let found = odd;
  for (let round = 0; round < 6; round++) found = (found * (2n - odd * found)) & BITS_64;
  return found;
}

/** Keys of 64 bits whose hashes differ only above any table's size; as doubles none is a NaN. */
const alikeIn64Bits = (count: number, restBytes = 0) => {
  const doubles = new DataView(new ArrayBuffer(8));
  let high = 0n;
  return message(count, 8 + restBytes, (view) => {
    do {
      high += 1n;
      doubles.setBigUint64(0, hashesTo((high << 30n) | 5n));
    } while (Number.isNaN(doubles.getFloat64(0)));
    view.setBigUint64(0, doubles.getBigUint64(0), true);
  });
};

const spread = (index: number) => BigInt.asUintN(64, BigInt(index + 1) * 0x9e37_79b9_7f4a_7c15n);

/** Keys of 64 bits, and zeros behind them. */
const unlike = (count: number, entryBytes: number) =>
  message(count, entryBytes, (view, index) => view.setBigUint64(0, spread(index), true));

const texts = (count: number) =>
  message(count, 16, (view, index) => {
    view.setUint32(0, 8, true);
    const text = index.toString(36).padStart(8, "-");
    for (let at = 0; at < 8; at++) view.setUint8(8 + at, text.charCodeAt(at));
  });

describe("colliding keys", () => {
  test.each<[string, AnyCodec, Uint8Array]>([
    ["a set of u128", t.set(t.u128), alikeIn128Bits(KEYS)],
    ["a set of u64", t.set(t.u64), alikeIn64Bits(KEYS)],
    ["a set of f64", t.set(t.f64), alikeIn64Bits(KEYS)],
    ["a map of u64", t.map(t.u64, t.bool), alikeIn64Bits(KEYS, 1)],
  ])("are refused before they hold the page up: %s", (_name, codec, bytes) => {
    expect(() => decode(codec, bytes)).toThrow(CodecError);
    expect(() => decode(codec, bytes)).toThrow(
      /^Cannot decode \$\[\d+\](\.key)?: colliding keys: [\d,]+ took \d+ ms, limit \d+ ms$/,
    );
  });

  test("are refused in many maps and sets as in one", () => {
    const set = alikeIn128Bits(2000);
    const bytes = new Uint8Array(8 + 40 * set.length);
    bytes[0] = 40;
    for (let index = 0; index < 40; index++) bytes.set(set, 8 + index * set.length);
    expect(() => decode(t.vec(t.set(t.u128)), bytes)).toThrow("colliding keys");
  });

  test.each<[string, AnyCodec, Uint8Array]>([
    ["a set of u128", t.set(t.u128), unlike(KEYS, 16)],
    ["a set of u64", t.set(t.u64), unlike(KEYS, 8)],
    [
      "a set of f64",
      t.set(t.f64),
      message(KEYS, 8, (view, at) => view.setFloat64(0, at / 7, true)),
    ],
    ["a map of u64", t.map(t.u64, t.bool), unlike(KEYS, 9)],
    ["a set of strings", t.set(t.string), texts(KEYS)],
  ])("are not found among as many that differ: %s", (_name, codec, bytes) => {
    expect(decode(codec, bytes)).toHaveProperty("size", KEYS);
  });

  test.each<[string, AnyCodec, Uint8Array]>([
    ["u128", t.set(t.u128), unlike(262_144, 16)],
    ["u64", t.set(t.u64), unlike(262_144, 8)],
    ["strings", t.set(t.string), texts(262_144)],
  ])("are not found among 262,144 that differ: %s", (_name, codec, bytes) => {
    expect(decode(codec, bytes, { messageItems: Infinity })).toHaveProperty("size", 262_144);
  });
});

describe("a clock of keys", () => {
  afterEach(() => {
    vi.restoreAllMocks();
  });

  /** How many keys a clock lets through, up to `most`, when the time before each is what `passedMs` says. */
  function keysLetThrough(passedMs: (index: number) => number, most: number): number {
    let now = 1e12;
    vi.spyOn(Date, "now").mockImplementation(() => now);
    const clock = new KeyClock();
    for (let index = 0; index < most; index++) {
      now += passedMs(index);
      if (clock.tookKey(index) !== undefined) return index;
    }
    return most;
  }

  test("lets keys through that take 2 µs each and 30 ms together, and no more", () => {
    expect(keysLetThrough(() => 0.002, 1_000_000)).toBe(1_000_000);
    const refusedAt = keysLetThrough(() => 0.052, 1_000_000);
    expect(refusedAt).toBeGreaterThan(550);
    expect(refusedAt).toBeLessThan(750);
  });

  test("lets a pause of ten seconds through, and a clock that is set back", () => {
    expect(keysLetThrough((index) => (index === 500 ? 10_000 : 0), 5000)).toBe(5000);
    expect(keysLetThrough((index) => (index === 500 ? -10_000 : 0), 5000)).toBe(5000);
    expect(keysLetThrough((index) => (index % 64 === 0 ? 30 : 0), 5000)).toBe(319);
  });

  test("says what it has found", () => {
    const now = vi.spyOn(Date, "now");
    for (const ms of [0, 10, 20, 30, 40]) now.mockReturnValueOnce(ms);
    const clock = new KeyClock();
    expect([63, 127, 191, 255, 319].map((index) => clock.tookKey(index))).toEqual([
      undefined,
      undefined,
      undefined,
      undefined,
      "colliding keys: 256 took 40 ms, limit 31 ms",
    ]);
  });
});
