import { describe, expect, test } from "vitest";
import { PluginTimeoutError } from "../../errors.ts";
import type { CallReply, GuestCall } from "../../protocol/lanes/call-lane.ts";
import { MessageLane } from "../../protocol/lanes/message-lane.ts";
import { toWireError } from "../../protocol/wire-error.ts";
import { EventHub } from "../events/event-hub.ts";
import { type CallPlace, CallWindow, type PendingCall } from "../instance/call-window.ts";
import { Deadline } from "../time/deadline.ts";
import { CallQueue } from "./call-queue.ts";

/** A worker's window, and what the worker has been sent. */
function worker(stop: CallPlace["stop"] = async () => {}) {
  const sent: number[] = [];
  const ended: unknown[] = [];
  let runs = 1;
  const lane = Object.assign(
    new MessageLane(
      () => {},
      () => {},
    ),
    {
      send: ({ index }: GuestCall) => void sent.push(index),
    },
  );
  const place: CallPlace = {
    lane,
    pluginName: "p",
    deadline: new Deadline(),
    beginRun: () => runs++,
    endRun: (_run, { end }) => ("thrown" in end ? new Error(end.thrown.message) : undefined),
    cutOffRun: (run, error) => void ended.push(run, error),
    stop,
  };
  return { window: new CallWindow(place), sent, ended };
}

const RESULT: CallReply = { end: { result: new Uint8Array(), isOwned: false }, fuelUsed: 0 };
const THROWN: CallReply = { end: { thrown: toWireError(new Error("no")) }, fuelUsed: 0 };

/** A queue on one worker after the other, and a log of what its calls come to. */
function queued(...workers: ReturnType<typeof worker>[]) {
  let current = 0;
  const source = {
    window() {
      const next = workers[current];
      if (next === undefined) throw new Error("closed");
      return next.window;
    },
  };
  const queue = new CallQueue(source, new EventHub());
  const log: string[] = [];
  const add = (index: number, rest: Partial<PendingCall> = {}) =>
    queue.add({
      index,
      name: `f${index}`,
      ...{ args: new Uint8Array(8), bufferBytes: 8 },
      timeoutMs: Infinity,
      signal: undefined,
      watch: undefined,
      resolve: () => void log.push(`${index}`),
      reject: (error) => void log.push(`${index}: ${(error as Error).message ?? error}`),
      ...rest,
    });
  const die = (lastRun = -1) => workers[current++]?.window.end(new Error("dead"), lastRun);
  return { queue, log, add, die };
}

const settled = () => new Promise((resolve) => setTimeout(resolve));

describe("a call queue", () => {
  test("rejects the calls of a signal with its reason, also where the first of them ended the worker", async () => {
    const { queue, log, add } = queued(
      worker(async () => {
        void queue.failWaiting(new Error("terminated"));
      }),
    );
    const controller = new AbortController();
    const { signal } = controller;
    add(1, { signal });
    add(2, { signal });
    add(3);
    controller.abort("enough");
    await settled();
    expect(log.toSorted()).toEqual(["1: enough", "2: enough", "3: terminated"]);
  });

  test("sends a worker calls ahead and settles them in order", () => {
    const only = worker();
    const { queue, log, add } = queued(only);
    for (const index of [1, 2, 3]) add(index);
    expect([only.sent, queue.waiting, log]).toEqual([[1, 2, 3], 2, []]);
    only.window.settle([RESULT, THROWN]);
    expect([log, queue.waiting]).toEqual([["1", "2: Error: no"], 0]);
    only.window.settle([RESULT]);
    expect(log).toEqual(["1", "2: Error: no", "3"]);
  });

  test("sends at most a thousand calls or a megabyte ahead", () => {
    const [first, second] = [worker(), worker()];
    const calls = queued(first);
    for (let index = 0; index < 2000; index++) calls.add(index);
    expect(first.sent.length).toBe(1024);
    first.window.settle([RESULT, RESULT]);
    expect([first.sent.length, calls.queue.waiting]).toEqual([1026, 1997]);
    const large = queued(second);
    for (let index = 0; index < 9; index++) large.add(index, { bufferBytes: 400_000 });
    expect(second.sent).toEqual([0, 1]);
  });

  test("holds a call with a signal back until it is next, so that an aborted one never reaches the guest", () => {
    const only = worker();
    const { log, add } = queued(only);
    const { signal } = new AbortController();
    const aborted = new AbortController();
    add(1);
    add(2, { signal });
    add(3, { signal: aborted.signal });
    add(4);
    expect(only.sent).toEqual([1]);
    aborted.abort(new Error("enough"));
    only.window.settle([RESULT]);
    expect([only.sent, log]).toEqual([
      [1, 2, 4],
      ["3: enough", "1"],
    ]);
  });

  test("stops the worker when a running call is aborted, and then rejects the call", async () => {
    const controller = new AbortController();
    const reasons: unknown[] = [];
    const only = worker(async (reason) => void reasons.push(reason));
    const { log, add } = queued(only);
    add(1, { signal: controller.signal });
    controller.abort(new Error("enough"));
    expect(log).toEqual([]);
    await settled();
    expect(log).toEqual(["1: enough"]);
    expect(reasons).toEqual([{ kind: "terminated", reason: controller.signal.reason }]);
  });

  test("times each call from when it starts to run", async () => {
    const reasons: unknown[] = [];
    const only = worker(async (reason) => void reasons.push(reason));
    const { add } = queued(only);
    add(1, { timeoutMs: 1000 });
    add(2, { timeoutMs: 5 });
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(reasons).toEqual([]);
    only.window.settle([RESULT]);
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(reasons).toMatchObject([{ error: expect.any(PluginTimeoutError) }]);
  });

  test("sends calls that have not started to the next worker, before newer ones", () => {
    const [first, second] = [worker(), worker()];
    const { log, add, die } = queued(first, second);
    for (const index of [1, 2, 3]) add(index);
    die();
    add(4);
    expect([log, second.sent, first.ended]).toEqual([
      ["1: dead"],
      [2, 3, 4],
      [1, new Error("dead")],
    ]);
  });

  test("never sends a call that has started to a second worker", () => {
    const [first, second] = [worker(), worker()];
    const { log, add, die } = queued(first, second);
    for (const index of [1, 2, 3]) add(index);
    die(2);
    expect([log, second.sent]).toEqual([["1: dead", "2: dead"], [3]]);
  });

  test("rejects all waiting calls when there is no worker any more", async () => {
    const { queue, log, add, die } = queued(worker());
    for (const index of [1, 2, 3]) add(index);
    die();
    await queue.close();
    expect(log).toEqual(["1: dead", "2: closed", "3: closed"]);
  });

  test("rejects the first call when a fresh worker fails to start, and tries again for the next", async () => {
    const only = worker();
    let starts = 0;
    const source = {
      window: () => {
        starts += 1;
        if (starts === 1) return Promise.reject(new Error("no start"));
        return starts === 2 ? Promise.resolve(only.window) : only.window;
      },
    };
    const queue = new CallQueue(source, new EventHub());
    const log: unknown[] = [];
    const call = (index: number): PendingCall => ({
      index,
      name: "f",
      ...{ args: new Uint8Array(), bufferBytes: 0 },
      timeoutMs: Infinity,
      signal: undefined,
      watch: undefined,
      resolve: () => {},
      reject: (error) => void log.push([index, error]),
    });
    queue.add(call(1));
    queue.add(call(2));
    await settled();
    expect([log, only.sent]).toEqual([[[1, new Error("no start")]], [2]]);
  });

  test("closes when all its calls have settled", async () => {
    const only = worker();
    const { queue, log, add } = queued(only);
    add(1);
    const closed = queue.close().then(() => log.push("closed"));
    expect(queue.isClosed).toBe(true);
    await settled();
    only.window.settle([RESULT]);
    await closed;
    expect(log).toEqual(["1", "closed"]);
    await queue.close();
  });

  test("is idle only when all of thousands of rejections are delivered", async () => {
    const { queue, log, add, die } = queued(worker());
    for (let index = 0; index < 5000; index++) add(index);
    die();
    await queue.close();
    expect(log.length).toBe(5000);
  });
});
