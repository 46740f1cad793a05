import { describe, expect, test } from "vitest";
import { checkRecording } from "./check-recording.ts";

const CALL = { type: "call", functionName: "f", args: "", timeoutMs: null };
const RECORDING = {
  format: "cloche-recording",
  version: 1,
  role: "plugin",
  isComplete: true,
  pluginName: "p",
  module: {},
  options: { hostFunctions: ["g"] },
  answers: [{ functionName: "g", args: "", answer: null }],
  steps: [{ ...CALL, end: { kind: "result", bytes: "AQ==" } }],
};

const EXIT = { kind: "exit", exitCode: 0, stdout: "aGk=", stderr: "", files: { "/a": null } };
const RUN = { type: "run", timeoutMs: null, end: EXIT };
const COMMAND = { ...RECORDING, role: "command", steps: [RUN] };

const deep = () => {
  let tree: object = {};
  for (let level = 0; level < 2000; level++) tree = { a: tree };
  return tree;
};

/** What is wrong, and what the message begins with. */
const WRONG: readonly (readonly [object | null, string])[] = [
  [null, "Invalid recording: null"],
  [[], "Invalid recording: "],
  [{ format: "other" }, "Invalid recording.format: "],
  [{ version: "1" }, "Invalid recording.version: "],
  [{ role: "page" }, "Invalid recording.role: "],
  [{ pluginName: 1 }, "Invalid recording.pluginName: "],
  [{ module: { bytes: "%" } }, "Invalid recording.module.bytes: is not base64"],
  [{ module: undefined }, "Invalid recording.module: undefined"],
  [{ options: { hostFunctions: [1] } }, "Invalid recording.options.hostFunctions[0]: "],
  [{ answers: {} }, "Invalid recording.answers: "],
  [{ answers: [{ functionName: 1, args: "" }] }, "Invalid recording.answers[0].functionName: "],
  [
    { answers: [{ functionName: "g", args: "", answer: 1 }] },
    "Invalid recording.answers[0].answer",
  ],
  [{ steps: [{ type: "other" }] }, "Invalid recording.steps[0].type: "],
  [{ steps: [{ ...CALL, timeoutMs: -1 }] }, "Invalid recording.steps[0].timeoutMs: "],
  [{ steps: [CALL, { ...CALL, end: { kind: "x" } }] }, "Invalid recording.steps[1].end.kind: "],
  [{ steps: [RUN] }, "Invalid recording.steps[0].type: "],
  [{ ...COMMAND, steps: [CALL] }, "Invalid recording.steps[0].type: "],
  [{ ...COMMAND, steps: [RUN, RUN] }, "Invalid recording.steps[1]: a command runs once"],
  [
    { ...COMMAND, steps: [{ ...RUN, end: { ...EXIT, stdout: "%" } }] },
    "Invalid recording.steps[0].end.stdout: is not base64",
  ],
  [
    { ...COMMAND, steps: [{ ...RUN, end: { ...EXIT, files: { "/a": 1 } } }] },
    'Invalid recording.steps[0].end.files["/a"]: ',
  ],
  [{ steps: [{ type: "files", operation: "read" }] }, "Invalid recording.steps[0].operation: "],
  [
    { steps: [{ type: "files", operation: "load", path: "/", tree: { a: 1 } }] },
    'Invalid recording.steps[0].tree["a"]: ',
  ],
  [
    { steps: [{ type: "files", operation: "load", path: "/", tree: deep() }] },
    'Invalid recording.steps[0].tree["a"]',
  ],
];

describe("a recording from a file", () => {
  test("is taken when its shape is right", () => {
    for (const recording of [RECORDING, COMMAND]) {
      expect(checkRecording(JSON.parse(JSON.stringify(recording)))).toMatchObject(recording);
    }
  });

  test.each(WRONG)("is refused at the place that is wrong: %#", (wrong, message) => {
    const isWhole = wrong === null || Array.isArray(wrong);
    const given = isWhole ? wrong : { ...RECORDING, ...wrong };
    expect(() => checkRecording(given)).toThrow(TypeError);
    expect(() => checkRecording(given)).toThrow(message);
  });
});
