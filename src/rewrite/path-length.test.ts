import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readModuleLayout } from "../abi/module-layout.ts";
import { wat } from "../abi/wat.test-kit.ts";
import { DEFAULT_LIMITS } from "../limits.ts";
import { REFILL } from "./fuel-form.ts";
import { rewriteModule } from "./rewrite-module.ts";

/** One step that is counted: what it leaves in `$steps` tells how far the code has come. */
const STEP = "(global.set $steps (i32.add (global.get $steps) (i32.const 1)))";
const INSTRUCTIONS_A_STEP = 4;

/** The most instructions between two checks, those of a small function that is called included. */
const MAX_INSTRUCTIONS = 512 + 64;

/** A condition that nobody can know beforehand, and that is the same each time. */
const COIN = `(global.set $coin (i32.add (i32.mul (global.get $coin) (i32.const 1103515245)) (i32.const 12345)))
  (i32.and (i32.shr_u (global.get $coin) (i32.const 16)) (i32.const 1))`;

/** Some thirty turns of all loops together. */
const TURN =
  "(global.set $turns (i32.add (global.get $turns) (i32.const 1))) (br_if 0 (i32.lt_u (global.get $turns) (i32.const 30)))";

interface Run {
  readonly steps: number;
  readonly result: unknown;
  /** The number of steps at each check. */
  readonly checks: readonly number[];
  readonly fuelUsed: number;
}

const moduleOf = (code: string) =>
  wat(`(module
    (global $steps (export "steps") (mut i32) (i32.const 0))
    (global $coin (mut i32) (i32.const 7)) (global $turns (mut i32) (i32.const 0))
    (tag $t)
    (func $throw (throw $t))
    (func $leaf ${STEP.repeat(3)})
    (func (export "run") (result i32) (block $out ${code}) (global.get $coin)))`);

/** Runs code in the form that counts, which asks for fuel at every check, since it never has any. */
function run(bytes: Uint8Array<ArrayBuffer>): Run {
  const { bytes: rewritten, hooks } = rewriteModule(bytes, readModuleLayout(bytes), {
    pluginName: "test",
    limits: DEFAULT_LIMITS,
    interruption: "fuel",
    flagAddress: 0,
    isTraced: false,
  });
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(rewritten));
  const steps = exports["steps"] as WebAssembly.Global<"i32">;
  const fuel = exports[hooks.fuel ?? ""] as WebAssembly.Global<"i64">;
  const checks: number[] = [];
  const forwarder = wat('(module (import "" "" (func (result i32))) (export "" (func 0)))');
  const refill = new WebAssembly.Instance(new WebAssembly.Module(forwarder), {
    "": {
      "": () => {
        checks.push(steps.value);
        return REFILL.given;
      },
    },
  });
  (exports[hooks.refill ?? ""] as WebAssembly.Table).set(0, refill.exports[""]);
  const result = (exports["run"] as () => unknown)();
  return { steps: steps.value, result, checks, fuelUsed: -Number(fuel.value) };
}

function longestWay({ checks, steps }: Run): number {
  const ends = [...checks, steps];
  return Math.max(...ends.map((end, index) => end - (ends[index - 1] ?? 0))) * INSTRUCTIONS_A_STEP;
}

/** Code of every structure there is; branches lead out of blocks, and out of the whole. */
const code = fc.letrec<{ code: string; part: string }>((tie) => ({
  code: fc
    .array(tie("part"), { maxLength: 6, depthIdentifier: "part" })
    .map((each) => each.join("\n")),
  part: fc.oneof(
    { depthSize: "medium", depthIdentifier: "part" },
    fc.integer({ min: 1, max: 400 }).map((times) => STEP.repeat(times)),
    fc.constant("(call $leaf)"),
    fc.constant(
      `(br_if $out (i32.and ${COIN} (i32.eqz (i32.rem_u (global.get $coin) (i32.const 5)))))`,
    ),
    tie("code").map((inner) => `(block ${inner} (br_if 0 ${COIN}) ${STEP.repeat(90)})`),
    fc
      .tuple(tie("code"), tie("code"))
      .map(
        ([first, second]) =>
          `(block (block (block (br_table 0 1 2 1 ${COIN})) ${first} (br 1)) ${second})`,
      ),
    fc
      .tuple(tie("code"), tie("code"))
      .map(([yes, no]) => `(if ${COIN} (then ${yes}) (else ${no}))`),
    tie("code").map((yes) => `(if ${COIN} (then ${yes}))`),
    tie("code").map((inner) => `(if ${COIN} (then ${inner} (br $out)))`),
    tie("code").map((inner) => `(loop ${inner} ${TURN})`),
    fc
      .tuple(tie("code"), tie("code"))
      .map(
        ([tried, caught]) =>
          `(try (do ${tried} (if ${COIN} (then (call $throw))) ${STEP.repeat(80)}) (catch $t ${caught}))`,
      ),
  ),
})).code;

describe("between two checks", () => {
  test("there are no more instructions than allowed, on any path", () => {
    fc.assert(
      fc.property(code, (code) => {
        const bytes = moduleOf(code);
        const plain = new WebAssembly.Instance(new WebAssembly.Module(bytes)).exports;
        const found = run(bytes);
        expect(found.result).toBe((plain["run"] as () => unknown)());
        expect(found.steps).toBe((plain["steps"] as WebAssembly.Global<"i32">).value);
        expect(longestWay(found)).toBeLessThanOrEqual(MAX_INSTRUCTIONS);
        // Whatever is run has been paid for.
        expect(found.fuelUsed).toBeGreaterThanOrEqual(found.steps * INSTRUCTIONS_A_STEP);
      }),
      { numRuns: 100 },
    );
  });

  test("a path around a waypoint is checked elsewhere", () => {
    const around = `${STEP.repeat(120)} (block (br 0) ${STEP.repeat(20)})`;
    const found = run(moduleOf(around.repeat(40)));
    expect(found.steps).toBe(120 * 40);
    expect(longestWay(found)).toBeLessThanOrEqual(MAX_INSTRUCTIONS);
  });

  test("a handler continues with the path length of the throw", () => {
    const found = run(
      moduleOf(`(try (do ${STEP.repeat(100)} (throw $t)) (catch $t ${STEP.repeat(100)}))`),
    );
    expect(found.steps).toBe(200);
    expect(longestWay(found)).toBeLessThanOrEqual(MAX_INSTRUCTIONS);
  });

  test.each<[string, string, number]>([
    [
      "the one branch",
      `(if (i32.const 0) (then ${STEP.repeat(300)}) (else ${STEP.repeat(100)}))`,
      100,
    ],
    [
      "the other branch",
      `(if (i32.const 1) (then ${STEP.repeat(300)}) (else ${STEP.repeat(100)}))`,
      300,
    ],
    [
      "what is caught",
      `(try (do (throw $t) ${STEP.repeat(300)}) (catch $t ${STEP.repeat(100)}))`,
      100,
    ],
  ])("%s is paid for by whoever takes it", (_title, code, steps) => {
    const found = run(moduleOf(code));
    expect(found.steps).toBe(steps);
    expect(found.fuelUsed).toBeGreaterThanOrEqual(steps * INSTRUCTIONS_A_STEP);
  });

  test("code of usual length has checks only at loop heads and function entries", () => {
    const checksIn = (code: string) => run(moduleOf(code)).checks.length;
    expect(checksIn(STEP.repeat(50))).toBe(checksIn(STEP));
    expect(checksIn(`(if ${COIN} (then ${STEP.repeat(50)}) (else ${STEP.repeat(50)}))`)).toBe(
      checksIn(STEP),
    );
  });
});
