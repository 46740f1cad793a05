/**
 * What every conformance guest must do, whatever language it is written in. What the functions are is in
 * guest/conformance.
 */

import type { Plugin } from "cloche";
import { loadPlugin, PluginTimeoutError, PluginTrapError, t } from "cloche";

/** A call and what it gives. */
type Row = readonly [name: string, args: readonly unknown[], result: unknown];

const POINT = { x: -0, y: 1.5 };
const TREE = {
  label: "a",
  children: [
    { label: "ü", children: [] },
    { label: "", children: [] },
  ],
};
const CIRCLE = { type: "Circle", value: { center: POINT, radius: Infinity } };
const POLYGON = { type: "Polygon", value: { corners: [POINT, { x: 1e300, y: 5e-324 }] } };

const echoes: readonly (readonly [name: string, ...values: readonly unknown[]])[] = [
  ["bool", true, false],
  ["u8", 0, 255],
  ["u16", 0, 65_535],
  ["u32", 0, 2 ** 32 - 1],
  ["u64", 0n, 2n ** 53n + 1n, 2n ** 64n - 1n],
  ["u128", 0n, 2n ** 64n, 2n ** 128n - 1n],
  ["i8", -128, 127],
  ["i16", -32_768, 32_767],
  ["i32", -(2 ** 31), 2 ** 31 - 1],
  ["i64", -(2n ** 63n), 2n ** 63n - 1n],
  ["i128", -(2n ** 127n), -1n, 2n ** 127n - 1n],
  ["f32", 1.5, -0, Infinity, NaN],
  ["f64", 0.1, -0, -Infinity, NaN, 5e-324],
  ["char", "a", "ß", "€", "🔔"],
  ["string", "", "plain", "ß€🔔\u0000", "a".repeat(100_000)],
  ["bytes", new Uint8Array(), Uint8Array.of(0, 255), new Uint8Array(100_000).fill(7)],
  [
    "duration",
    { seconds: 0n, nanoseconds: 0 },
    { seconds: 2n ** 64n - 1n, nanoseconds: 999_999_999 },
  ],
  ["numbers", [], [1, -0, NaN], Array.from({ length: 10_000 }, (_, index) => index / 3)],
  ["floats", Float32Array.of(1.5, -0, NaN)],
  ["strings", [], ["", "a", "ß€🔔"]],
  ["nested", [], [[], [1, 2], [2 ** 32 - 1]]],
  ["array", [1, -2, 2 ** 31 - 1]],
  ["tuple", [255, "a"]],
  ["option", null, "", "a"],
  ["option_point", null, POINT],
  [
    "map",
    new Map(),
    new Map([
      ["a", 1],
      ["ß", 2 ** 32 - 1],
    ]),
  ],
  ["set", new Set(), new Set(["a", "ß€🔔"])],
  ["point", POINT],
  ["tree", TREE],
  ["shape", CIRCLE, POLYGON, { type: "Empty" }],
  ["shapes", [], [CIRCLE, { type: "Empty" }, POLYGON]],
];

const ROWS: readonly Row[] = [
  ["nothing", [], undefined],
  ...echoes.flatMap(([type, ...values]) =>
    values.map((value): Row => [`echo_${type}`, [value], value]),
  ),
  ["join", [["a", "b", "c"], "-"], "a-b-c"],
  ["join", [[], "-"], ""],
  ["divide", [1, 4], { ok: true, value: 0.25 }],
  ["divide", [1, 0], { ok: false, error: "division by zero" }],
  ["ask", ["ls"], new TextEncoder().encode("ran ls")],
  ["scaled", [POINT, 2], { x: -0, y: 3 }],
  ["read_file", ["/notes.txt"], "héllo"],
  ["write_file", ["/new.txt", "wörld"], undefined],
  ["read_file", ["new.txt"], "wörld"],
  ["read_input", [], "line one\nline two"],
  ["read_input", [], ""],
];

/** Values that a guest's functions get from the page. */
const hostFunctions = {
  run: (command: string) => Promise.resolve(new TextEncoder().encode(`ran ${command}`)),
  scale: ({ x, y }: typeof POINT, factor: number) => ({ x: x * factor, y: y * factor }),
  rope_length: ({ text }: { text: string }) => BigInt(text.length),
  rope_slice: ({ text }: { text: string }, start: bigint, end: bigint) =>
    text.slice(Number(start), Number(end)),
};

/** What differed, in words: none where the guest conforms. */
export interface Findings {
  readonly differences: readonly string[];
  /** Functions of the table that the guest does not have. */
  readonly lacking: readonly string[];
}

/** Calls everything that a conformance guest has. */
export async function checkConformance(address: string): Promise<Findings> {
  const differences: string[] = [];
  const check = (what: string, got: unknown, expected: unknown) => {
    const [shownGot, shownExpected] = [shown(got), shown(expected)];
    if (shownGot !== shownExpected) differences.push(`${what}: ${shownGot}, not ${shownExpected}`);
  };
  let output = "";
  let errors = "";
  const dropped: unknown[] = [];
  await using plugin = await loadPlugin(window.locate(address), {
    hostFunctions,
    files: { "notes.txt": "héllo" },
    stdin: "line one\nline two",
    stdout: (text) => (output += text),
    stderr: (text) => (errors += text),
    restart: true,
    onDrop: (object) => dropped.push(object),
  });
  const call = (name: string, ...args: readonly unknown[]): Promise<unknown> =>
    Promise.resolve(plugin.api[name]?.(...args)).catch((error: Error) => error);
  const has = (name: string) => plugin.functions.includes(name);
  const names = new Set([...ROWS.map(([name]) => name), ...OTHERS]);

  for (const [name, args, expected] of ROWS) {
    if (has(name)) check(`${name}(${shown(args)})`, await call(name, ...args), expected);
  }

  await call("print", "to output ß", "to errors ß");
  check("print", [output, errors], ["to output ß", "to errors ß"]);
  await checkResources(call, check, dropped);
  await checkEnds(plugin, call, check);
  return { differences, lacking: [...names].filter((name) => !has(name)) };
}

const OTHERS = [
  ...["print", "fail", "spin"],
  ...["count_lines", "keep", "kept_length", "release", "give_back"],
];

type Call = (name: string, ...args: readonly unknown[]) => Promise<unknown>;
type Check = (what: string, got: unknown, expected: unknown) => void;

async function checkResources(
  call: Call,
  check: Check,
  dropped: readonly unknown[],
): Promise<void> {
  const text = { text: `${"x".repeat(999)}\n`.repeat(3) };
  const second = { text: "second" };
  check("count_lines", await call("count_lines", text), 3n);
  check("kept_length of none", await call("kept_length"), null);
  await call("keep", text);
  check("kept_length", await call("kept_length"), 3000n);
  await call("keep", second);
  check("keep drops what was kept", dropped.includes(text), true);
  check("give_back", (await call("give_back")) === second, true);
  check("give_back of none", await call("give_back"), null);
  await call("keep", second);
  await call("release");
  check("release", dropped.includes(second), true);
}

/** How a guest ends, after which a fresh instance goes on. */
async function checkEnds(plugin: Plugin, call: Call, check: Check): Promise<void> {
  const failed = await call("fail", "an own message");
  check("fail traps", failed instanceof PluginTrapError, true);
  const said = failed instanceof PluginTrapError ? failed.stderr : "";
  check("fail says why", said.includes("an own message"), true);
  check(
    "a missing file traps",
    (await call("read_file", "/none")) instanceof PluginTrapError,
    true,
  );
  const wrongText = plugin.function("echo_string", [t.bytes], t.bytes);
  const refused = await wrongText(Uint8Array.of(0xff)).catch((error: unknown) => error);
  check("text that is no UTF-8 traps", refused instanceof PluginTrapError, true);
  const spun = await plugin
    .function("spin", [], t.unit)
    .with({ timeoutMs: 100 })()
    .catch((error: unknown) => error);
  check("spin times out", spun instanceof PluginTimeoutError, true);
  check("the next call", await call("echo_u8", 5), 5);
}

/** A value as text that tells -0, NaN, bigints and kinds of arrays apart. */
function shown(value: unknown): string {
  if (typeof value === "bigint") return `${value}n`;
  if (Object.is(value, -0)) return "-0";
  if (typeof value !== "object" || value === null) {
    return typeof value === "string" ? JSON.stringify(value) : String(value);
  }
  if (value instanceof Error) return `${value.name}: ${value.message}`;
  if (ArrayBuffer.isView(value) || Array.isArray(value)) {
    return `[${Array.from(value as unknown as unknown[], shown).join(", ")}]`;
  }
  if (value instanceof Map) return `Map ${shown([...value])}`;
  if (value instanceof Set) return `Set ${shown([...value])}`;
  const entries = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return `{ ${entries.map(([key, each]) => `${key}: ${shown(each)}`).join(", ")} }`;
}
