import { describe, expect, test } from "vitest";
import { DEFAULT_LIMITS, resolveLimits } from "./limits.ts";

describe("limits", () => {
  test("are the defaults, but for those that are given", () => {
    expect(resolveLimits()).toEqual(DEFAULT_LIMITS);
    expect(resolveLimits({ callMs: 50, depth: Infinity })).toEqual({
      ...DEFAULT_LIMITS,
      callMs: 50,
      depth: Infinity,
    });
  });

  test.each([
    [{ callms: 1 }, 'Cannot set limit "callms": no such limit, expected one of moduleBytes'],
    [{ callMs: -1 }, 'Cannot set limit "callMs": -1, expected a number from 0'],
    [{ callMs: NaN }, 'Cannot set limit "callMs": NaN, expected a number from 0'],
    [{ callMs: "50" }, 'Cannot set limit "callMs": 50, expected a number from 0'],
    [{ toString: 1 }, 'Cannot set limit "toString": no such limit'],
  ])("refuse %o", (limits, message) => {
    expect(() => resolveLimits(limits as object)).toThrow(TypeError);
    expect(() => resolveLimits(limits as object)).toThrow(message);
  });
});
