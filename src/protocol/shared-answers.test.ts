import { Worker } from "node:worker_threads";
import { describe, expect, test } from "vitest";
import {
  createSharedAnswers,
  leaveAnswer,
  type SharedAnswers,
  type TicketedAnswer,
  waitForAnswer,
} from "./shared-answers.ts";

const MiB = 1024 * 1024;

const nowMs = () => performance.now();

/** The answer that is there. */
function answerIn(answers: SharedAnswers): TicketedAnswer {
  const answer = waitForAnswer(answers, 0, nowMs);
  if (answer === undefined) throw new Error("there is no answer");
  return answer;
}

describe("an answer in shared memory", () => {
  test.each([0, 1, 64 * 1024, 64 * 1024 + 1, 2 * MiB])(
    "of %i bytes arrives completely",
    (length) => {
      const answers = createSharedAnswers(4 * MiB);
      leaveAnswer(answers, { ticket: -7, result: new Uint8Array(length).fill(9) });
      const { ticket, result } = answerIn(answers);
      expect(ticket).toBe(-7);
      expect(result).toHaveLength(length);
      expect(result?.every((byte) => byte === 9)).toBe(true);
      expect(result?.buffer).toBeInstanceOf(ArrayBuffer);
    },
  );

  test("is awaited for as long as the caller says, kept if it is late, and taken once", () => {
    const answers = createSharedAnswers(MiB);
    const startMs = performance.now();
    expect(waitForAnswer(answers, 30, nowMs)).toBeUndefined();
    expect(performance.now() - startMs).toBeGreaterThan(25);
    leaveAnswer(answers, { ticket: 1, result: new Uint8Array([1]) });
    expect(answerIn(answers).result).toEqual(new Uint8Array([1]));
    expect(waitForAnswer(answers, 0, nowMs)).toBeUndefined();
  });

  test("is awaited on when the thread is woken for nothing, as after an answer that it saw before", async () => {
    const answers = createSharedAnswers(MiB);
    const waker = new Worker(
      `const { workerData: control, parentPort } = require("node:worker_threads");
      parentPort.postMessage("ready");
      const end = Date.now() + 300;
      while (Date.now() < end) Atomics.notify(control, 0);`,
      { eval: true, workerData: answers.control },
    );
    await new Promise((resolve) => void waker.once("message", resolve));
    expect(waitForAnswer(answers, 100, nowMs)).toBeUndefined();
    await waker.terminate();
  });

  test("may be a failure, followed by a result", () => {
    const answers = createSharedAnswers(MiB);
    leaveAnswer(answers, { ticket: 1, result: undefined });
    expect(answerIn(answers)).toEqual({ ticket: 1, result: undefined });
    leaveAnswer(answers, { ticket: 2, result: new Uint8Array([1]) });
    expect(answerIn(answers)).toEqual({ ticket: 2, result: new Uint8Array([1]) });
  });

  test("fits up to the limit, and is a failure above it", () => {
    const answers = createSharedAnswers(10);
    leaveAnswer(answers, { ticket: 0, result: new Uint8Array(10) });
    expect(answerIn(answers).result).toHaveLength(10);
    leaveAnswer(answers, { ticket: 0, result: new Uint8Array(11) });
    expect(answerIn(answers).result).toBeUndefined();
  });

  test("is a failure when the browser refuses to grow the memory, and nothing is thrown", () => {
    const answers = createSharedAnswers(4 * MiB);
    // As when the worker, which has the same memory, grows it between the page's look and its own growing.
    const data = new Proxy(answers.data, {
      get: (target, name) => (name === "byteLength" ? 0 : Reflect.get(target, name, target)),
    });
    expect(() => data.grow(1)).toThrow();
    leaveAnswer({ ...answers, data }, { ticket: 0, result: new Uint8Array(1) });
    expect(answerIn(answers).result).toBeUndefined();
  });

  test("may be limited only by the memory", () => {
    expect(createSharedAnswers(Infinity).data.maxByteLength).toBe(1024 * MiB);
  });
});
