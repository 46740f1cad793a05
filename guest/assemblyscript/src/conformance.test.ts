import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { describe, expect, test } from "vitest";
import type { AnyCodec, Codec } from "../../../src/codec/codec.ts";
import { decode, encode } from "../../../src/codec/message.ts";
import { t } from "../../../src/codec/t.ts";
import { parseSchema, printFunction, printType } from "../../../src/schema/index.ts";
import { schemaOf, TestPlugin } from "./plugin.test-kit.ts";

/** The guest as it is committed. `npm run guests` builds it, and CI checks that it is what the sources give. */
const GUEST = resolve(
  import.meta.dirname,
  "../../../public/plugins/fixtures/conformance-assemblyscript.wasm",
);
const SCHEMA = resolve(import.meta.dirname, "../../conformance/conformance.schema");

const point = t.struct({ x: t.f64, y: t.f64 });
interface Tree {
  label: string;
  children: Tree[];
}
const tree: Codec<Tree> = t.lazy(() => t.struct({ label: t.string, children: t.vec(tree) }));
const shape = t.enum({
  Circle: t.struct({ center: point, radius: t.f64 }),
  Polygon: t.struct({ corners: t.vec(point) }),
  Empty: t.unit,
});

const module = new WebAssembly.Module(readFileSync(GUEST));

const rope = "one\ntwo\n".repeat(1000);
const dropped: bigint[] = [];
const answering =
  (params: readonly AnyCodec[], result: AnyCodec, answer: (...args: never[]) => unknown) =>
  (bytes: Uint8Array) => {
    const args: unknown[] = decode(t.tuple(...params), bytes);
    return encode(result as Codec<unknown, unknown>, answer(...(args as never[])));
  };
const hostFunctions = {
  run: answering([t.string], t.bytes, (command: string) =>
    new TextEncoder().encode(`ran ${command}`),
  ),
  scale: answering([point, t.f64], point, ({ x, y }: { x: number; y: number }, factor: number) => ({
    x: x * factor,
    y: y * factor,
  })),
  rope_length: answering([t.u64], t.u64, () => BigInt(rope.length)),
  rope_slice: answering([t.u64, t.u64, t.u64], t.string, (_, start: bigint, end: bigint) =>
    rope.slice(Number(start), Number(end)),
  ),
  drop_resource: answering([t.u64], t.unit, (handle: bigint) => void dropped.push(handle)),
};

function start(options: { files?: Record<string, string>; stdin?: string } = {}): TestPlugin {
  dropped.length = 0;
  return new TestPlugin(module, { ...options, hostFunctions });
}

test("the schema is that of guest/conformance, but for an array that is a tuple", () => {
  const expected = readFileSync(SCHEMA, "utf8").replaceAll("array<i32, 3>", "(i32, i32, i32)");
  expect(declarations(schemaOf(module))).toEqual(declarations(expected));
});

function declarations(schema: string): string[] {
  const { functions, hostFunctions, types } = parseSchema(schema);
  return [
    ...functions.map(printFunction),
    ...hostFunctions.map((each) => `import ${printFunction(each)}`),
    ...types.map(({ name, type, docs }) => `${docs} ${name} ${printType(type)}`),
  ].sort();
}

const VALUES: readonly [name: string, codec: AnyCodec, values: readonly unknown[]][] = [
  ["bool", t.bool, [true, false]],
  ["u8", t.u8, [0, 255]],
  ["u16", t.u16, [0, 65_535]],
  ["u32", t.u32, [0, 4_294_967_295]],
  ["u64", t.u64, [0n, 2n ** 64n - 1n]],
  ["u128", t.u128, [0n, 2n ** 64n, 2n ** 128n - 1n]],
  ["i128", t.i128, [-(2n ** 127n), -1n, 2n ** 127n - 1n]],
  ["char", t.char, ["a", "ß", "€", "👩"]],
  ["duration", t.duration, [{ seconds: 2n ** 64n - 1n, nanoseconds: 999_999_999 }]],
  ["array", t.array(t.i32, 3), [[1, -2, 3]]],
  ["tuple", t.tuple(t.u8, t.string), [[255, "a"]]],
  ["i8", t.i8, [-128, 127]],
  ["i16", t.i16, [-32_768, 32_767]],
  ["i32", t.i32, [-2_147_483_648, 2_147_483_647]],
  ["i64", t.i64, [-(2n ** 63n), 2n ** 63n - 1n]],
  ["f32", t.f32, [0.5, Number.NaN, -Infinity]],
  ["f64", t.f64, [0.1, Number.NaN, -0, Infinity]],
  ["string", t.string, ["", "plain", "zażółć 漢字 👩‍🚀 \0", "x".repeat(100_000)]],
  ["bytes", t.bytes, [new Uint8Array(), Uint8Array.of(0, 255)]],
  ["numbers", t.vec(t.f64), [[], [1.5, -2, Number.NaN]]],
  ["floats", t.f32Array, [new Float32Array(), Float32Array.of(0.5, -1)]],
  ["strings", t.vec(t.string), [[], ["", "a", "漢"]]],
  ["nested", t.vec(t.vec(t.u32)), [[], [[], [1, 2], [3]]]],
  ["option", t.option(t.string), [null, "", "some"]],
  ["option_point", t.option(point), [null, { x: 1, y: -1 }]],
  [
    "map",
    t.map(t.string, t.u32),
    [
      new Map(),
      new Map([
        ["a", 1],
        ["", 2],
      ]),
    ],
  ],
  ["set", t.set(t.string), [new Set(), new Set(["b", "a"])]],
  ["point", point, [{ x: 1, y: 2 }]],
  ["tree", tree, [{ label: "a", children: [{ label: "b", children: [] }] }]],
  [
    "shapes",
    t.vec(shape),
    [
      [
        { type: "Circle", value: { center: { x: 1, y: 2 }, radius: 3 } },
        { type: "Empty" },
        { type: "Polygon", value: { corners: [{ x: 1, y: 2 }] } },
      ],
    ],
  ],
];

test.each(VALUES)("returns values of type %s as they were given", (name, codec, values) => {
  const plugin = start();
  for (const value of values) {
    expect(plugin.call(`echo_${name}`, [codec], codec, value)).toEqual(value);
  }
});

test("takes several parameters, and returns results", () => {
  const plugin = start();
  expect(plugin.call("join", [t.vec(t.string), t.string], t.string, ["a", "b"], "-")).toBe("a-b");
  const divide = (a: number, b: number) =>
    plugin.call("divide", [t.f64, t.f64], t.result(t.f64, t.string), a, b);
  expect(divide(1, 2)).toEqual({ ok: true, value: 0.5 });
  expect(divide(1, 0)).toEqual({ ok: false, error: "division by zero" });
  expect(plugin.call("nothing", [], t.unit)).toBe(undefined);
});

test("calls host functions", () => {
  const plugin = start();
  const answer = plugin.call("ask", [t.string], t.bytes, "date");
  expect(new TextDecoder().decode(answer)).toBe("ran date");
  expect(plugin.call("scaled", [point, t.f64], point, { x: 1, y: 2 }, 3)).toEqual({ x: 3, y: 6 });
});

test("reads and writes files, standard input and output", () => {
  const plugin = start({ files: { "a.txt": "déjà" }, stdin: "typed" });
  expect(plugin.call("read_file", [t.string], t.string, "/a.txt")).toBe("déjà");
  plugin.call("write_file", [t.string, t.string], t.unit, "b.txt", "vu");
  expect(plugin.call("read_file", [t.string], t.string, "b.txt")).toBe("vu");
  expect(plugin.call("read_input", [], t.string)).toBe("typed");
  plugin.call("print", [t.string, t.string], t.unit, "out", "err");
  expect(plugin.guest.written).toEqual({ stdout: "out", stderr: "err" });
});

test("prints why it failed to standard error, and traps", () => {
  const failed = start();
  expect(() => failed.call("fail", [t.string], t.unit, "too bad")).toThrow(
    WebAssembly.RuntimeError,
  );
  expect(failed.stderr).toMatch(/^Aborted: too bad at examples\/conformance\.ts:\d+:3\n$/);

  const missing = start();
  const read = () => missing.call("read_file", [t.string], t.string, "/none");
  expect(read).toThrow(WebAssembly.RuntimeError);
  expect(missing.stderr).toBe('Cannot read "/none": no such file or directory (ENOENT)\n');
});

test("borrows, keeps, drops and gives back resources", () => {
  const plugin = start();
  const handle = t.u64;
  expect(plugin.call("count_lines", [handle], t.u64, 7n)).toBe(2000n);
  expect(plugin.call("kept_length", [], t.option(t.u64))).toBe(null);
  plugin.call("keep", [handle], t.unit, 1n);
  expect(plugin.call("kept_length", [], t.option(t.u64))).toBe(BigInt(rope.length));
  plugin.call("keep", [handle], t.unit, 2n);
  expect(dropped).toEqual([1n]);
  expect(plugin.call("give_back", [], t.option(handle))).toBe(2n);
  expect(plugin.call("give_back", [], t.option(handle))).toBe(null);
  plugin.call("keep", [handle], t.unit, 3n);
  plugin.call("release", [], t.unit);
  plugin.call("release", [], t.unit);
  expect(dropped).toEqual([1n, 3n]);
});

describe("a malformed message", () => {
  const u32 = (value: number) => [...encode(t.u32, value)];
  const u64 = (value: bigint) => [...encode(t.u64, value)];
  test.each<[name: string, bytes: number[], problem: string]>([
    ["echo_u32", [1, 2, 3], "4 bytes expected, 3 are left"],
    ["echo_bool", [2], "0 or 1 expected, got 2"],
    ["echo_option", [9], "0 or 1 expected, got 9"],
    ["echo_string", [...u64(2n), 0x61], "length 2 is more than the 1 bytes left"],
    ["echo_string", [...u64(3n), 0xed, 0xa0, 0x80], "a string is not UTF-8"],
    ["echo_string", [...u64(2n), 0xc0, 0x80], "a string is not UTF-8"],
    ["echo_string", [...u64(1n), 0xe2], "a string is not UTF-8"],
    [
      "echo_bytes",
      u64(2n ** 64n - 1n),
      "length 18446744073709551615 is more than the 0 bytes left",
    ],
    [
      "echo_numbers",
      [...u64(2n ** 61n), 0],
      "length 2305843009213693952 is more than the 1 bytes left",
    ],
    ["echo_nested", [...u64(1n), ...u64(2n)], "length 2 is more than the 0 bytes left"],
    ["echo_map", [...u64(1n), ...u64(0n)], "length 1 is more than the 8 bytes left"],
    ["echo_shape", u32(3), "a variant of Shape below 3 expected, got 3"],
  ])("of %s is refused: %j", (name, bytes, problem) => {
    const plugin = start();
    expect(() => plugin.callWithBytes(name, Uint8Array.from(bytes))).toThrow(
      WebAssembly.RuntimeError,
    );
    expect(plugin.stderr).toBe(`Malformed arguments of "${name}": ${problem}\n`);
  });

  test("may have bytes after its end, as in bincode", () => {
    expect(start().callWithBytes("echo_u8", Uint8Array.of(5, 6))).toEqual(Uint8Array.of(5));
  });
});

test("a value that is nested too deep is a stack overflow that is told", () => {
  const plugin = start();
  // Each tree has an empty label and one child.
  const bytes = Uint8Array.from({ length: 16 * 10_000 }, (_, i) => (i % 16 === 8 ? 1 : 0));
  expect(() => plugin.callWithBytes("echo_tree", bytes)).toThrow(WebAssembly.RuntimeError);
  expect(plugin.stderr).toBe("Aborted: stack overflow\n");
});

test("random bytes are a value or a failure that is told", () => {
  let plugin = start();
  let seed = 1;
  const random = () => (seed = (seed * 48_271) % 2_147_483_647) & 0xff;
  for (let round = 0; round < 1000; ++round) {
    const [name] = VALUES[round % VALUES.length] ?? [""];
    // Lengths are mostly small, or few messages would get past the first.
    const bytes = Uint8Array.from({ length: random() % 64 }, () => (random() < 160 ? 0 : random()));
    try {
      plugin.callWithBytes(`echo_${name}`, bytes);
    } catch (error) {
      expect(error).toBeInstanceOf(WebAssembly.RuntimeError);
      expect(plugin.stderr).toMatch(/^Malformed arguments of "echo_/);
      plugin = start();
    }
  }
});

test("memory does not grow over 100,000 calls", () => {
  const plugin = start();
  const trees = encode(tree, {
    label: "root",
    children: Array.from({ length: 3 }, (_, i) => ({ label: `child ${i}`, children: [] })),
  });
  const calls: [string, Uint8Array][] = [
    ["echo_tree", trees],
    ["echo_string", encode(t.string, "漢".repeat(300))],
    ["echo_map", encode(t.map(t.string, t.u32), new Map([["a", 1]]))],
    ["ask", encode(t.string, "date")],
    ["nothing", new Uint8Array()],
  ];
  const run = (rounds: number) => {
    for (let i = 0; i < rounds; ++i) {
      for (const [name, bytes] of calls) plugin.callWithBytes(name, bytes);
    }
  };
  run(1000);
  const before = plugin.memoryBytes;
  run(19_000);
  expect(plugin.memoryBytes).toBe(before);
});
