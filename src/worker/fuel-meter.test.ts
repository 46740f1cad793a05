import { describe, expect, test } from "vitest";
import { PluginLimitError, PluginTimeoutError } from "../errors.ts";
import { REFILL } from "../rewrite/fuel-form.ts";
import { callOf } from "../wording/guest-run.ts";
import { FuelMeter } from "./fuel-meter.ts";

/** A meter with a clock that the test sets, and a guest that uses fuel by taking it from the global. */
function metered({ fuel = Infinity } = {}) {
  const clock = { nowMs: 0 };
  const meter = new FuelMeter(
    { pluginName: "test", fuel, canSuspend: false, onRefill: () => {} },
    { nowMs: () => clock.nowMs, nextTask: async () => {} },
  );
  const global = new WebAssembly.Global<"i64">({ value: "i64", mutable: true }, 0n);
  meter.attach(global);
  meter.begin(callOf("spin"), 100);
  return { meter, global, clock };
}

const LATE = 'Call "spin" of plugin "test" timed out after 100 ms';

describe("a guest that timed out", () => {
  test("gets no more fuel, and fails with the page's message", () => {
    const { meter, clock } = metered();
    clock.nowMs = 101;
    expect(meter.refill()).toBe(REFILL.refused);
    expect(meter.failure).toBeInstanceOf(PluginTimeoutError);
    expect(meter.failure?.message).toBe(LATE);
  });

  test("is ended by a check before an import", () => {
    const { meter, clock } = metered();
    clock.nowMs = 101;
    expect(meter.look).toThrow(LATE);
  });
});

describe("a check of a guest with time left", () => {
  test("takes its fuel back after a while, and counts none of it as used", () => {
    const { meter, global, clock } = metered();
    meter.look();
    expect(global.value).toBeGreaterThan(0n);
    clock.nowMs = 5;
    meter.look();
    expect([global.value, meter.used]).toEqual([0n, 0]);
    expect(meter.refill()).toBe(REFILL.given);
    expect(global.value).toBeGreaterThan(0n);
  });

  test("does not change the fuel that a guest may use", () => {
    const { meter, global, clock } = metered({ fuel: 10 });
    global.value -= 4n;
    clock.nowMs = 5;
    meter.look();
    global.value -= 6n;
    expect(meter.refill()).toBe(REFILL.given);
    expect(meter.used).toBe(10);
    global.value -= 1n;
    expect(meter.refill()).toBe(REFILL.refused);
    expect(meter.failure).toBeInstanceOf(PluginLimitError);
    expect(meter.failure).toMatchObject({ limit: "fuel", value: 11, allowed: 10 });
  });
});
