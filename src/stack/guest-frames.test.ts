import { describe, expect, test } from "vitest";
import { describeGuestFrames, readGuestFrames } from "./guest-frames.ts";

const LEGACY_NAME =
  "_ZN66_$LT$probe..shelf..Book$LT$T$GT$$u20$as$u20$probe..shelf..Read$GT$4read17h852e300049028192E";

/** As the engines wrote them, without frames of the page's own scripts. */
const STACKS: readonly (readonly [engine: string, stack: string])[] = [
  [
    "V8",
    `RuntimeError: unreachable
    at boom (wasm://wasm/cca295d6:wasm-function[1]:0x56)
    at double::parse (wasm://wasm/cca295d6:wasm-function[2]:0x5a)
    at ${LEGACY_NAME} (wasm://wasm/cca295d6:wasm-function[3]:0x208)
    at wasm://wasm/cca295d6:wasm-function[4]:0x66
    at eval (eval at evaluate (:370:30), <anonymous>:5:76)`,
  ],
  [
    "V8, of a module with a name",
    `RuntimeError: unreachable
    at my mod.boom (wasm://wasm/my mod-eb12897a:wasm-function[1]:0x56)
    at my mod.double::parse (wasm://wasm/my mod-eb12897a:wasm-function[2]:0x5a)
    at my mod.${LEGACY_NAME} (wasm://wasm/my mod-eb12897a:wasm-function[3]:0x208)
    at my mod (wasm://wasm/my mod-eb12897a:wasm-function[4]:0x66)`,
  ],
  [
    "SpiderMonkey",
    `boom@about:blank line 370 > eval line 3 > WebAssembly.compile:wasm-function[1]:0x56
double::parse@https://example.org/@fs/worker.js line 3 > WebAssembly.compile:wasm-function[2]:0x5a
${LEGACY_NAME}@worker line 3 > WebAssembly.Module:wasm-function[3]:0x208
@about:blank line 370 > eval line 3 > WebAssembly.compile:wasm-function[4]:0x66
@about:blank line 370 > eval:5:76`,
  ],
  [
    "SpiderMonkey, of a module that is named after its file",
    `double.wasm.boom@worker line 3 > WebAssembly.compile:wasm-function[1]:0x56
double.wasm.double::parse@worker line 3 > WebAssembly.compile:wasm-function[2]:0x5a
double.wasm.${LEGACY_NAME}@worker line 3 > WebAssembly.compile:wasm-function[3]:0x208
double.wasm.@worker line 3 > WebAssembly.compile:wasm-function[4]:0x66`,
  ],
  [
    "JavaScriptCore",
    `boom@<?>:wasm-function[1]
double::parse@my mod:wasm-function[2]
${LEGACY_NAME}@<?>:wasm-function[3]
(null)@<?>:wasm-function[4]
@`,
  ],
  [
    "JavaScriptCore, with a number for a name",
    `boom@<?>:wasm-function[1]
double::parse@<?>:wasm-function[2]
${LEGACY_NAME}@<?>:wasm-function[3]
4@<?>:wasm-function[4]`,
  ],
];

describe("the guest's frames", () => {
  test.each(STACKS)("are read from a stack of %s", (_, stack) => {
    expect(readGuestFrames(stack)).toEqual([
      { functionIndex: 1, name: "boom" },
      { functionIndex: 2, name: "double::parse" },
      { functionIndex: 3, name: "<probe::shelf::Book<T> as probe::shelf::Read>::read" },
      { functionIndex: 4, name: undefined },
    ]);
  });

  test.each([
    "",
    "at double (worker.js:1:2)",
    "at f (wasm://wasm/1:wasm-function[x]:0x1)",
    "at f (wasm://wasm/1:wasm-function[12345678]:0x1)",
    "at f (wasm://wasm/1:wasm-function[",
  ])("are none in %j", (stack) => {
    expect(readGuestFrames(stack)).toEqual([]);
  });

  test("have names without what breaks or turns a line", () => {
    const stack = "at ä🦀\u0000x\u2028y\u202ez (wasm://wasm/eb12897a:wasm-function[2]:0x5a)";
    expect(readGuestFrames(stack)).toEqual([
      { functionIndex: 2, name: "ä🦀\ufffdx\ufffdy\ufffdz" },
    ]);
  });

  test("are read past a name that has the form of a frame", () => {
    const stack =
      "at at a (wasm://wasm/1:wasm-function[7]:0x1) (wasm://wasm/eb12897a:wasm-function[2]:0x5a)";
    expect(readGuestFrames(stack)).toEqual([
      { functionIndex: 2, name: "at a (wasm://wasm/1:wasm-function[7]:0x1)" },
    ]);
  });

  test("have names of at most 1,000 characters", () => {
    const [whole, cut] = [1000, 1001].map(
      (length) => readGuestFrames(`${"x".repeat(length)}@<?>:wasm-function[1]`)[0]?.name,
    );
    expect([whole, cut]).toEqual(["x".repeat(1000), `${"x".repeat(1000)}…`]);
  });

  test("are at most 100", () => {
    const stack = "overflow@<?>:wasm-function[3]\n".repeat(101);
    expect(readGuestFrames(stack)).toHaveLength(100);
  });

  test("have the lines of the source that are known, and paths without what turns a line", () => {
    const [, stack = ""] = STACKS[0] ?? [];
    const asked: number[][] = [];
    const frames = readGuestFrames(stack, (positions) => {
      asked.push([...positions]);
      return new Map([
        [0x56, { file: "src/a\u202e.rs", line: 7, column: 3 }],
        [0x66, { file: "x".repeat(1001), line: 8, column: undefined }],
      ]);
    });
    expect(asked).toEqual([[0x56, 0x5a, 0x208, 0x66]]);
    expect(frames.map(({ source }) => source)).toEqual([
      { file: "src/a\ufffd.rs", line: 7, column: 3 },
      undefined,
      undefined,
      { file: `${"x".repeat(1000)}…`, line: 8, column: undefined },
    ]);
  });

  test("are one line each as text", () => {
    const frames = [
      { functionIndex: 12, name: "double::parse", source: undefined },
      { functionIndex: 4, name: undefined, source: undefined },
      { functionIndex: 5, name: "go", source: { file: "a.c", line: 7, column: 13 } },
      { functionIndex: 6, name: undefined, source: { file: "a.c", line: 8, column: undefined } },
    ];
    expect(describeGuestFrames(frames)).toBe(
      "at double::parse (function 12)\nat function 4\nat go (a.c:7:13)\nat function 6 (a.c:8)",
    );
  });
});
