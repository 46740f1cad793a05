/** Runs the forms of a module side by side and finds differences. */

import { type Outcome, outcomeOf } from "./describe.ts";
import { Side } from "./sides.ts";

/** The result of a comparison. */
export type Verdict =
  | { readonly kind: "same"; readonly calls: number; readonly traps: number }
  /** Ended for a reason that does not concern the rewriter. */
  | { readonly kind: "incomparable"; readonly why: string }
  | { readonly kind: "different"; readonly why: string };

/** Low, so that it is refilled often. A run that takes longer may be endless and is not compared. */
const FUEL = { fuel: 10_000n, refillMs: 1000 };
/** The fuel of an endless module. */
const LITTLE_FUEL = { fuel: 1_000_000n };
/** Much longer than using that up or any single bulk operation takes. */
const ENDLESS_MS = 2000;
/** The number of bytes of a memory that are compared after each call, and after the last one. */
const FIRST_BYTES = 64 * 1024;
const ALL_BYTES = 16 * 1024 * 1024;
/** The export that resets the generator's own limit for the next call. */
const HANG_LIMIT_INITIALIZER = "hangLimitInitializer";
/** Converted to the type of a parameter, or passed as text for a reference. */
const ARGUMENTS = ["0", "-1", "7", "2147483648", "-9223372036854775808", "100000"];

interface Call {
  readonly name: string;
  readonly args: readonly unknown[];
}

/** Compares all forms with the original module, call by call. */
export function compare(bytes: Uint8Array<ArrayBuffer>): Verdict {
  // The form with fuel runs first and finds out whether the original terminates.
  const guard = new Side(bytes, "fuel", FUEL);
  const original = new Side(bytes, undefined);
  const again = new Side(bytes, "fuel", FUEL);
  const others = [new Side(bytes, "terminate"), new Side(bytes, "epoch"), again];
  let calls = 0;
  let traps = 0;

  const step = (what: string, run: (side: Side) => unknown): Verdict | undefined => {
    const guarded = outcomeOf(() => run(guard));
    if (guard.isOutOfFuel) return { kind: "incomparable", why: "ran too long" };
    const wanted = outcomeOf(() => run(original));
    if (wanted.kind === "threw") traps += 1;
    const outcomes: [Side, Outcome][] = [[guard, guarded]];
    for (const side of others) outcomes.push([side, outcomeOf(() => run(side))]);
    outcomes.push([original, wanted]);
    if (outcomes.some(([side, { kind }]) => kind === "overflow" || side.hasOverflown)) {
      return { kind: "incomparable", why: "stack overflow" };
    }
    for (const [side, outcome] of outcomes) {
      const difference =
        outcome.text === wanted.text ? stateDifference(side, original) : outcome.text;
      if (difference === undefined) continue;
      const why = `${what} in the form "${side.name}": ${difference}, expected ${wanted.text}`;
      return { kind: "different", why };
    }
    if (guard.fuelUsed !== again.fuelUsed) {
      const why = `${what}: ${again.fuelUsed} units used, expected ${guard.fuelUsed} as before`;
      return { kind: "different", why };
    }
    return undefined;
  };

  const startVerdict = step("the start", (side) => side.start());
  if (startVerdict !== undefined) return startVerdict;
  if (!original.isUp) return { kind: "same", calls, traps };
  for (const { name, args } of callsOf(original)) {
    const verdict = step(`call of "${name}"`, (side) => {
      initializeHangLimit(side);
      return side.call(name, args);
    });
    if (verdict !== undefined) return verdict;
    calls += 1;
  }
  for (const side of [guard, ...others]) {
    const difference = memoryDifference(side, original, ALL_BYTES);
    if (difference === undefined) continue;
    return { kind: "different", why: `the end in the form "${side.name}": ${difference}` };
  }
  // After a trap the exact use is unknown.
  if (traps === 0 && runsOnLess(bytes, guard.fuelUsed)) {
    return { kind: "different", why: `runs on less than the ${guard.fuelUsed} units that it uses` };
  }
  return { kind: "same", calls, traps };
}

/**
 * Finds calls that checks do not interrupt, in a module that may not terminate.
 *
 * @param bytes A module whose start function returns.
 */
export function checkEnds(bytes: Uint8Array<ArrayBuffer>): Verdict {
  let calls = 0;
  for (const form of ["epoch", "fuel"] as const) {
    const side = new Side(bytes, form, LITTLE_FUEL);
    outcomeOf(() => side.start());
    if (!side.isUp) continue;
    side.interrupt();
    for (const { name, args } of callsOf(side)) {
      const run = () => {
        const startMs = performance.now();
        outcomeOf(() => initializeHangLimit(side));
        outcomeOf(() => side.call(name, args));
        return performance.now() - startMs;
      };
      // Measured twice, since a busy machine may pause once for that long.
      const ms = Math.min(run(), run());
      if (ms > ENDLESS_MS) {
        const why = `call of "${name}" in the form "${form}": ${ms} ms until it was interrupted`;
        return { kind: "different", why };
      }
      calls += 1;
    }
  }
  return { kind: "same", calls, traps: calls };
}

/** All exported functions, with fixed arguments. */
function callsOf(side: Side): Call[] {
  const functions = [...side.exports()].filter(([, value]) => typeof value === "function");
  return functions.map(([name, value], call) => {
    const { length } = value as { readonly length: number };
    const args = Array.from({ length }, (_, index) => ARGUMENTS[(index + call) % ARGUMENTS.length]);
    return { name, args };
  });
}

function initializeHangLimit(side: Side): void {
  if (side.exports().has(HANG_LIMIT_INITIALIZER)) side.call(HANG_LIMIT_INITIALIZER, []);
}

/** Describes how the state of one side differs from the original's. */
export function stateDifference(side: Side, original: Side): string | undefined {
  if (side.isUp !== original.isUp) return side.isUp ? "an instance" : "no instance";
  const [found, expected] = [side.state(), original.state()];
  const length = Math.max(found.length, expected.length);
  for (let index = 0; index < length; index += 1) {
    if (found[index] === expected[index]) continue;
    return `${found[index] ?? "nothing"} where the original has ${expected[index] ?? "nothing"}`;
  }
  return memoryDifference(side, original, FIRST_BYTES);
}

/** Compares the first bytes of all exported memories. */
function memoryDifference(side: Side, original: Side, bytes: number): string | undefined {
  const memories = side.memories();
  for (const [index, expected] of original.memories().entries()) {
    const ones = words(memories[index], bytes);
    const others = words(expected, bytes);
    const at = others.findIndex((word, place) => ones[place] !== word);
    if (at >= 0) return `another word at ${at * 4} of exported memory ${index}`;
  }
  return undefined;
}

function words(memory: WebAssembly.Memory | undefined, bytes: number): Uint32Array {
  const buffer = memory?.buffer ?? new ArrayBuffer(0);
  return new Uint32Array(buffer, 0, Math.min(bytes, buffer.byteLength) / 4);
}

/** Whether the run also succeeds with one unit less than it used. */
function runsOnLess(bytes: Uint8Array<ArrayBuffer>, fuelUsed: bigint): boolean {
  if (fuelUsed === 0n) return false;
  const side = new Side(bytes, "fuel", { fuel: fuelUsed - 1n });
  outcomeOf(() => side.start());
  if (!side.isUp) return !side.isOutOfFuel;
  for (const { name, args } of callsOf(side)) {
    outcomeOf(() => initializeHangLimit(side));
    outcomeOf(() => side.call(name, args));
  }
  return !side.isOutOfFuel;
}
