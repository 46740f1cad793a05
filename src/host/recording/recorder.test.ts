import { describe, expect, test } from "vitest";
import { PluginTrapError } from "../../errors.ts";
import type { FileSnapshot } from "../../files/file-tree.ts";
import { DEFAULT_LIMITS } from "../../limits.ts";
import { Recorder } from "./recorder.ts";
import { changedFiles, encodeTree } from "./recording.ts";

const LIMIT = 20_000;

/** What the page may be surprised by in the names and texts of a guest: JSON has six characters for it. */
const ODD = "\u0001".repeat(100);

function begin(recorder: Recorder, files: FileSnapshot = {}): void {
  recorder.begin({
    role: "plugin",
    pluginName: "p",
    args: [],
    env: {},
    stdin: new Uint8Array(),
    terminal: { stdin: false, stdout: false, stderr: false },
    clock: { startMs: 0, stepNs: 0 },
    random: { seed: 1 },
    limits: { ...DEFAULT_LIMITS, recordingBytes: LIMIT },
    files,
    hostFunctions: ["add"],
    restart: false,
  });
}

/** Makes a call that the recorder watches. */
function send(recorder: Recorder, args = new Uint8Array(30)) {
  const call = recorder.watch({
    name: "f",
    args,
    timeoutMs: 1000,
    signal: undefined,
    resolve: (_result: Uint8Array, _isOwned: boolean) => {},
    reject: (_error: unknown) => {},
  });
  recorder.sent(call);
  return call;
}

describe("a recorder", () => {
  test.each([
    ["results", (recorder: Recorder) => send(recorder).resolve(new Uint8Array(100), true)],
    [
      "errors with messages of the guest",
      (recorder: Recorder) =>
        send(recorder).reject(
          new PluginTrapError(ODD.repeat(600), { pluginName: "p", guestStack: "", stderr: "" }),
        ),
    ],
    [
      "files with odd names",
      (recorder: Recorder) => recorder.operated("load", ["/", { [ODD]: new Uint8Array(9) }]),
    ],
    [
      "answers",
      (recorder: Recorder) =>
        recorder
          .answersOf(
            { answer: async () => new Uint8Array(50), endRun: () => undefined },
            ["add"],
            () => false,
          )
          .answer({ kind: "function", run: 1, index: 0, args: new Uint8Array(50) }),
    ],
  ] as const)("keeps within limits.recordingBytes: %s", async (_, act) => {
    const recorder = new Recorder();
    begin(recorder);
    for (let count = 0; count < 1000; count++) await act(recorder);
    const recording = await recorder.recording(false);
    const { length } = JSON.stringify(recording);
    expect(recording?.isComplete).toBe(false);
    expect(length).toBeLessThan(LIMIT * 1.05);
    expect(length).toBeGreaterThan(LIMIT * 0.5);
  });

  test("leaves out files at the start that are too much, and all that follows", async () => {
    const recorder = new Recorder();
    begin(recorder, { "large.bin": new Uint8Array(LIMIT) });
    send(recorder).resolve(new Uint8Array(), true);
    const recording = await recorder.recording(false);
    expect(recording).toMatchObject({ isComplete: false, options: { files: {} }, steps: [] });
  });

  test("puts a call that is sent twice where it was sent last", async () => {
    const recorder = new Recorder();
    begin(recorder);
    const first = send(recorder, new Uint8Array([1]));
    send(recorder, new Uint8Array([2]));
    recorder.sent(first);
    const { steps } = (await recorder.recording(false)) ?? {};
    expect(steps).toMatchObject([{ args: "Ag==" }, { args: "AQ==" }]);
  });

  test("has no answer that comes when the guest is gone", async () => {
    const recorder = new Recorder();
    begin(recorder);
    let isClosed = false;
    const late = async () => {
      isClosed = true;
      return new Uint8Array([1]);
    };
    const answers = { answer: late, endRun: () => undefined };
    await recorder.answersOf(answers, [], () => isClosed).answer({ kind: "stdin" });
    const recording = await recorder.recording(false);
    expect(recording?.answers).toEqual([{ functionName: null, args: "" }]);
  });
});

test("changed files are those that are new, other or gone", () => {
  const bytes = (text: string) => new TextEncoder().encode(text);
  const before = { "a.txt": bytes("a"), kept: { "b.txt": bytes("b") }, old: { c: bytes("c") } };
  const after = {
    "a.txt": bytes("A"),
    kept: { "b.txt": bytes("b") },
    new: { empty: {} },
    old: bytes(""),
  };
  expect(changedFiles(encodeTree(before), after)).toEqual({
    "/a.txt": "QQ==",
    "/new/": "",
    "/new/empty/": "",
    "/old": "",
    "/old/": null,
    "/old/c": null,
  });
});
