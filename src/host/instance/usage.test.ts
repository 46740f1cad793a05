import { expect, test } from "vitest";
import { Usage } from "./usage.ts";

test("Usage has the size of the memory that was told last", () => {
  const usage = new Usage();
  expect(usage.memoryBytes).toBe(0);
  usage.add({ type: "memory", bytes: 131_072 });
  usage.add({ type: "memory", bytes: 65_536 });
  expect(usage.memoryBytes).toBe(65_536);
});

test("Usage adds up fuel, and remembers which streams were truncated", () => {
  const usage = new Usage();
  const before = usage.truncated;
  usage.add({ type: "fuel", units: 3 });
  usage.add({ type: "fuel", units: 4 });
  usage.add({ type: "output", fd: 1, bytes: new Uint8Array(1) });
  expect([usage.fuelUsed, usage.truncated]).toEqual([7, { stdout: false, stderr: false }]);
  usage.add({ type: "truncated", fd: 2 });
  expect([usage.truncated, before]).toEqual([
    { stdout: false, stderr: true },
    { stdout: false, stderr: false },
  ]);
});
