import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readModuleLayout } from "../abi/module-layout.ts";
import { wat } from "../abi/wat.test-kit.ts";
import { DEFAULT_LIMITS } from "../limits.ts";
import { rewriteModule } from "./rewrite-module.ts";

/** Whether there are more calls, in turn with `$less` behind each; and what is called at each check. */
const IMPORTS = `(import "" "check" (func $check)) (import "" "more" (func $more (result i32)))
  (import "" "less" (func $less))`;

/** The check in a module without memories of its own, at address 64. */
const CHECK = [0x41, 0xc0, 0, 0xfe, 0x12, 0x40, 0, 0, 0x23, 0, 0x47, 0x04, 0x40, 0x00, 0x0b];
const CALL_CHECK = [0x10, 0];
const NOP = 0x01;

/** Rewrites a module, and has its checks call its first import instead. Returns how many there are. */
function rewriteCounted(text: string): { bytes: Uint8Array<ArrayBuffer>; checks: number } {
  const original = wat(text);
  const { bytes } = rewriteModule(original, readModuleLayout(original), {
    pluginName: "test",
    limits: DEFAULT_LIMITS,
    interruption: "epoch",
    flagAddress: 64,
    isTraced: false,
  });
  let checks = 0;
  for (let at = 0; at < bytes.length; at++) {
    if (!CHECK.every((byte, index) => bytes[at + index] === byte)) continue;
    bytes.fill(NOP, at, at + CHECK.length);
    bytes.set(CALL_CHECK, at);
    checks += 1;
  }
  return { bytes, checks };
}

const checksIn = (functions: string) =>
  rewriteCounted(`(module ${IMPORTS} (table 1 funcref) ${functions})`).checks;

/** Some 20 bytes of code. */
const WORK = "(drop (i32.add (i32.const 1) (i32.const 2)))".repeat(3);

describe("a check for an interrupt", () => {
  test.each<[string, string, number]>([
    ["not in a small function that calls none", `(func ${WORK})`, 0],
    ["at the entry of a larger one", `(func ${WORK.repeat(8)})`, 1],
    ["not before a call of a function that was scanned", `(func $f ${WORK}) (func (call $f))`, 0],
    ["not before an import, which checks by itself", "(func (call $less))", 0],
    ["before a call of itself", `(func $f ${WORK} (call $f))`, 1],
    ["before a tail call of itself", `(func $f ${WORK} (return_call $f))`, 1],
    ["before an indirect call", "(func (call_indirect (i32.const 0)))", 1],
    ["once in a recursion of two", "(func $f (call $g)) (func $g (call $f))", 1],
    ["at the head of a loop, which a call in it needs no more", "(func $f (loop (call $f)))", 1],
    ["on each path to a call", "(func $f (if (call $more) (then (call $f)) (else (call $f))))", 2],
  ])("is %s", (_title, functions, checks) => {
    expect(checksIn(functions)).toBe(checks);
  });

  test("is passed by each of the 2^40 paths of functions that call the one before twice", () => {
    const twice = Array.from(
      { length: 40 },
      (_, at) => `(func $f${at + 1} ${callOf(at).repeat(2)})`,
    );
    expect(checksIn(`(func $f0) ${twice.join("\n")}`)).toBeGreaterThanOrEqual(40 / 6);
  });

  test("comes before 512 more calls, whichever functions call each other", () => {
    fc.assert(
      fc.property(graph, (functions) => {
        expect(mostCalls(functions)).toBeLessThanOrEqual(512);
      }),
      { numRuns: 100 },
    );
  });
});

const callOf = (index: number) => `(call $f${index})`;

/** Functions of different sizes that call any of them in all ways there are. */
const graph = fc.integer({ min: 1, max: 12 }).chain((count) => {
  const callee = fc.nat({ max: count - 1 });
  const part = fc.oneof(
    fc.constant(WORK),
    callee.map((index) => `(if (call $more) (then ${callOf(index)} (call $less)))`),
    callee.map((index) => `(block (br_if 0 (i32.eqz (call $more))) ${callOf(index)} (call $less))`),
    callee.map(
      (index) => `(if (call $more) (then (call_indirect (i32.const ${index})) (call $less)))`,
    ),
    callee.map((index) => `(if (call $more) (then (return_call $f${index})))`),
  );
  const body = fc.array(part, { maxLength: 6 });
  return fc
    .array(body, { minLength: count, maxLength: count })
    .map((bodies) => bodies.map((parts, index) => `(func $f${index} ${parts.join(" ")})`));
});

const MAX_DEPTH = 100;
const MAX_CALLS = 5000;

/** Runs the last of some functions and returns the most calls between two checks. */
function mostCalls(functions: readonly string[]): number {
  const names = functions.map((_, index) => `$f${index}`);
  const { bytes } = rewriteCounted(`(module ${IMPORTS}
    (table ${names.length} funcref) (elem (i32.const 0) ${names.join(" ")})
    ${functions.join("\n")} (export "run" (func ${names.at(-1)})))`);
  let [all, depth, calls, most, coin] = [0, 0, 0, 0, 7];
  const check = () => {
    calls = 0;
  };
  const more = () => {
    coin = (Math.imul(coin, 1103515245) + 12345) >>> 0;
    if (depth >= MAX_DEPTH || all >= MAX_CALLS || coin % 8 === 0) return 0;
    all += 1;
    depth += 1;
    calls += 1;
    most = Math.max(most, calls);
    return 1;
  };
  const less = () => {
    depth -= 1;
  };
  const flag = new WebAssembly.Memory({ initial: 1, maximum: 1, shared: true });
  const imports = { "": { check, more, less }, "cloche:": { flag } };
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(bytes), imports);
  (exports["run"] as () => void)();
  return most;
}
