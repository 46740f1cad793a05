import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { Deadline } from "./deadline.ts";

describe("a deadline", () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  test("calls back when its time is up, and not before", () => {
    const onDue = vi.fn();
    new Deadline().set(50, onDue);
    vi.advanceTimersByTime(49);
    expect(onDue).not.toHaveBeenCalled();
    vi.advanceTimersByTime(1000);
    expect(onDue).toHaveBeenCalledOnce();
  });

  test("does not call back after it is cancelled, and its timer ends by itself", () => {
    const onDue = vi.fn();
    new Deadline().set(50, onDue)();
    vi.advanceTimersByTime(1000);
    expect(onDue).not.toHaveBeenCalled();
    expect(vi.getTimerCount()).toBe(0);
  });

  test("leaves no timer behind when it is stopped", () => {
    const onDue = vi.fn();
    const deadline = new Deadline();
    deadline.set(50, onDue);
    deadline.stop();
    expect(vi.getTimerCount()).toBe(0);
    deadline.set(20, onDue);
    vi.advanceTimersByTime(20);
    expect(onDue).toHaveBeenCalledOnce();
  });

  test("measures each task from its own start", () => {
    const [first, second] = [vi.fn(), vi.fn()];
    const deadline = new Deadline();
    const cancel = deadline.set(50, first);
    vi.advanceTimersByTime(40);
    cancel();
    deadline.set(50, second);
    vi.advanceTimersByTime(49);
    expect(second).not.toHaveBeenCalled();
    vi.advanceTimersByTime(1);
    expect(second).toHaveBeenCalledOnce();
    expect(first).not.toHaveBeenCalled();
  });

  test("that is due before an earlier one is kept", () => {
    const [long, short] = [vi.fn(), vi.fn()];
    const deadline = new Deadline();
    deadline.set(30_000, long)();
    deadline.set(10, short);
    vi.advanceTimersByTime(10);
    expect(short).toHaveBeenCalledOnce();
  });

  test("is not cancelled with an earlier one", () => {
    const onDue = vi.fn();
    const deadline = new Deadline();
    const cancelEarlier = deadline.set(50, vi.fn());
    deadline.set(50, onDue);
    cancelEarlier();
    vi.advanceTimersByTime(50);
    expect(onDue).toHaveBeenCalledOnce();
  });

  test("is never due when it is infinite, nor early when it exceeds the longest timer", () => {
    const onDue = vi.fn();
    const deadline = new Deadline();
    deadline.set(Infinity, onDue);
    deadline.set(2 ** 32, onDue);
    vi.advanceTimersByTime(1_000_000);
    expect(onDue).not.toHaveBeenCalled();
  });

  test("uses one timer for many tasks", () => {
    const deadline = new Deadline();
    for (let task = 0; task < 100; task++) deadline.set(30_000, vi.fn())();
    expect(vi.getTimerCount()).toBe(1);
  });
});
