import { readFileSync } from "node:fs";
import { SourceMap } from "node:module";
import { describe, expect, test } from "vitest";
import { readSections } from "../abi/module-layout.ts";
import type { SourceLocation } from "../errors.ts";
import { type DebugSections, findDebugSections } from "./debug-sections.ts";
import { readLineTable } from "./line-table.ts";
import { originalPosition, sourceLocator } from "./source-lines.ts";
import { readSourceMap, sourceMapOfUrl } from "./source-map.ts";

const FIXTURES = new URL("../../public/plugins/fixtures/", import.meta.url);

function debugOf(name: string): DebugSections {
  const bytes = new Uint8Array(readFileSync(new URL(name, FIXTURES)));
  const found = findDebugSections(bytes, readSections(bytes));
  if (found === undefined) throw new Error(`${name} has no debug information`);
  return found;
}

function shown(location: SourceLocation | undefined): string | undefined {
  return location && `${location.file}:${location.line}:${location.column ?? 0}`;
}

/** A locator of a module that was not rewritten, whose code ends at `end`. */
function unmoved(debug: Partial<DebugSections>, sourceMap?: string, end = 2 ** 24) {
  const none = { codeStart: 0, lineTable: bytesOf(), lineStrings: bytesOf(), sourceMapUrl: "" };
  const pieces = Uint32Array.of(0, 0, end, end);
  return sourceLocator({ ...none, ...debug, pieces }, sourceMap);
}

function bytesOf(
  ...parts: readonly (number | string | readonly number[])[]
): Uint8Array<ArrayBuffer> {
  const numbers = parts.flatMap((part) =>
    typeof part === "string" ? [...new TextEncoder().encode(part)] : part,
  );
  return Uint8Array.from(numbers);
}

describe("a line table", () => {
  /** As `llvm-symbolizer --no-inlines --functions=none --relativenames` of LLVM 14 prints them. */
  test.each([
    ["lines-c.wasm", 0x104, "examples/lines.c:11:3"],
    ["lines-c.wasm", 0x10b, "examples/lines.c:0:3"],
    ["lines-c.wasm", 0x12b, "examples/lines.c:13:5"],
    ["lines-c.wasm", 0x148, "examples/lines.c:15:1"],
    ["lines-c.wasm", 0x149, undefined],
    ["lines-c.wasm", 0x151, "examples/lines-fall.c:6:5"],
    ["lines-c.wasm", 0xa9, "./plugin.h:78:7"],
    ["lines-c.wasm", 0x6, "./libc-bottom-half/crt/crt1-reactor.c:6:5"],
  ])("of %s has the line of 0x%i that LLVM finds", (name, address, location) => {
    const { lineTable, lineStrings } = debugOf(name);
    expect(shown(readLineTable(lineTable, lineStrings, [address]).get(address))).toBe(location);
  });

  test("finds many addresses as it finds each alone", () => {
    const { lineTable, lineStrings } = debugOf("lines-c.wasm");
    const addresses = Array.from({ length: 400 }, (_, index) => index * 3);
    const together = readLineTable(lineTable, lineStrings, addresses);
    for (const address of addresses) {
      const alone = readLineTable(lineTable, lineStrings, [address]);
      expect(alone.get(address)).toEqual(together.get(address));
    }
    expect(together.size).toBeGreaterThan(300);
  });

  /** Names of versions 2 and 5: the file "a.c" in the folder "src" is number 1. */
  const OLD_NAMES = bytesOf("src\0\0", "a.c\0", 1, 0, 0, 0);
  const NEW_NAMES = bytesOf(
    ...[1, 1, 0x08, 2, "/here\0src\0"],
    ...[4, 1, 0x1f, 2, 0x0b, 5, 0x1e, 4, 0x0f, 2],
    ...[[0, 0, 0, 0, 0, 0, 0, 0], 0, Array(16).fill(0) as number[], 9],
    ...[[2, 0, 0, 0, 0, 0, 0, 0], 1, Array(16).fill(0) as number[], 9],
  );
  const STRINGS = bytesOf("?\0a.c\0");
  /** Address 0x100, line 8 for 3 bytes; then line 7, column 5, for 2; then the end. */
  const PROGRAM = bytesOf(
    ...[0, 5, 2, [0x00, 0x01, 0, 0]], // set_address
    ...[3, 7, 1], // advance_line, copy
    ...[9, [3, 0]], // fixed_advance_pc
    ...[5, 5, 3, 0x7f, 1], // set_column, advance_line, copy
    ...[0xff, 2, 2], // special, advance_pc
    ...[0, 1, 1], // end_sequence
  );

  interface Forged {
    readonly version?: number;
    readonly names?: Uint8Array;
    readonly program?: Uint8Array;
    readonly lineRange?: number;
    readonly opcodeBase?: number;
    readonly length?: readonly number[];
  }

  /** A table of one unit; that of version 5 in the form for 64 bits. */
  function tableOf(forged: Forged): Uint8Array {
    const { version = 2, lineRange = 14, opcodeBase = 13, program = PROGRAM } = forged;
    const { names = version === 5 ? NEW_NAMES : OLD_NAMES } = forged;
    const word = (value: number) =>
      version === 5 ? [value & 255, value >> 8, 0, 0, 0, 0, 0, 0] : [value & 255, value >> 8, 0, 0];
    const lengths = [0, 1, 1, 1, 1, 0, 0, 0, 1, 0, 0, 1].slice(0, Math.max(0, opcodeBase - 1));
    const head = [1, ...(version < 4 ? [] : [1]), 1, 0xfb, lineRange, opcodeBase, ...lengths];
    const rest = bytesOf(word(head.length + names.length), head, [...names], [...program]);
    const content = bytesOf([version, 0], version === 5 ? [4, 0] : [], [...rest]);
    const wide = version === 5 ? [255, 255, 255, 255] : [];
    return bytesOf(forged.length ?? [...wide, ...word(content.length)], [...content]);
  }

  test.each([2, 4, 5])("is read in the form of version %i", (version) => {
    const found = readLineTable(tableOf({ version }), STRINGS, [0xff, 0x100, 0x102, 0x103]);
    expect([...found].map(([address, location]) => [address, shown(location)])).toEqual([
      [0x100, "src/a.c:8:0"],
      [0x102, "src/a.c:8:0"],
      [0x103, "src/a.c:7:5"],
    ]);
  });

  test("has no lines of code that the linker left out, at the address 0", () => {
    const program = bytesOf([0, 5, 2, 0, 0, 0, 0, 1, 2], [0x80, 0x80, 4, 0, 1, 1], [...PROGRAM]);
    const found = readLineTable(tableOf({ program }), STRINGS, [5, 0x103]);
    expect(found.get(5)).toBeUndefined();
    expect(shown(found.get(0x103))).toBe("src/a.c:7:5");
  });

  const HUGE = [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x3f];
  const MANY = [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f];

  test.each<[what: string, forged: Forged]>([
    ["an unknown version", { version: 6 }],
    ["no range of lines", { lineRange: 0 }],
    ["no opcode base", { opcodeBase: 0 }],
    ["no room for itself", { length: [0xff, 0xff, 0, 0] }],
    ["no length", { length: [0, 0, 0, 0] }],
    ["a length of 2^64", { length: Array(12).fill(0xff) as number[] }],
    ["names without an end", { names: bytesOf("src\0\0", "a.c") }],
    ["files without a form, and many", { version: 5, names: bytesOf(0, 0, 0, MANY) }],
    ["folders without a form, and many", { version: 5, names: bytesOf(0, MANY) }],
    ["many files", { version: 5, names: bytesOf(0, 0, 1, 1, 0x08, MANY, "a.c\0") }],
    ["an unknown form", { version: 5, names: bytesOf(0, 0, 1, 1, 0x55, 2) }],
    ["a string outside", { version: 5, names: bytesOf(0, 0, 1, 1, 0x1f, 2, MANY, MANY) }],
    ["a file that it lacks", { program: bytesOf([4, 9], [...PROGRAM]) }],
    ["an opcode that is longer than it", { program: bytesOf([0, ...MANY, 1]) }],
    ["a line below 1", { program: bytesOf([3, 0x70], [...PROGRAM]) }],
    ["a line past 2^53", { program: bytesOf([3, ...HUGE], [...PROGRAM]) }],
  ])("has no lines when it is forged to have %s", (_what, forged) => {
    const lineTable = bytesOf([...tableOf(forged)]);
    expect([...unmoved({ lineTable, lineStrings: STRINGS })([0x101, 0x104])]).toEqual([]);
  });

  test("never has a wrong line where it is cut", () => {
    const { lineTable, lineStrings } = debugOf("lines-c.wasm");
    const addresses = [6, 0xa9, 0x104, 0x151];
    const whole = unmoved({ lineTable, lineStrings })(addresses);
    expect(whole.size).toBe(addresses.length);
    for (let cut = 0; cut < 1000; cut += 1) {
      const found = unmoved({ lineTable: lineTable.slice(0, cut), lineStrings })(addresses);
      for (const [address, location] of found) expect(location).toEqual(whole.get(address));
    }
  });

  test("has lines from 1 on or none, whatever its bytes are", () => {
    const { lineTable, lineStrings } = debugOf("lines-c.wasm");
    let seed = 7;
    const next = (below: number) => {
      seed = (Math.imul(seed, 1_103_515_245) + 12_345) & 0x7fffffff;
      return (seed >> 8) % below;
    };
    let found = 0;
    for (let round = 0; round < 3000; round += 1) {
      const forged = lineTable.slice(0, 700);
      for (let flips = 1 + next(4); flips > 0; flips -= 1) forged[next(700)] = next(256);
      for (const { line } of unmoved({ lineTable: forged, lineStrings })([
        6, 0xa9, 0x104,
      ]).values()) {
        expect(line).toBeGreaterThan(0);
        found += 1;
      }
    }
    expect(found).toBeGreaterThan(1000);
  });
});

describe("a source map", () => {
  const text = readFileSync(new URL("lines-assemblyscript.wasm.map", FIXTURES), "utf8");

  test("has the lines that Node finds, for each byte of a module", () => {
    const { length } = readFileSync(new URL("lines-assemblyscript.wasm", FIXTURES));
    const map = JSON.parse(text) as ConstructorParameters<typeof SourceMap>[0];
    // Node 20 reads past a segment of one number at the end.
    const reference = new SourceMap({ ...map, mappings: `${map.mappings};` });
    const positions = Array.from({ length }, (_, index) => index);
    const found = readSourceMap(text, positions);
    for (const position of positions) {
      const entry = reference.findEntry(0, position);
      const isKnown = "originalSource" in entry && typeof entry.originalSource === "string";
      const line = isKnown ? entry.originalLine + 1 : 0;
      const column = isKnown ? entry.originalColumn + 1 : 0;
      const expected = isKnown ? `${entry.originalSource}:${line}:${column}` : undefined;
      expect(shown(found.get(position))).toBe(expected);
    }
    expect(found.size).toBeGreaterThan(500);
  });

  const SMALL =
    '{"version":3,"sourceRoot":"/root","sources":["src/a ü.ts"],"mappings":"IAEC,GACA,E"}';
  const EXPECTED = [
    [4, "src/a ü.ts:3:2"],
    [7, "src/a ü.ts:4:2"],
  ] as const;

  test.each([
    ["base64", `data:application/json;base64,${Buffer.from(SMALL).toString("base64")}`],
    ["percent signs", `data:application/json;charset=utf-8,${encodeURIComponent(SMALL)}`],
  ])("is read from a data URL with %s", (_what, sourceMapUrl) => {
    const found = unmoved({ sourceMapUrl })([3, 4, 7, 9]);
    expect([...found].map(([position, location]) => [position, shown(location)])).toEqual(EXPECTED);
  });

  test("that the page gives wins over what is in the module", () => {
    const debug = { ...debugOf("lines-c.wasm"), sourceMapUrl: "data:,{}" };
    expect(shown(unmoved(debug, SMALL)([4]).get(4))).toBe("src/a ü.ts:3:2");
  });

  test("in a data URL may have 4,194,304 characters", () => {
    const url = `data:,${" ".repeat(4_194_298)}`;
    expect(url.length).toBe(4_194_304);
    expect(sourceMapOfUrl(url)).toHaveLength(4_194_298);
    expect(sourceMapOfUrl(`${url} `)).toBeUndefined();
  });

  test.each([
    "",
    "lines.wasm.map",
    "https://example.org/lines.wasm.map",
    "data:",
    "data:,%",
    "data:;base64,!",
    "data:,null",
    "data:,{}",
    'data:,{"mappings":"IAAA"}',
    'data:,{"mappings":1,"sources":["a"]}',
    'data:,{"mappings":"I!AA","sources":["a"]}',
    'data:,{"mappings":"IAAA","sources":[1]}',
    'data:,{"mappings":"IADA","sources":["a"]}',
    'data:,{"mappings":"IAAD","sources":["a"]}',
    `data:,{"mappings":"IAA${"g".repeat(5000)}A","sources":["a"]}`,
    'data:,{"mappings":";IAAA","sources":["a"]}',
    `data:,${"[".repeat(100_000)}`,
  ])("is none at the address %#", (sourceMapUrl) => {
    expect([...unmoved({ sourceMapUrl })([4, 5])]).toEqual([]);
  });
});

test("sections with debug information may have 8 MiB", () => {
  const module = (length: number) => {
    const name = ".debug_line";
    const size = length + 1 + name.length;
    const bytes = new Uint8Array(8 + 5 + size);
    const leb = [0, 7, 14, 21].map((shift) => ((size >> shift) & 127) | (shift < 21 ? 128 : 0));
    bytes.set(bytesOf("\0asm", [1, 0, 0, 0], 0, leb, name.length, name));
    return bytes;
  };
  const [most, more] = [8_388_608, 8_388_609].map((length) => {
    const bytes = module(length);
    return findDebugSections(bytes, readSections(bytes))?.lineTable.length;
  });
  expect([most, more]).toEqual([8_388_608, undefined]);
});

test("a position is found again where code was inserted, removed and moved", () => {
  const pieces = Uint32Array.of(10, 5, 20, 14, 40, 30);
  const positions = [9, 10, 16, 17, 19, 20, 30, 39, 40].map((each) =>
    originalPosition(pieces, each),
  );
  expect(positions).toEqual([undefined, 5, 11, 12, 14, 14, 24, 30, undefined]);
  expect(originalPosition(new Uint32Array(), 1)).toBeUndefined();
});
