import { describe, expect, test } from "vitest";
import { CallQueue } from "./call-queue.ts";

/** A task that the test settles, and that logs its start. */
function task(log: string[], name: string) {
  let resolve: (value: string) => void = () => {};
  let reject: (reason: Error) => void = () => {};
  const promise = new Promise<string>((...settle) => {
    [resolve, reject] = settle;
  });
  const run = () => {
    log.push(name);
    return promise;
  };
  return { run, finish: () => resolve(name), fail: () => reject(new Error(name)) };
}

const settled = () => new Promise((resolve) => setTimeout(resolve));

describe("a call queue", () => {
  test("starts a task only when the one before has resolved or rejected", async () => {
    const log: string[] = [];
    const queue = new CallQueue();
    const [first, second, third] = ["first", "second", "third"].map((name) => task(log, name));
    const results = [first, second, third].map((each) =>
      queue.run(each?.run ?? (() => Promise.reject(new Error())), undefined),
    );
    await settled();
    expect([log, queue.waiting]).toEqual([["first"], 2]);
    first?.fail();
    await expect(results[0]).rejects.toThrow("first");
    await settled();
    expect([log, queue.waiting]).toEqual([["first", "second"], 1]);
    second?.finish();
    third?.finish();
    expect(await Promise.all(results.slice(1))).toEqual(["second", "third"]);
  });

  test("removes a waiting task when its signal aborts, and lets a running one continue", async () => {
    const log: string[] = [];
    const queue = new CallQueue();
    const [running, waiting, last] = ["running", "waiting", "last"].map((name) => task(log, name));
    const controller = new AbortController();
    const { signal } = controller;
    const ran = running && queue.run(running.run, signal);
    const waited = waiting && queue.run(waiting.run, signal);
    const lasted = last && queue.run(last.run, undefined);
    controller.abort("enough");
    await expect(waited).rejects.toBe("enough");
    running?.finish();
    last?.finish();
    expect([await ran, await lasted, log]).toEqual(["running", "last", ["running", "last"]]);
  });

  test("does not run a task whose signal has already aborted", async () => {
    const log: string[] = [];
    const queue = new CallQueue();
    const aborted = task(log, "aborted");
    const refused = queue.run(aborted.run, AbortSignal.abort("too late"));
    await expect(refused).rejects.toBe("too late");
    expect([await queue.run(() => Promise.resolve("next"), undefined), log]).toEqual(["next", []]);
  });

  test("runs tasks that are added after it was empty, or after all waiting ones were failed", async () => {
    const queue = new CallQueue();
    const log: string[] = [];
    const run = (name: string) =>
      queue.run(() => Promise.resolve(void log.push(name)), undefined).catch(() => {});
    await Promise.all([run("1"), run("2")]);
    const cutOff = [run("3"), run("4"), run("5")];
    queue.failWaiting(new Error("no more"));
    await Promise.all([...cutOff, run("6"), run("7")]);
    await run("8");
    expect(log).toEqual(["1", "2", "3", "6", "7", "8"]);
  });

  test("closes when all its tasks have settled", async () => {
    const log: string[] = [];
    const queue = new CallQueue();
    const only = task(log, "only");
    const ran = queue.run(only.run, undefined).then(() => log.push("ran"));
    const closed = queue.close().then(() => log.push("closed"));
    expect(queue.isClosed).toBe(true);
    only.finish();
    await Promise.all([ran, closed]);
    expect(log).toEqual(["only", "ran", "closed"]);
    await queue.close();
  });

  test("rejects all waiting tasks at once, and is idle then", async () => {
    const queue = new CallQueue();
    const running = task([], "running");
    const ran = queue.run(running.run, undefined);
    const waited = [1, 2].map(() => queue.run(() => Promise.resolve("never"), undefined));
    queue.failWaiting(new Error("gone"));
    for (const each of waited) await expect(each).rejects.toThrow("gone");
    running.finish();
    expect(await ran).toBe("running");
    await queue.close();
  });

  test("is idle only when all of thousands of rejections are delivered", async () => {
    const queue = new CallQueue();
    const running = task([], "running");
    const ran = queue.run(running.run, undefined);
    let rejected = 0;
    for (let count = 0; count < 5000; count++) {
      queue.run(() => Promise.resolve(), undefined).catch(() => (rejected += 1));
    }
    queue.failWaiting(new Error("gone"));
    expect(queue.waiting).toBe(0);
    running.finish();
    await Promise.all([ran, queue.close()]);
    expect(rejected).toBe(5000);
  });

  test("ignores the signal of a task that has run", async () => {
    const queue = new CallQueue();
    const controller = new AbortController();
    expect(await queue.run(() => Promise.resolve(1), controller.signal)).toBe(1);
    controller.abort();
    expect(await queue.run(() => Promise.resolve(2), undefined)).toBe(2);
  });
});
