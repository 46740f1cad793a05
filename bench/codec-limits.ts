/** How long messages take to decode that use up `limits.messageItems`: the reason for the weights. */

import type { AnyCodec, Codec } from "../src/codec/codec.ts";
import { decode, encode } from "../src/codec/message.ts";
import { t } from "../src/codec/t.ts";
import { DEFAULT_LIMITS } from "../src/limits.ts";
import { type Contestant, type Group, race, scaled } from "./measure.ts";

const SMALL = "objects of one number";

export const codecLimits: Group = {
  name: "codec-limits",
  run: async () => [
    await race({
      title: "decode as much as limits.messageItems lets through",
      unit: "ms",
      baseline: SMALL,
      rounds: 10,
      warmUps: 2,
      contestants: [
        list(SMALL, t.tuple(t.u8), 1, () => [1]),
        list("numbers", t.f64, 1 / 4, (index) => index / 7),
        list("bools", t.bool, 1 / 2, () => true),
        list("bigints", t.u64, 1, spread),
        list("points of three numbers", structOf(["x", "y", "z"]), 1.5, (x) => ({ x, y: x, z: x })),
        list("objects of 100 numbers", structOf(MANY), 100, (x) => record(MANY, x)),
        list("lists of one number", t.vec(t.u8), 1.25, () => [1]),
        list("short texts", t.string, 1, String),
        list("texts of 64 bytes", t.string, 3, () => "é".repeat(32)),
        list("texts of 64 KiB", t.string, 1026, () => "日é".repeat(13_107)),
        list("bytes, 16 each", t.bytes, 8, () => new Uint8Array(16)),
        list("bytes, 1 KiB each", t.bytes, 8, () => new Uint8Array(1024)),
        set("a set of f64", t.f64, 2.5, (index) => index / 7),
        set("a set of u128", t.u128, 3, (index) => spread(index) * spread(index + 1)),
        set("a set of texts", t.string, 3, String),
      ],
    }),
  ],
};

const MANY = Array.from({ length: 100 }, (_, index) => `field${index}`);

function structOf(names: readonly string[]): Codec<unknown> {
  return t.struct(Object.fromEntries(names.map((name) => [name, t.f64]))) as Codec<unknown>;
}

function record(names: readonly string[], value: number): unknown {
  return Object.fromEntries(names.map((name) => [name, value]));
}

/** Numbers of 64 bits with nothing in common. */
function spread(index: number): bigint {
  return BigInt.asUintN(64, BigInt(index + 1) * 0x9e37_79b9_7f4a_7c15n);
}

/** As many items of this weight as pass, each made by its index. */
function itemsOf(weight: number, item: (index: number) => unknown): unknown[] {
  const length = Math.max(1, Math.floor(scaled(DEFAULT_LIMITS.messageItems) / weight));
  return Array.from({ length }, (_, index) => item(index));
}

function list(
  name: string,
  codec: AnyCodec,
  weight: number,
  item: (index: number) => unknown,
): Contestant {
  return contestant(name, t.vec(codec), itemsOf(weight, item));
}

function set(
  name: string,
  codec: AnyCodec,
  weight: number,
  item: (index: number) => unknown,
): Contestant {
  return contestant(name, t.set(codec), new Set(itemsOf(weight, item)));
}

function contestant(name: string, codec: AnyCodec, value: unknown): Contestant {
  const bytes = encode(codec as Codec<unknown>, value);
  return { name, run: () => void decode(codec, bytes) };
}
