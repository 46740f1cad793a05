import { runInNewContext } from "node:vm";
import { describe, expect, test } from "vitest";
import { DEFAULT_LIMITS } from "../../limits.ts";
import { resolveLimits } from "./resolve-limits.ts";

describe("limits", () => {
  test("are the defaults, except for those that are given", () => {
    expect(resolveLimits()).toEqual(DEFAULT_LIMITS);
    const given = { callMs: 50, valueDepth: Infinity, fuel: undefined } as object;
    expect(resolveLimits(given)).toEqual({ ...DEFAULT_LIMITS, callMs: 50, valueDepth: Infinity });
  });

  test("may be an object of another realm", () => {
    const given = runInNewContext("({ callMs: 50 })") as object;
    expect(resolveLimits(given).callMs).toBe(50);
  });

  test.each<[unknown, string]>([
    [{ callms: 1 }, "Invalid limits.callms: unknown limit (known limits: moduleBytes, "],
    [{ toString: 1 }, "Invalid limits.toString: unknown limit"],
    [JSON.parse('{ "__proto__": 1 }'), "Invalid limits.__proto__: unknown limit"],
    [{ callMs: -1 }, "Invalid limits.callMs: -1 (must be a number ≥ 0)"],
    [{ callMs: NaN }, "Invalid limits.callMs: NaN (must be a number ≥ 0)"],
    [{ callMs: "50" }, 'Invalid limits.callMs: string "50" (must be a number ≥ 0)'],
    [{ callMs: 50n }, "Invalid limits.callMs: bigint 50 (must be a number ≥ 0)"],
    [{ callMs: null }, "Invalid limits.callMs: null (must be a number ≥ 0)"],
    [null, "Invalid limits: null (must be a plain object)"],
    [50, "Invalid limits: number 50 (must be a plain object)"],
    [[50], "Invalid limits: Array of 1 (must be a plain object)"],
    [new Map([["callMs", 50]]), "Invalid limits: Map (must be a plain object)"],
    [() => 50, "Invalid limits: function (must be a plain object)"],
    [throwing("callMs"), "Invalid limits: cannot be read (no callMs)"],
    [
      throwing(Symbol.toStringTag),
      "Invalid limits: cannot be read (no Symbol(Symbol.toStringTag))",
    ],
  ])("are refused with their place: %#", (limits, message) => {
    expect(() => resolveLimits(limits as object)).toThrow(TypeError);
    expect(() => resolveLimits(limits as object)).toThrow(message);
  });

  test("are refused where they are a revoked proxy", () => {
    const { proxy, revoke } = Proxy.revocable({}, {});
    revoke();
    expect(() => resolveLimits(proxy)).toThrow("Invalid limits: cannot be read (Cannot perform");
  });
});

function throwing(name: string | symbol): object {
  const get = () => {
    throw new Error(`no ${String(name)}`);
  };
  return Object.defineProperty({}, name, { get, enumerable: true });
}
