import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { StagingPool } from "./staging-pool.ts";

const MIB = 2 ** 20;

describe("a staging pool", () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  test("gives a buffer to one at a time", () => {
    const pool = new StagingPool();
    const buffer = new ArrayBuffer(MIB);
    pool.give(buffer);
    expect([pool.take(MIB), pool.take(MIB)]).toEqual([buffer, undefined]);
  });

  test("gives none that is too small, or more than twice as large as is needed", () => {
    const pool = new StagingPool();
    pool.give(new ArrayBuffer(MIB));
    expect(pool.take(MIB + 1)).toBeUndefined();
    expect(pool.take(MIB / 2 - 1)).toBeUndefined();
    expect(pool.take(MIB / 2)?.byteLength).toBe(MIB);
  });

  test("keeps the latest four and 80 MiB, and no buffer that is larger, small or resizable", () => {
    const pool = new StagingPool();
    for (let index = 0; index < 9; index++) pool.give(new ArrayBuffer(MIB));
    expect(pool.byteLength).toBe(4 * MIB);
    for (let index = 0; index < 9; index++) pool.give(new ArrayBuffer(30 * MIB));
    expect(pool.byteLength).toBe(60 * MIB);
    const empty = new StagingPool();
    empty.give(new ArrayBuffer(80 * MIB + 1));
    empty.give(new ArrayBuffer(64 * 1024));
    empty.give(new ArrayBuffer(MIB, { maxByteLength: 2 * MIB }));
    expect(empty.byteLength).toBe(0);
  });

  test("keeps nothing ten seconds after the last was given", () => {
    const pool = new StagingPool();
    pool.give(new ArrayBuffer(MIB));
    vi.advanceTimersByTime(9_000);
    pool.give(new ArrayBuffer(MIB));
    vi.advanceTimersByTime(9_000);
    expect(pool.byteLength).toBe(2 * MIB);
    vi.advanceTimersByTime(1_000);
    expect(pool.byteLength).toBe(0);
  });

  test("keeps nothing once it is closed", () => {
    const pool = new StagingPool();
    pool.give(new ArrayBuffer(MIB));
    pool.close();
    pool.give(new ArrayBuffer(MIB));
    expect([pool.byteLength, pool.take(MIB)]).toEqual([0, undefined]);
    expect(vi.getTimerCount()).toBe(0);
  });
});
