import { expect, test } from "vitest";
import { t } from "../../codec/t.ts";
import { type CallTarget, createGuestFunction } from "./guest-function.ts";

const call = createGuestFunction({} as CallTarget, "f", 0, [], t.unit);

test.each([{ timeoutMs: NaN }, { timeoutMs: "50" }, { timeoutMs: null }, { timeoutMs: -1 }])(
  "A guest function rejects the invalid option %o before anything is called",
  (options) => {
    const given = options as { timeoutMs: number };
    expect(() => call.with(given)).toThrow(/^Invalid options.timeoutMs: /);
    expect(() => call.with({ timeoutMs: 1 }).with(given)).toThrow(TypeError);
  },
);

test.each([5, {}, null, { aborted: false, addEventListener() {} }])(
  "A guest function rejects %o as a signal",
  (signal) => {
    expect(() => call.with({ signal: signal as unknown as AbortSignal })).toThrow(
      /^Invalid options.signal: .* \(must be an AbortSignal\)$/,
    );
  },
);

test("a guest function with options can get further ones", () => {
  const { signal } = new AbortController();
  expect(call.with({ timeoutMs: Infinity }).with({ signal }).with({})).toBeTypeOf("function");
});
