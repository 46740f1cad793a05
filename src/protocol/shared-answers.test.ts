import { describe, expect, test } from "vitest";
import { createSharedAnswers, expectAnswer, leaveAnswer, waitForAnswer } from "./shared-answers.ts";

const MiB = 1024 * 1024;

describe("an answer left in shared memory", () => {
  test.each([0, 1, 64 * 1024, 64 * 1024 + 1, 2 * MiB])("of %i bytes arrives whole", (length) => {
    const answers = createSharedAnswers(4 * MiB);
    expectAnswer(answers);
    leaveAnswer(answers, new Uint8Array(length).fill(9));
    const result = waitForAnswer(answers);
    expect(result).toHaveLength(length);
    expect(result?.every((byte) => byte === 9)).toBe(true);
    expect(result?.buffer).toBeInstanceOf(ArrayBuffer);
  });

  test("may be a failure, after which a result comes through again", () => {
    const answers = createSharedAnswers(MiB);
    expectAnswer(answers);
    leaveAnswer(answers, undefined);
    expect(waitForAnswer(answers)).toBeUndefined();
    expectAnswer(answers);
    leaveAnswer(answers, new Uint8Array([1]));
    expect(waitForAnswer(answers)).toEqual(new Uint8Array([1]));
  });

  test("fits up to the limit and is a failure beyond it", () => {
    const answers = createSharedAnswers(10);
    leaveAnswer(answers, new Uint8Array(10));
    expect(waitForAnswer(answers)).toHaveLength(10);
    leaveAnswer(answers, new Uint8Array(11));
    expect(waitForAnswer(answers)).toBeUndefined();
  });

  test("may have no upper limit but the one of the memory itself", () => {
    expect(createSharedAnswers(Infinity).data.maxByteLength).toBe(1024 * MiB);
  });
});
