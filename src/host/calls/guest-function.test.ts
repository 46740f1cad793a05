import { expect, test } from "vitest";
import { t } from "../../codec/t.ts";
import { type CallContext, createGuestFunction } from "./guest-function.ts";

test("A guest function refuses a time that is none before anything is called", () => {
  const call = createGuestFunction({} as CallContext, "f", [], t.unit);
  for (const timeoutMs of [NaN, "50", null, -1]) {
    expect(() => call.with({ timeoutMs: timeoutMs as number })).toThrow(TypeError);
  }
  expect(typeof call.with({ timeoutMs: Infinity })).toBe("function");
});
