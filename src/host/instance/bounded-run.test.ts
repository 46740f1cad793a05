import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { PluginTimeoutError } from "../../errors.ts";
import type { CloseReason } from "../events/close-reason.ts";
import { Deadline } from "../time/deadline.ts";
import { boundedRun } from "./bounded-run.ts";

/** What a run needs of an isolate: which is a worker, and belongs to browsers. */
function isolated(reason?: CloseReason) {
  const ends: CloseReason[] = [];
  const parts = { pluginName: "p", reason, deadline: new Deadline() };
  const stop = async (end: CloseReason) => void ends.push(end);
  return { isolate: { ...parts, stop }, ends };
}

const bounds = { run: "Run", signal: undefined, timeoutMs: 50 };

describe("a bounded run", () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  test("does not begin when its signal has already aborted, and leaves the isolate alone", async () => {
    const { isolate, ends } = isolated();
    const run = vi.fn(() => Promise.resolve());
    const signal = AbortSignal.abort("enough");
    await expect(boundedRun(isolate, { ...bounds, signal }, run)).rejects.toBe("enough");
    expect([run.mock.calls.length, ends, vi.getTimerCount()]).toEqual([0, [], 0]);
  });

  test("leaves no timer behind on an isolate that is gone", async () => {
    const { isolate } = isolated({ kind: "closed" });
    const run = () => Promise.reject(new Error("it is gone"));
    await expect(boundedRun(isolate, bounds, run)).rejects.toThrow("it is gone");
    expect(vi.getTimerCount()).toBe(0);
  });

  test("rejects with what stopped it, not with what comes of the guest meanwhile, and only when that has stopped", async () => {
    const order: string[] = [];
    let fail: (error: Error) => void = () => {};
    const { isolate } = isolated();
    const stop = async () => {
      fail(new Error("interrupted"));
      await Promise.resolve();
      order.push("stopped");
    };
    const run = () => new Promise((_resolve, reject) => (fail = reject));
    const late = boundedRun({ ...isolate, stop }, bounds, run).catch((error: unknown) => {
      order.push((error as Error).name);
    });
    vi.advanceTimersByTime(51);
    await late;
    expect(order).toEqual(["stopped", "PluginTimeoutError"]);
  });

  test("stops the isolate when its time is up or its signal aborts", async () => {
    const { isolate, ends } = isolated();
    expect(await boundedRun(isolate, bounds, () => Promise.resolve(1))).toBe(1);
    const controller = new AbortController();
    const never = () => new Promise(() => {});
    const aborted = boundedRun(isolate, { ...bounds, signal: controller.signal }, never);
    controller.abort("enough");
    await expect(aborted).rejects.toBe("enough");
    const late = boundedRun(isolate, bounds, never);
    vi.advanceTimersByTime(51);
    await expect(late).rejects.toThrow(PluginTimeoutError);
    expect(ends.map(({ kind }) => kind)).toEqual(["terminated", "failed"]);
  });
});
