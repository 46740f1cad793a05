/** Results whose bytes do not hold what the page asked for: the guest is an echo, the bytes are the attack. */

import { ALLOC, ECHO, FREE, guest, MEMORY } from "../harness/hand-made-guest.ts";
import { type End, fails, hostile, hostileEach, survives, test } from "./case.ts";

const MIRROR = guest(MEMORY, ALLOC, FREE, ECHO);
/** The same with room for half a megabyte. */
const WIDE_MIRROR = guest(`(memory (export "memory") 9)`, ALLOC, FREE, ECHO);

/** Bytes in hexadecimal: little-endian, lengths and tags as bincode has them. */
const u64 = (value: bigint) => le(value, 8);
const u32 = (value: number) => le(BigInt(value), 4);

function le(value: bigint, bytes: number): string {
  const hex = BigInt.asUintN(64, value).toString(16).padStart(16, "0");
  return (hex.match(/../g) ?? []).toReversed().slice(0, bytes).join("");
}

const MOST = 2n ** 64n - 1n;
const codecError = (message: RegExp, path = "$"): End =>
  fails("CodecError", message, { fields: { path } });

/** What comes, the codec it is read by (see the attack), and the end. */
const VALUES: readonly (readonly [what: string, hex: string, codec: string, end: End])[] = [
  ["a string of 2^64 - 1 bytes", u64(MOST), "string", codecError(/length 18446744073709552000/)],
  ["a string of 2^53 bytes", u64(2n ** 53n), "string", codecError(/length 9007199254740992/)],
  ["a string of 2^32 bytes", u64(2n ** 32n), "string", codecError(/length 4294967296/)],
  ["a string one byte too short", u64(2n) + "61", "string", codecError(/length 2/)],
  ["bytes without an end", u64(MOST), "bytes", codecError(/length 18446744073709552000/)],
  [
    "2^61 numbers of 8 bytes, which wrap to nothing",
    u64(2n ** 61n),
    "f64s",
    codecError(/length 2305843009213694000/),
  ],
  [
    "2^61 numbers for a typed array",
    u64(2n ** 61n),
    "f64Array",
    codecError(/length 2305843009213694000/),
  ],
  ["2^32 units", u64(2n ** 32n), "units", codecError(/4,294,967,296 items/)],
  ["2^64 - 1 empty structs", u64(MOST), "empty structs", codecError(/items, limit 262,144 /)],
  [
    "lists of many units, many times over",
    u64(1000n) + u64(65_536n).repeat(1000),
    "lists of units",
    codecError(/263,144 items/, "$[3]"),
  ],
  [
    "a list of lists of lists that ends",
    u64(1n) + u64(2n ** 40n),
    "lists of units",
    codecError(/1,099,511,627,777 items/, "$[0]"),
  ],
  [
    "a set of one unit, twice",
    u64(2n),
    "set of units",
    codecError(/duplicate (item|key) /, "$[1]"),
  ],
  ["a map of 2^40 units", u64(2n ** 40n), "map of units", codecError(/items, limit 262,144 /)],
  [
    "a map with a key twice",
    u64(2n) + u32(7) + "01" + u32(7) + "00",
    "map",
    codecError(/duplicate (item|key) /, "$[1].key"),
  ],
  [
    "a map of doubles with NaN twice",
    u64(2n) + "000000000000f87f".repeat(2),
    "map of f64",
    codecError(/duplicate (item|key) /, "$[1].key"),
  ],
  [
    "a map of doubles with 0 and -0",
    u64(2n) + "00000000000000000000000000000080",
    "map of f64",
    codecError(/duplicate (item|key) /, "$[1].key"),
  ],
  [
    "a map with the key __proto__",
    u64(1n) + u64(9n) + Buffer.from("__proto__").toString("hex") + "01",
    "map of strings",
    survives([["__proto__", true]]),
  ],
  ["a bool of 2", "02", "bool", codecError(/2/)],
  ["a bool of 255", "ff", "bool", codecError(/255/)],
  ["an option of 2", "02", "option", codecError(/2/)],
  ["an option that says yes and ends", "01", "option", codecError(/0 bytes/)],
  ["a result of 2", u32(2), "result", codecError(/2/)],
  ["an enumeration past its variants", u32(3), "enumeration", codecError(/3/)],
  ["an enumeration of 2^32 - 1", u32(0xffff_ffff), "enumeration", codecError(/4294967295/)],
  ["a char that is half a pair", "eda080", "char", codecError(/not UTF-8/)],
  ["a char past Unicode", "f4908080", "char", codecError(/not UTF-8/)],
  ["a char in more bytes than it needs", "c080", "char", codecError(/not UTF-8/)],
  ["a char that starts in the middle", "80", "char", codecError(/not UTF-8/)],
  ["a char whose rest is missing", "f09f94", "char", codecError(/the rest of a char/)],
  ["a string that is not UTF-8", u64(2n) + "c328", "string", codecError(/not UTF-8/)],
  ["a string of half a pair", u64(3n) + "eda080", "string", codecError(/not UTF-8/)],
  [
    "a string with a byte order mark and a NUL",
    u64(4n) + "efbbbf00",
    "string",
    survives("\ufeff\0"),
  ],
  [
    "a duration whose nanoseconds carry past all seconds",
    u64(MOST) + u32(1_000_000_000),
    "duration",
    codecError(/18446744073709551616 seconds/),
  ],
  ["nothing where a number should be", "", "u64", codecError(/0 bytes/)],
  [
    "a struct that ends in its last field",
    u32(1) + "61",
    "struct",
    codecError(/1 byte left/, "$.second"),
  ],
  [
    "a list nested deeper than limits.valueDepth",
    u64(1n).repeat(200) + u64(0n),
    "nested",
    codecError(/limits\.valueDepth/, "$" + "[0]".repeat(128)),
  ],
  [
    "a list nested 4,000 deep",
    u64(1n).repeat(4000),
    "nested",
    codecError(/limits\.valueDepth/, "$" + "[0]".repeat(128)),
  ],
  ["every NaN there is", "010000000000f07fffffffffffffffff", "pair of f64", survives([NaN, NaN])],
  [
    "a NaN with a payload in a typed array",
    u64(1n) + "dec0adde0000f8ff",
    "f64Array",
    survives([NaN]),
  ],
  ["bytes behind its end", "2a00000000000000" + "ff".repeat(100), "u64", survives("42")],
];

test(
  `each of ${VALUES.length} results that are not what the page asked for is told as that`,
  hostileEach({
    cases: VALUES.map(([what, hex, codec, end]) => [what, { bytes: MIRROR, hex, codec }, end]),
    attack: async ({ load, t }, { bytes, hex, codec }) => {
      const nested: unknown = t.vec(t.lazy(() => nested as typeof t.unit));
      const codecs: Record<string, unknown> = {
        string: t.string,
        bytes: t.bytes,
        f64s: t.vec(t.f64),
        f64Array: t.f64Array,
        units: t.vec(t.unit),
        "empty structs": t.vec(t.struct({})),
        "lists of units": t.vec(t.vec(t.unit)),
        "set of units": t.set(t.unit),
        "map of units": t.map(t.unit, t.unit),
        map: t.map(t.u32, t.bool),
        "map of f64": t.map(t.f64, t.unit),
        "map of strings": t.map(t.string, t.bool),
        bool: t.bool,
        option: t.option(t.u8),
        result: t.result(t.unit, t.unit),
        enumeration: t.enum({ A: t.unit, B: t.unit, C: t.u8 }),
        char: t.char,
        duration: t.duration,
        u64: t.u64,
        struct: t.struct({ first: t.u32, second: t.u16 }),
        nested,
        "pair of f64": t.tuple(t.f64, t.f64),
      };
      const plugin = await load(bytes);
      const sent = Uint8Array.from(hex.match(/../g) ?? [], (byte) => Number.parseInt(byte, 16));
      const raw = t.array(t.u8, sent.length);
      const mirror = plugin.function("echo", [raw], codecs[codec] as typeof t.unit);
      const value: unknown = await mirror([...sent]);
      if (value instanceof Map || value instanceof Float64Array) return [...value] as unknown[];
      return typeof value === "bigint" ? String(value) : value;
    },
  }),
);

/** Gives as many bytes as fit, 16 MiB or more, which say that they are a list of as many items as asked for. */
const VAST = guest(
  `(memory (export "memory") ${1 + 256 + 1})`,
  ALLOC,
  FREE,
  ECHO,
  `(func (export "__f") (param i64) (result i64)
    (i64.store (i32.const 0x10000) (i64.load (i32.wrap_i64 (i64.shr_u (local.get 0) (i64.const 32)))))
    (i64.const 0x00010000_01000008))`,
);

test(
  "16 million small objects, which would take the page seconds",
  hostile({
    given: VAST,
    attack: async ({ load, t }, bytes) => {
      const plugin = await load(bytes);
      await plugin.function("f", [t.u64], t.vec(t.tuple(t.u8)))(2n ** 24n);
    },
    end: codecError(/message of 16,777,216 items, limit 262,144 \(limits\.messageItems\)$/),
  }),
);

for (const [what, items] of [
  ["small objects", 262_144],
  ["numbers", 1_048_576],
] as const) {
  test(
    `as many ${what} as limits.messageItems lets through`,
    hostile({
      given: { bytes: VAST, what, items },
      attack: async ({ load, t }, { bytes, what, items }) => {
        const plugin = await load(bytes);
        const codec = what === "numbers" ? t.vec(t.f64) : t.vec(t.tuple(t.u8));
        return (await plugin.function("f", [t.u64], codec)(BigInt(items))).length;
      },
      end: survives(items),
    }),
  );
}

/** Engines hash them without a secret, some by their lower half alone. */
const KEYS: Readonly<Record<string, (index: number) => bigint>> = {
  "that differ in their upper half alone": (index) => (BigInt(index) << 64n) | 7n,
  "that are all different": (index) => BigInt(index) * 0x9e37_79b9_7f4a_7c15n,
};

for (const [what, key] of Object.entries(KEYS)) {
  test(
    `keys of a set ${what} take the page no longer than others`,
    hostile({
      given: {
        bytes: WIDE_MIRROR,
        keys: Array.from({ length: 16_384 }, (_, index) => String(key(index))),
      },
      attack: async ({ load, t }, { bytes, keys }) => {
        const plugin = await load(bytes);
        const echo = plugin.function("echo", [t.vec(t.u128)], t.set(t.u128));
        const answered = echo(keys.map(BigInt)).then(
          ({ size }) => size,
          (error: Error) => error.name,
        );
        // Not every engine has them collide.
        return [keys.length, "CodecError"].includes(await answered);
      },
      end: survives(true),
    }),
  );
}
