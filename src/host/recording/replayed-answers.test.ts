import { expect, test } from "vitest";
import { checkRecording } from "./check-recording.ts";
import { ReplayedAnswers } from "./replayed-answers.ts";

function replayed(answers: readonly object[], isComplete = true) {
  const differences: (readonly [string, string])[] = [];
  const recording = checkRecording({
    format: "cloche-recording",
    version: 1,
    role: "plugin",
    isComplete,
    pluginName: "p",
    module: {},
    options: { hostFunctions: ["add"] },
    answers,
    steps: [],
  });
  const replayed = new ReplayedAnswers(recording, (...difference) => differences.push(difference));
  return { replayed, differences };
}

const call = (...args: number[]) =>
  ({ kind: "function", run: 1, index: 0, args: new Uint8Array(args) }) as const;

test("a guest that asks for something else is told of once, however long it goes on", async () => {
  const { replayed: answers, differences } = replayed([
    { functionName: "add", args: "AQ==", answer: "Bw==" },
    { functionName: null, args: "", answer: "aGk=" },
  ]);
  expect(await answers.answer(call(1))).toEqual(new Uint8Array([7]));
  for (let count = 0; count < 1000; count++) {
    expect(await answers.answer(call(2))).toBeUndefined();
  }
  expect(await answers.answer({ kind: "stdin" })).toBeUndefined();
  answers.end();
  expect(differences).toEqual([["a read of stdin", 'host call "add" with Ag==']]);
});

test("a guest that asks for less is told of once", () => {
  const { replayed: answers, differences } = replayed(
    ["AQ==", "Ag==", "Aw=="].map((args) => ({ functionName: "add", args, answer: null })),
  );
  answers.end();
  expect(differences).toEqual([['host call "add" with AQ==', "no host call"]]);
});

test("nothing is said of what an incomplete recording has left out", async () => {
  const { replayed: answers, differences } = replayed([], false);
  expect(await answers.answer(call(1))).toBeUndefined();
  answers.end();
  expect(differences).toEqual([]);
});

test("much data is shown in part", async () => {
  const { replayed: answers, differences } = replayed([]);
  await answers.answer(call(...Array<number>(100_000).fill(0)));
  expect(differences[0]?.[1]).toMatch(/^host call "add" with A{1000}…$/);
});

test("a run whose input failed is rejected again, whatever the guest made of that", async () => {
  const { replayed: answers } = replayed([{ functionName: null, args: "", answer: null }]);
  expect(await answers.answer({ kind: "stdin" })).toBeUndefined();
  expect(String(answers.endRun(1))).toBe(
    'PluginError: Cannot read stdin of plugin "p": it failed in the recording',
  );
  expect(answers.endRun(2)).toBeUndefined();
});
