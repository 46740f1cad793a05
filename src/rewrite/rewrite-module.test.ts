import { describe, expect, test } from "vitest";
import { readModuleLayout } from "../abi/module-layout.ts";
import { hex, wat } from "../abi/wat.test-kit.ts";
import { type ExceededLimit, PluginLimitError } from "../errors.ts";
import { DEFAULT_LIMITS } from "../limits.ts";
import { BinaryWriter } from "./binary-writer.ts";
import type { Interruption } from "./form.ts";
import type { ModuleLimits } from "./module-bounds.ts";
import { type RewrittenModule, rewriteModule } from "./rewrite-module.ts";

/** Rewrites for tests; Node cannot run `"epoch"`, which e2e/interruption.test.ts does. */
function rewrite(
  bytes: Uint8Array,
  { interruption = "fuel", limits = {} }: { interruption?: Interruption; limits?: object } = {},
): RewrittenModule {
  return rewriteModule(bytes, readModuleLayout(bytes), {
    pluginName: "test",
    limits: { ...DEFAULT_LIMITS, gcTypes: 100, memories: 10, ...limits },
    interruption,
    flagAddress: 64,
    isTraced: false,
  });
}

/** The limits that a function's error says are exceeded. */
function exceededOf(run: () => unknown): readonly ExceededLimit[] {
  try {
    run();
  } catch (error) {
    if (error instanceof PluginLimitError) return error.exceeded;
    throw error;
  }
  return [];
}

/** Functions that refuse fuel and grant it, in the form in which a table takes them. */
const { refuse, grant } = new WebAssembly.Instance(
  new WebAssembly.Module(
    wat(`(module (func (export "refuse") (result i32) (i32.const 0))
      (func (export "grant") (result i32) (i32.const 1)))`),
  ),
).exports;

/** (module (func)* ), each with some code, which may be longer than what is rewritten at once. */
function moduleOf(...codes: readonly (readonly number[])[]): Uint8Array<ArrayBuffer> {
  const writer = new BinaryWriter();
  const section = (id: number, items: readonly (readonly number[])[]): void => {
    const content = new BinaryWriter();
    content.u32(items.length);
    for (const item of items) content.bytes(item);
    writer.byte(id);
    writer.sized(content.written);
  };
  writer.bytes(hex("00 61 73 6d 01 00 00 00"));
  section(1, [[0x60, 0, 0]]);
  section(
    3,
    codes.map(() => [0]),
  );
  const bodies = codes.map((code) => {
    const body = new BinaryWriter();
    body.sized([0, ...code, 0x0b]);
    return [...body.written];
  });
  section(10, bodies);
  return writer.written.slice();
}

type Call = (...args: unknown[]) => unknown;

interface Metered {
  call(name: string, ...args: unknown[]): unknown;
  readonly exports: WebAssembly.Exports;
  fuel: WebAssembly.Global<"i64">;
}

/** An instance of a module in the form that counts, with fuel that is only refilled by `refill`. */
function metered(text: string, { units = 1_000_000n, refill = refuse } = {}): Metered {
  const { bytes, hooks } = rewrite(wat(text));
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(bytes));
  const fuel = exports[hooks.fuel ?? ""] as WebAssembly.Global<"i64">;
  (exports[hooks.refill ?? ""] as WebAssembly.Table).set(0, refill);
  fuel.value = units;
  return { exports, fuel, call: (name, ...args) => (exports[name] as Call)(...args) };
}

const SUM = `(module (func (export "sum") (param i32) (result i32) (local i32)
  (loop $l
    (local.set 1 (i32.add (local.get 1) (local.get 0)))
    (br_if $l (local.tee 0 (i32.sub (local.get 0) (i32.const 1)))))
  (local.get 1)))`;

describe("functions", () => {
  const repeated = (count: number, ...code: number[]) =>
    Array.from({ length: count }, () => code).flat();
  const [LOOP, BLOCK, RETURN, END, NOP] = [0x03, 0x02, 0x0f, 0x0b, 0x01];

  test.each<[what: string, codes: number[][]]>([
    ["returns", [repeated(300_000, RETURN)]],
    [
      "loops, each in the one before",
      [[...repeated(50_000, LOOP, 0x40), ...repeated(50_000, END)]],
    ],
    [
      "blocks, each in the one before",
      [[...repeated(90_000, BLOCK, 0x40), ...repeated(90_000, END)]],
    ],
    ["nothing much, and there are many", repeated(70_000, NOP).map((code) => [code])],
    ["more than is rewritten at once, between others", [[], repeated(500_000, NOP), [], [NOP]]],
  ])("may consist of %s", (_what, codes) => {
    const original = moduleOf(...codes);
    expect(WebAssembly.validate(original)).toBe(true);
    for (const interruption of ["fuel", "terminate"] as const) {
      expect(WebAssembly.validate(rewrite(original, { interruption }).bytes)).toBe(true);
    }
  });

  test("leave room for the most checks, even in code that is invalid", () => {
    // A handler that is entered from anywhere begins with a check.
    const code = [0x06, 0x40, ...repeated(200_000, 0x19), END];
    expect(rewrite(moduleOf(code)).bytes.length).toBeGreaterThan(200_000 * 20);
  });

  test("end within the code section, even those that are longer than allowed", () => {
    const bytes = wat("(module (func (nop)))");
    for (const size of [[0x05], [0xff, 0x7f], [0xff, 0xff, 0xff, 0xff, 0x0f]]) {
      const body = [...size, ...bytes.subarray(bytes.length - 3)];
      const section = [0x0a, body.length + 1, 1, ...body];
      const changed = Uint8Array.from([...bytes.subarray(0, bytes.length - 7), ...section]);
      expect(() => rewrite(changed)).toThrow("unexpected end");
    }
  });
});

describe("a module that counts its fuel", () => {
  test("returns the same results, and each iteration of a loop costs its number of instructions", () => {
    const guest = metered(SUM);
    const cost = (turns: number) => {
      const before = guest.fuel.value;
      expect(guest.call("sum", turns)).toBe((turns * (turns + 1)) / 2);
      return Number(before - guest.fuel.value);
    };
    const base = cost(1);
    expect([cost(2) - base, cost(11) - base, cost(1001) - base]).toEqual([10, 100, 10_000]);
  });

  test("uses the same amount for the same run, and less for a shorter one", () => {
    const used = (turns: number) => {
      const guest = metered(SUM);
      guest.call("sum", turns);
      return guest.fuel.value;
    };
    expect(used(100)).toBe(used(100));
    expect(used(99)).toBeGreaterThan(used(100));
  });

  test("traps without a refill, and continues with one", () => {
    expect(() => metered(SUM, { units: 500n }).call("sum", 1000)).toThrow(WebAssembly.RuntimeError);
    const guest = metered(SUM, { units: 500n, refill: grant });
    expect(guest.call("sum", 1000)).toBe(500_500);
    expect(guest.fuel.value).toBeLessThan(0n);
  });

  test("traps in endless recursion, in a tree of calls and in tail calls", () => {
    const text = `(module
      (func $deep (export "deep") (param i32) (result i32) (i32.add (i32.const 1) (call $deep (local.get 0))))
      (func $tree (export "tree") (param i32)
        (if (local.get 0) (then
          (call $tree (i32.sub (local.get 0) (i32.const 1)))
          (call $tree (i32.sub (local.get 0) (i32.const 1))))))
      (table 1 funcref) (elem (i32.const 0) $tail) (type $v (func))
      (func $tail (export "tail") (return_call_indirect (type $v) (i32.const 0))))`;
    for (const [name, argument] of [
      ["deep", 0],
      ["tree", 60],
      ["tail", 0],
    ] as const) {
      expect(() => metered(text, { units: 5000n }).call(name, argument)).toThrow("unreachable");
    }
  });

  test("counts correctly however a function ends: at its end, by return, by a branch, by a throw", () => {
    const guest = metered(`(module (tag $t)
      (func $end (param i32) (result i32 i32) (i32.const 1) (i32.const 2))
      (func $return (param i32) (result i32 i32) (return (i32.const 1) (i32.const 2)) (unreachable))
      (func $branch (param i32) (result i32 i32)
        (loop $l (br_if 1 (i32.const 1) (i32.const 2) (local.get 0)) (drop) (drop))
        (i32.const 3) (i32.const 4))
      (func $table (param i32) (result i32 i32)
        (block (br_table 1 1 (i32.const 1) (i32.const 2) (local.get 0))) (unreachable))
      (func $throw (throw $t))
      (func $catch (param i32) (result i32 i32)
        (try (do (call $throw)) (catch $t)) (i32.const 1) (i32.const 2))
      (func (export "all") (result i32)
        (call $end (i32.const 1)) (i32.add)
        (call $return (i32.const 1)) (i32.add) (i32.add)
        (call $branch (i32.const 1)) (i32.add) (i32.add)
        (call $table (i32.const 1)) (i32.add) (i32.add)
        (call $catch (i32.const 1)) (i32.add) (i32.add)))`);
    const before = guest.fuel.value;
    expect(guest.call("all")).toBe(15);
    const once = before - guest.fuel.value;
    expect(once).toBeGreaterThan(20n);
    guest.call("all");
    expect(before - guest.fuel.value).toBe(2n * once);
  });

  test("pays for bulk operations by their length", () => {
    const guest = metered(`(module (memory (export "memory") 32)
      (func (export "fill") (param i32) (memory.fill (i32.const 0) (i32.const 7) (local.get 0))))`);
    const cost = (length: number) => {
      const before = guest.fuel.value;
      guest.call("fill", length);
      return Number(before - guest.fuel.value);
    };
    const base = cost(0);
    expect([cost(8) - base, cost(80_000) - base]).toEqual([1, 10_000]);
  });
});

/** 12 MiB of memory: long operations on it are done in pieces of 4 MiB. */
const BULK = `(module (memory (export "memory") 192)
  (func (export "fill") (param i32 i32 i32) (memory.fill (local.get 0) (local.get 1) (local.get 2)))
  (func (export "copy") (param i32 i32 i32) (memory.copy (local.get 0) (local.get 1) (local.get 2)))
  (data $d "abcdef")
  (func (export "init") (param i32 i32 i32) (memory.init $d (local.get 0) (local.get 1) (local.get 2)))
  (func (export "grow") (param i32) (result i32) (memory.grow (local.get 0))))`;
const MIB = 1024 * 1024;

describe("a bulk operation in pieces", () => {
  test.each<[string, string, number[]]>([
    ["fills", "fill", [3, 0xab, 11 * MIB]],
    ["fills exactly two pieces", "fill", [0, 0xab, 8 * MIB]],
    ["fills up to the very end", "fill", [5, 0xab, 12 * MIB - 5]],
    ["writes nothing when it would pass the end", "fill", [6, 0xab, 12 * MIB - 5]],
    ["writes nothing when its length wraps", "fill", [2 * MIB, 0xab, -1]],
    ["copies forward over itself", "copy", [0, 1 * MIB + 3, 10 * MIB]],
    ["copies backward over itself", "copy", [1 * MIB + 3, 0, 10 * MIB]],
    ["copies by one byte", "copy", [1, 0, 12 * MIB - 1]],
    ["copies onto itself", "copy", [7, 7, 9 * MIB]],
    ["writes nothing when the source would pass the end", "copy", [0, 3 * MIB, 10 * MIB]],
    ["writes nothing when the destination would pass the end", "copy", [3 * MIB, 0, 10 * MIB]],
    ["copies from a segment", "init", [100, 1, 4]],
    ["copies past the end of a segment", "init", [100, 1, 6]],
  ])("%s as the engine does: %s(%j)", (_title, name, args) => {
    const outcome = (exports: WebAssembly.Exports) => {
      const bytes = new Uint32Array((exports["memory"] as WebAssembly.Memory).buffer);
      for (let index = 0; index < bytes.length; index++)
        bytes[index] = Math.imul(index, 0x9e3779b9);
      let trap = "";
      try {
        (exports[name] as Call)(...args);
      } catch (error) {
        trap = String(error);
      }
      return { trap, hash: bytes.reduce((hash, word) => Math.imul(hash ^ word, 0x01000193), 1) };
    };
    const plain = new WebAssembly.Instance(new WebAssembly.Module(wat(BULK))).exports;
    const guest = metered(BULK, { units: 10_000_000_000n });
    expect(outcome(guest.exports)).toEqual(outcome(plain));
  });
});

describe("a rewritten module", () => {
  test("exports its start section instead of running it", () => {
    const text = `(module (global $g (export "g") (mut i32) (i32.const 0))
      (func $start (global.set $g (i32.const 7))) (start $start))`;
    const { bytes, hooks } = rewrite(wat(text), { interruption: "terminate" });
    const { exports } = new WebAssembly.Instance(new WebAssembly.Module(bytes));
    const started = () => (exports["g"] as WebAssembly.Global).value as unknown;
    expect(started()).toBe(0);
    (exports[hooks.start ?? ""] as Call)();
    expect(started()).toBe(7);
  });

  test("exports what is added under unused names", () => {
    const text = `(module (func $start) (start $start) (func (export "cloche:start")) (func (export "*cloche:x")))`;
    const { bytes, hooks } = rewrite(wat(text));
    expect(hooks.start).toBe("**cloche:start");
    expect(WebAssembly.validate(bytes)).toBe(true);
  });

  test("keeps custom sections, except those with positions in the code", () => {
    const custom = (name: string) => {
      const text = new TextEncoder().encode(name);
      return [0, text.length + 2, text.length, ...text, 42];
    };
    const names = ["plugin.schema", "metadata.code.branch_hint", ".debug_line"];
    const bytes = Uint8Array.from([...wat("(module)"), ...names.flatMap(custom)]);
    const module = new WebAssembly.Module(rewrite(bytes, { interruption: "terminate" }).bytes);
    expect(names.map((name) => WebAssembly.Module.customSections(module, name).length)).toEqual([
      1, 0, 0,
    ]);
  });

  test("imports its memory and the flag memory in the form with an epoch", () => {
    const text = '(module (memory (export "memory") 3 7) (func (loop (br 0))))';
    const { bytes, hooks } = rewrite(wat(text), { interruption: "epoch" });
    expect(hooks.memories).toEqual({
      0: { minimum: 3, maximum: 7, isShared: false, is64: false },
    });
    const { imports, exports } = readModuleLayout(bytes);
    expect(
      imports.map(({ module, name, kind, size }) => [module, name, kind, size?.isShared]),
    ).toEqual([
      ["cloche:", "0", "memory", false],
      ["cloche:", "flag", "memory", true],
    ]);
    expect(exports).toContainEqual({ name: "memory", kind: "memory", index: 0 });
  });

  test.each<Interruption>(["epoch", "fuel", "terminate"])(
    "is valid in the form %s for everything the text format has",
    (interruption) => {
      const { bytes } = rewrite(wat(EVERYTHING), { interruption });
      expect(readModuleLayout(bytes).functions.length).toBeGreaterThan(3);
      if (interruption !== "epoch") expect(WebAssembly.validate(bytes)).toBe(true);
    },
  );
});

const EVERYTHING = `(module
  (import "env" "f" (func $f (param i32) (result i64)))
  (type $v (func)) (tag $t (param i32))
  (memory 1) (table $a 4 funcref) (table $b 4 externref)
  (global $g (mut v128) (v128.const i64x2 1 2))
  (func $many (param i32 f32) (result i32 f64)
    (block $x (result i32 f64)
      (local.get 0) (f64.const 1.5)
      (loop $l (param i32 f64) (result i32 f64) (br_if $l (i32.const 0)))))
  (func $simd (result v128)
    (i8x16.shuffle 0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 31 (global.get $g)
      (i32x4.replace_lane 2 (v128.load8_lane offset=3 1 (i32.const 0) (global.get $g)) (i32.const 9))))
  (func $tables (param externref)
    (table.set $b (i32.const 0) (local.get 0)) (drop (table.grow $b (local.get 0) (i32.const 2)))
    (table.fill $b (i32.const 0) (ref.null extern) (i32.const 2)) (table.copy $a $a (i32.const 0) (i32.const 1) (i32.const 1))
    (table.init $a $e (i32.const 0) (i32.const 0) (i32.const 1)) (elem.drop $e)
    (drop (select (result externref) (local.get 0) (ref.null extern) (i32.const 1))))
  (elem $e func $many $tables)
  (func $atomic (drop (i32.atomic.rmw.cmpxchg offset=4 (i32.const 0) (i32.const 1) (i32.const 2))) (atomic.fence))
  (func $eh (try (do (throw $t (i32.const 1))) (catch $t (drop)) (catch_all (rethrow 0)))
    (block (try (do (nop)) (delegate 0))))
  (func $table_switch (param i32) (block (block (br_table 0 1 0 1 (local.get 0)))) (call_indirect $a (type $v) (i32.const 0)))
  (func $refs (drop (ref.is_null (ref.func $many))) (drop (i32.trunc_sat_f64_u (f64.const 1e10))) (drop (i32.extend8_s (i32.const 200)))))`;

describe("a limit of a module", () => {
  test.each<[keyof ModuleLimits, string, number]>([
    ["memoryBytes", "(module (memory 4))", 4 * 65_536],
    ["memories", "(module (memory 1) (memory 1) (memory 1))", 3],
    ["tableElements", "(module (table 30 funcref) (table 12 externref))", 42],
    ["declarationBytes", '(module (func (export "f")))', 4 + 2 + 5],
    ["imports", '(module (import "a" "b" (func)) (import "a" "c" (func)))', 2],
    ["exports", '(module (func (export "a") (export "b")))', 2],
    ["functions", '(module (import "a" "b" (func)) (func) (func))', 3],
    ["functionBytes", "(module (func (nop)(nop)(nop)(nop)(nop)) (func))", 7],
    [
      "functionComplexity",
      // At each of its seven blocks six locals, two more values each time, and sixteen.
      `(module (func ${"(local i32)".repeat(6)} ${"(i32.const 1) (i32.const 2) (block)".repeat(7)} ${"drop drop ".repeat(7)}))`,
      7 * (6 + 16) + 2 * (1 + 2 + 3 + 4 + 5 + 6 + 7),
    ],
    [
      "functionComplexity",
      "(module (func (unreachable) (block (param i32 i32) (result i32 i32 i32)) drop drop drop))",
      16 + 2 * 2 + 3,
    ],
    ["types", "(module (type (func)) (type (func (param i32))) (func))", 2],
    ["tagValues", "(module (tag (param i32 i64 f32)) (tag))", 3],
    ["sharedMemories", "(module (memory 1 1 shared))", 1],
    ["gcTypes", "(module (type (struct)) (type (array i32)) (type (func)))", 2],
  ])("%s accepts a module at the limit and rejects one above it", (limit, text, value) => {
    const bytes = wat(text);
    expect(rewrite(bytes, { limits: { [limit]: value } }).bytes.length).toBeGreaterThan(8);
    const rejected = () => rewrite(bytes, { limits: { [limit]: value - 1 } });
    expect(rejected).toThrow(PluginLimitError);
    const exceeded = { limit, value, allowed: value - 1 };
    expect(rejected).toThrow(expect.objectContaining({ ...exceeded, exceeded: [exceeded] }));
  });

  test("is named with all others that the module exceeds, each with its largest value", () => {
    const text = `(module
      (import "a" "b" (func)) (type (struct)) (tag (param i32 i64)) (memory 2) (memory 1 1 shared)
      (table 3 funcref) (table 4 funcref) (func (export "c") (nop)) (func (export "d") (nop) (block)))`;
    const allowed = { moduleBytes: 1000, functionComplexity: 15, functionBytes: 10 };
    const none: ModuleLimits = {
      ...{ declarationBytes: 0, types: 0, functions: 0, imports: 0, exports: 0, tableElements: 0 },
      ...{ tagValues: 0, gcTypes: 0, memoryBytes: 0, memories: 0, sharedMemories: 0, ...allowed },
    };
    const found = exceededOf(() => rewrite(wat(text), { limits: none }));
    expect(Object.fromEntries(found.map(({ limit, value }) => [limit, value]))).toEqual({
      ...{ declarationBytes: expect.any(Number), types: 3, functions: 3, imports: 1, exports: 2 },
      ...{ tableElements: 7, tagValues: 2, gcTypes: 1 },
      ...{ memoryBytes: 3 * 65_536, memories: 2, sharedMemories: 1, functionComplexity: 16 },
    });
    const small = exceededOf(() => rewrite(wat(text), { limits: { ...none, functionBytes: 2 } }));
    expect(small).toContainEqual({ limit: "functionBytes", value: 6, allowed: 2 });
  });

  test("is reported before an unknown instruction in the same module", () => {
    const text = "(module (memory 1) (memory 1) (func (nop)))";
    const bytes = wat(text);
    // No opcode: in the place of the instruction before the end.
    bytes[bytes.length - 2] = 0xff;
    expect(() => rewrite(bytes)).toThrow("Cannot read module");
    expect(() => rewrite(bytes, { limits: { memories: 1 } })).toThrow(PluginLimitError);
  });

  test("applies to the size of a module with its checks", () => {
    const bytes = wat(`(module (func ${"(loop)".repeat(100)}))`);
    const moduleBytes = bytes.length;
    expect(
      rewrite(bytes, { limits: { moduleBytes: moduleBytes * 4 } }).bytes.length,
    ).toBeGreaterThan(moduleBytes * 2);
    expect(() => rewrite(bytes, { limits: { moduleBytes } })).toThrow(
      expect.objectContaining({ limit: "moduleBytes", allowed: moduleBytes * 2 }),
    );
  });

  test("bounds the growth of memories and tables, to the page and the element", () => {
    const text = `(module (memory 1) (table $t 2 funcref)
      (func (export "memory") (param i32) (result i32) (memory.grow (local.get 0)))
      (func (export "table") (param i32) (result i32) (table.grow $t (ref.null func) (local.get 0))))`;
    const limits = { memoryBytes: 4 * 65_536 + 100, tableElements: 10 };
    const { bytes } = rewrite(wat(text), { interruption: "terminate", limits });
    const { exports } = new WebAssembly.Instance(new WebAssembly.Module(bytes));
    const grow = (what: string, by: number) => (exports[what] as Call)(by);
    expect([grow("memory", 4), grow("memory", 3), grow("memory", 1)]).toEqual([-1, 1, -1]);
    expect([grow("table", 9), grow("table", 8), grow("table", 1)]).toEqual([-1, 2, -1]);
  });

  test("keeps a smaller maximum of the module", () => {
    const { bytes } = rewrite(wat("(module (memory 1 2))"), { interruption: "epoch" });
    const [memory] = readModuleLayout(bytes).imports;
    expect(memory?.size?.maximum).toBe(2);
  });

  test("is divided among several memories, in addition to their minima", () => {
    const limits = { memoryBytes: 10 * 65_536 };
    const text = "(module (memory 1) (memory 3) (memory 1 2))";
    const { imports } = readModuleLayout(
      rewrite(wat(text), { interruption: "epoch", limits }).bytes,
    );
    expect(imports.slice(0, 3).map(({ size }) => size?.maximum)).toEqual([2, 4, 2]);
  });
});

/** Function types, and one more. */
const HALF_A_MILLION_TYPES: readonly number[] = Array.from({ length: 500_001 }, () => [
  ...[0x60, 0, 0],
]).flat();

describe("a binary that is not a module", () => {
  const code = (...body: string[]) =>
    hex("00 61 73 6d 01 00 00 00 01 04 01 60 00 00 03 02 01 00", ...body);
  test.each<[string, Uint8Array, string]>([
    [
      "an instruction that nobody knows",
      code("0a 05 01 03 00 27 0b"),
      "unknown instruction 0x27 at byte 23",
    ],
    [
      "a prefix that nobody knows",
      code("0a 06 01 04 00 ff 00 0b"),
      "unknown instruction 0xff at byte 23",
    ],
    [
      "code after a function's end",
      code("0a 06 01 04 00 0b 01 0b"),
      "code after the end of a function",
    ],
    ["code that ends too early", code("0a 05 01 03 00 01 01"), "unexpected end at byte 25"],
    ["a section longer than the module", code("0a 50 01"), "unexpected end at byte 21"],
    ["an integer that is too long", code("0a 80 80 80 80 80 01"), "integer longer than 32 bits"],
    [
      "more functions than there are",
      code("0a 07 02 02 00 0b 02 00 0b"),
      "function 1 has no function type at byte",
    ],
    // Each of a proposal, and longer than it would be read: what follows would be out of step.
    ["an exact heap type", code("0a 07 01 05 00 d0 62 00 0b"), "unknown type 0x62 at byte 24"],
    [
      "the same, written at length",
      code("0a 08 01 06 00 d0 e2 7f 00 0b"),
      "unknown type 0x7f at byte 25",
    ],
    [
      "a local of a shared type",
      code("0a 07 01 05 01 01 65 70 0b"),
      "unknown type 0x65 at byte 24",
    ],
    [
      "a block of an exact type",
      code("0a 08 01 06 00 02 62 00 0b 0b"),
      "unknown type 0x62 at byte 24",
    ],
    [
      "an access with an order",
      code("0a 0c 01 0a 00 41 00 fe 10 22 00 00 1a 0b"),
      "unknown alignment 0x22 at byte 27",
    ],
    [
      "a function of more parameters than any browser takes",
      hex("00 61 73 6d 01 00 00 00 01 04 01 60 e9 07"),
      "vector of 1001 items (at most 1000 are supported) at byte 13",
    ],
    [
      "more types than any browser takes",
      hex("00 61 73 6d 01 00 00 00 01 03 c1 84 3d"),
      "vector of 1000001 items (at most 1000000 are supported) at byte 12",
    ],
    [
      "a section that nobody knows",
      hex("00 61 73 6d 01 00 00 00 0e 00"),
      "unknown section 0xe at byte 8",
    ],
  ])("is refused for %s", (_title, bytes, found) => {
    expect(() => rewrite(bytes)).toThrow(TypeError);
    expect(() => rewrite(bytes)).toThrow(`Cannot read module: ${found}`);
  });

  test.each<[title: string, bytes: Uint8Array<ArrayBuffer>, found: string]>([
    [
      "more types than any browser takes, in recursive groups",
      Uint8Array.from([
        ...hex("00 61 73 6d 01 00 00 00 01 cf 8d b7 01 02"),
        ...Array.from({ length: 2 }, () => [...hex("4e a1 c2 1e"), ...HALF_A_MILLION_TYPES]).flat(),
      ]),
      "more than 1000000 types at byte",
    ],
    [
      "more sections than any tool writes",
      Uint8Array.from([
        ...hex("00 61 73 6d 01 00 00 00"),
        ...Array.from({ length: 10_001 }, () => [0, 1, 0]).flat(),
      ]),
      "more than 10000 sections at byte 30008",
    ],
  ])("is refused, and not for the engine to look at, for %s", (_title, bytes, found) => {
    expect(() => rewrite(bytes)).toThrow(RangeError);
    expect(() => rewrite(bytes)).toThrow(`Cannot read module: ${found}`);
  });
});
