/** Bytes that are no module, or one that should not have been made. */

import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { SECTION } from "../../src/abi/module-layout.ts";
import { ALLOC, ECHO, FREE, guest, guestAddress, MEMORY } from "../harness/hand-made-guest.ts";
import { type End, fails, hostile, hostileEach, survives, test } from "./case.ts";

/** A guest in C with all of wasi-libc's allocator: what is cut off and damaged below. */
const REAL = [...readFileSync(resolve(import.meta.dirname, "../../public/plugins/double-c.wasm"))];
const SMALL = guest(MEMORY, ALLOC, FREE, ECHO);

const HEADER = [0, ...ascii("asm"), 1, 0, 0, 0];
/** The longest LEB128 of a u32, all bits set: 2^32 - 1. */
const MOST = [0xff, 0xff, 0xff, 0xff, 0x0f];

function ascii(text: string): number[] {
  return [...Buffer.from(text)];
}

function leb(value: number): number[] {
  return value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...leb(value >>> 7)];
}

function section(id: number, ...content: readonly (number | readonly number[])[]): number[] {
  const bytes = content.flat();
  return [id, ...leb(bytes.length), ...bytes];
}

function module(...sections: readonly number[][]): number[] {
  return [...HEADER, ...sections.flat()];
}

function schemaSection(text: string): number[] {
  return section(SECTION.custom, 13, ...ascii("plugin.schema"), ascii(text));
}

function numbered(count: number, write: (index: number) => string): string {
  return Array.from({ length: count }, (_, index) => write(index)).join("");
}

const NO_TYPE = section(SECTION.type, 1, 0x60, 0, 0);
const ONE_FUNCTION = section(SECTION.function, 1, 0);
const ONE_PAGE = section(SECTION.memory, 1, 0, 1);
const ONE_BODY = section(SECTION.code, 1, 2, 0, 0x0b);

const MALFORMED: readonly (readonly [what: string, bytes: number[]])[] = [
  ["nothing", []],
  ["one byte", [0]],
  ["half of the magic number", [0, 0x61]],
  ["the magic number alone", HEADER.slice(0, 4)],
  ["another magic number", [0, ...ascii("ASM"), 1, 0, 0, 0]],
  ["version 2", [0, ...ascii("asm"), 2, 0, 0, 0]],
  ["a component", [0, ...ascii("asm"), 0x0d, 0, 1, 0]],
  ["a module in the text format", ascii("(module)")],
  ["a page", ascii("<!doctype html><title>Not found</title>")],
  ["a script", ascii("export const plugin = 1;")],
  [
    "a program for another machine",
    [0x7f, ...ascii("ELF"), 2, 1, 1, 0, ...Array<number>(100).fill(0)],
  ],
  ["a module behind a byte order mark", [0xef, 0xbb, 0xbf, ...SMALL]],
  ["a module in base64", ascii(Buffer.from(SMALL).toString("base64"))],
  ["a module twice", [...SMALL, ...SMALL]],
  ["a module and one byte more", [...SMALL, 0]],
  ["zeros", Array<number>(1000).fill(0)],
  ["ones", Array<number>(1000).fill(0xff)],
  ["a section of unknown kind", module(section(14, 0))],
  ["a section of kind 255", module(section(255, 0))],
  ["a section longer than the rest", [...HEADER, SECTION.type, ...leb(100), 0]],
  ["a section of 2^32 - 1 bytes", [...HEADER, SECTION.type, ...MOST, 0]],
  [
    "a section whose length does not end",
    [...HEADER, SECTION.type, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80],
  ],
  [
    "a section whose length exceeds 32 bits",
    [...HEADER, SECTION.type, 0xff, 0xff, 0xff, 0xff, 0x7f, 0],
  ],
  [
    "a section whose length has too much padding",
    [...HEADER, SECTION.type, 0x81, 0x80, 0x80, 0x80, 0x80, 0, 0],
  ],
  ["a section with a byte left over", module(section(SECTION.type, 0, 0))],
  ["two sections of types", module(NO_TYPE, NO_TYPE)],
  ["two sections of memories", module(ONE_PAGE, ONE_PAGE)],
  ["two sections of code", module(NO_TYPE, ONE_FUNCTION, ONE_BODY, ONE_BODY)],
  ["sections in the wrong order", module(ONE_FUNCTION, NO_TYPE, ONE_BODY)],
  [
    "exports before memories",
    module(section(SECTION.export, 1, 6, ...ascii("memory"), 2, 0), ONE_PAGE),
  ],
  ["2^32 - 1 types", module(section(SECTION.type, ...MOST, 0x60, 0, 0))],
  ["2^32 - 1 imports", module(section(SECTION.import, ...MOST))],
  ["2^32 - 1 functions", module(NO_TYPE, section(SECTION.function, ...MOST, 0))],
  ["2^32 - 1 exports", module(ONE_PAGE, section(SECTION.export, ...MOST, 1, 0x61, 2, 0))],
  ["2^32 - 1 elements", module(section(SECTION.element, ...MOST))],
  ["2^32 - 1 bodies", module(NO_TYPE, ONE_FUNCTION, section(SECTION.code, ...MOST, 2, 0, 0x0b))],
  ["2^32 - 1 pieces of data", module(ONE_PAGE, section(SECTION.data, ...MOST))],
  ["2^32 - 1 parameters", module(section(SECTION.type, 1, 0x60, ...MOST, 0x7f))],
  [
    "1,001 parameters",
    module(section(SECTION.type, 1, 0x60, ...leb(1001), ...Array<number>(1001).fill(0x7f), 0)),
  ],
  [
    "2^32 - 1 locals",
    module(NO_TYPE, ONE_FUNCTION, section(SECTION.code, 1, 8, 1, ...MOST, 0x7f, 0x0b)),
  ],
  [
    "locals whose total exceeds 2^32",
    module(
      NO_TYPE,
      ONE_FUNCTION,
      section(SECTION.code, 1, 20, 3, ...MOST, 0x7f, ...MOST, 0x7f, ...MOST, 0x7f, 0x0b),
    ),
  ],
  ["a name of 2^32 - 1 bytes", module(section(SECTION.import, 1, ...MOST, 0x61))],
  ["a name that is not UTF-8", module(section(SECTION.import, 1, 2, 0xc3, 0x28, 1, 0x61, 0, 0))],
  [
    "a name with an unpaired surrogate",
    module(ONE_PAGE, section(SECTION.export, 1, 3, 0xed, 0xa0, 0x80, 2, 0)),
  ],
  ["a custom section whose name is not UTF-8", module(section(SECTION.custom, 2, 0xc3, 0x28))],
  ["a custom section without a name", module(section(SECTION.custom))],
  [
    "two exports with the same name",
    module(ONE_PAGE, section(SECTION.export, 2, 1, 0x61, 2, 0, 1, 0x61, 2, 0)),
  ],
  ["an export of a function that is not there", module(section(SECTION.export, 1, 1, 0x61, 0, 9))],
  ["an export of a kind that is not there", module(section(SECTION.export, 1, 1, 0x61, 9, 0))],
  ["a function with a missing type", module(NO_TYPE, section(SECTION.function, 1, 9), ONE_BODY)],
  ["a function without a body", module(NO_TYPE, ONE_FUNCTION)],
  ["a body without a function", module(NO_TYPE, ONE_BODY)],
  [
    "a body longer than its section",
    module(NO_TYPE, ONE_FUNCTION, section(SECTION.code, 1, 100, 0, 0x0b)),
  ],
  ["a body without an end", module(NO_TYPE, ONE_FUNCTION, section(SECTION.code, 1, 2, 0, 0x01))],
  [
    "a body with too many ends",
    module(NO_TYPE, ONE_FUNCTION, section(SECTION.code, 1, 3, 0, 0x0b, 0x0b)),
  ],
  [
    "an unknown instruction",
    module(NO_TYPE, ONE_FUNCTION, section(SECTION.code, 1, 3, 0, 0xff, 0x0b)),
  ],
  [
    "an instruction of 2^32 - 1",
    module(NO_TYPE, ONE_FUNCTION, section(SECTION.code, 1, 8, 0, 0xfc, ...MOST, 0x0b)),
  ],
  [
    "a table of 2^32 - 1 branches",
    module(NO_TYPE, ONE_FUNCTION, section(SECTION.code, 1, 8, 0, 0x0e, ...MOST, 0x0b)),
  ],
  ["a missing operand", module(NO_TYPE, ONE_FUNCTION, section(SECTION.code, 1, 3, 0, 0x1a, 0x0b))],
  [
    "a start function with a parameter",
    module(
      section(SECTION.type, 1, 0x60, 1, 0x7f, 0),
      ONE_FUNCTION,
      section(SECTION.start, 0),
      ONE_BODY,
    ),
  ],
  ["a start function that is not there", module(section(SECTION.start, 0))],
  ["a memory with less room than it starts with", module(section(SECTION.memory, 1, 1, 2, 1))],
  [
    "more data segments than declared",
    module(ONE_PAGE, section(SECTION.dataCount, 2), section(SECTION.data, 0)),
  ],
  ["a global that is set to itself", module(section(SECTION.global, 1, 0x7f, 0, 0x23, 0, 0x0b))],
];

const NO_MODULE = fails("PluginLoadError", /^Cannot (compile|load) plugin "plugin": ./s);

test(
  `each of ${MALFORMED.length} things that are no module is refused as one`,
  hostileEach({
    cases: MALFORMED.map(([what, bytes]) => [what, bytes, NO_MODULE] as const),
    attack: ({ load }, bytes) => load(bytes),
  }),
);

const overLimit = (limit: string, value: number, allowed: number): End =>
  fails("PluginLimitError", new RegExp(`limits\\.${limit}\\)$`), {
    fields: { limit, value, allowed },
  });

/** The small plugin, and so many sections that say nothing. */
const sections = (count: number) => [
  ...SMALL,
  ...Array.from({ length: count }, () => section(SECTION.custom, 0)).flat(),
];

const PLUGIN = [MEMORY, ALLOC, FREE, ECHO];

/** Modules, all of them, but not ones to run. */
const UNFIT: readonly (readonly [what: string, address: string, end: End])[] = [
  [
    "the smallest module",
    address(HEADER),
    fails("PluginLinkError", /export "memory" is missing \(must be a memory\)/),
  ],
  [
    "a command",
    guestAddress(MEMORY, '(func (export "_start"))'),
    fails("PluginLinkError", /\(it is a command: runCommand runs those\)$/),
  ],
  [
    "a memory of 4 GiB",
    guestAddress('(memory (export "memory") 65536)', ALLOC, FREE, ECHO),
    overLimit("memoryBytes", 2 ** 32, 2 ** 30),
  ],
  [
    "a memory of one page above the maximum",
    address(module(section(SECTION.memory, 1, 0, leb(65_537)))),
    overLimit("memoryBytes", 65_537 * 65_536, 2 ** 30),
  ],
  [
    "a memory of 64 bits and 16 EiB",
    guestAddress('(memory (export "memory") i64 0x1000000000000)', ALLOC, FREE, ECHO),
    fails("PluginLimitError", /limits\.memoryBytes\)$/),
  ],
  [
    "a second memory",
    address([...HEADER, ...section(SECTION.memory, 2, 0, 1, 0, 1)]),
    overLimit("memories", 2, 1),
  ],
  [
    "a table of ten million and one elements",
    guestAddress(...PLUGIN, "(table 10000001 funcref)"),
    overLimit("tableElements", 10_000_001, 10_000_000),
  ],
  [
    "a hundred tables of a hundred and ten thousand elements",
    guestAddress(...PLUGIN, "(table 110000 funcref)".repeat(100)),
    overLimit("tableElements", 11_000_000, 10_000_000),
  ],
  [
    "a struct for the garbage collector",
    address(module(section(SECTION.type, 1, 0x5f, 1, 0x7f, 1), ONE_PAGE)),
    overLimit("gcTypes", 1, 0),
  ],
  [
    "a shared memory without a maximum",
    address(module(section(SECTION.memory, 1, 2, 1))),
    overLimit("sharedMemories", 1, 0),
  ],
  ["nine thousand empty custom sections", address(sections(9000)), survives("loaded")],
  [
    "custom sections that are what they say they are not",
    address([
      ...SMALL,
      ...section(SECTION.custom, 4, ...ascii("name"), ...MOST, 0xff),
      ...section(SECTION.custom, 16, ...ascii("sourceMappingURL"), 5, ...ascii("//x/y")),
      ...section(SECTION.custom, 9, ...ascii("producers"), ...MOST),
    ]),
    survives("loaded"),
  ],
  [
    "a schema that is no text",
    address([...SMALL, ...section(SECTION.custom, 13, ...ascii("plugin.schema"), 0xff)]),
    fails("PluginLinkError", /its bytes are not UTF-8/),
  ],
  [
    "a schema of three thousand types within types",
    address([
      ...SMALL,
      ...schemaSection(`${numbered(3000, (at) => `type t${at}=vec<t${at + 1}>;`)}type t3000=u8;`),
    ]),
    survives("loaded"),
  ],
  [
    "a schema of functions that are not there",
    address([...SMALL, ...schemaSection(numbered(4500, (index) => `fn f${index}();`))]),
    fails("PluginLinkError", /its schema has "f0", which it does not export/),
  ],
];

function address(bytes: readonly number[]): string {
  return `data:application/wasm;base64,${Buffer.from(bytes).toString("base64")}`;
}

test(
  `each of ${UNFIT.length} modules that are odd plugins loads or fails as it should`,
  hostileEach({
    cases: UNFIT,
    attack: async ({ load }, source) => {
      await load(source);
      return "loaded";
    },
  }),
);

test(
  // At every byte src/worker/compile-module.test.ts truncates it, without a browser.
  "a module truncated at each of its first bytes and at every four-hundred-and-first of the rest",
  hostile({
    given: REAL,
    attack: async ({ cloche: { loadPlugin } }, bytes) => {
      const ends = new Set<string>();
      const cuts = bytes.map((_, cut) => cut).filter((cut) => cut < 20 || cut % 401 === 0);
      for (const cut of cuts) {
        const end = await loadPlugin(new Uint8Array(bytes.slice(0, cut))).then(
          () => `loaded at ${cut}`,
          (error: Error) => error.name,
        );
        ends.add(end);
      }
      return [...ends].sort();
    },
    // Cut off between two sections it is a whole module still, but without exports.
    end: survives(["PluginLinkError", "PluginLoadError"]),
    deadlineMs: 30_000,
  }),
);

/** Bits of a module, of which the browser takes most when they are wrong. */
function someBits(
  module: readonly number[],
  count: number,
  seed: number,
): (readonly [at: number, bit: number])[] {
  let state = seed;
  const random = (below: number) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) | 0;
    return (state >>> 8) % below;
  };
  return Array.from({ length: count }, () => [random(module.length), random(8)] as const).filter(
    ([at, bit]) => {
      const flipped = Uint8Array.from(module);
      flipped[at] = (flipped[at] ?? 0) ^ (1 << bit);
      // What the browser itself refuses is tried in the case before; one in twenty will do here.
      return WebAssembly.validate(flipped) || random(20) === 0;
    },
  );
}

/** Seeds of two hundred bits that lead to more than three kinds of ends each. */
const ALL_SEEDS = [14, 15, 16, 18, 19, 21, 22, 25, 26, 27];
/** `CLOCHE_FUZZ=10` tries them all. */
const SEEDS = ALL_SEEDS.slice(0, Number(process.env["CLOCHE_FUZZ"] ?? 1));

for (const seed of SEEDS) {
  test(
    `a module with one bit flipped, two hundred times, and called where it still compiles (${seed})`,
    hostile({
      given: { bytes: REAL, bits: someBits(REAL, 200, seed) },
      attack: async ({ cloche: { loadPlugin }, t }, { bytes, bits }) => {
        const ends = new Set<string>();
        for (const [at, bit] of bits) {
          const flipped = new Uint8Array(bytes);
          flipped[at] = (flipped[at] ?? 0) ^ (1 << bit);
          try {
            const plugin = await loadPlugin(flipped, { limits: { loadMs: 2000 } });
            try {
              const numbers = t.vec(t.f64);
              const double = plugin.function("double", [numbers], numbers);
              await double.with({ timeoutMs: 100 })([1, 2, 3]);
              ends.add("answered");
            } finally {
              plugin.terminate();
            }
          } catch (error) {
            ends.add((error as Error).name);
          }
        }
        const known = /^(answered|CodecError|Plugin(Load|Link|Limit|Trap|Exit|Timeout)Error)$/;
        return [[...ends].filter((end) => !known.test(end)), ends.size > 3];
      },
      end: survives([[], true]),
      deadlineMs: 30_000,
    }),
  );
}
