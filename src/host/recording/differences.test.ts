import { expect, test } from "vitest";
import { base64Of } from "../../schema/json/base64.ts";
import { differencesOf } from "./differences.ts";
import { type RecordedEnd } from "./recording.ts";

const base64 = (text: string) => base64Of(new TextEncoder().encode(text));

function exit(fields: Partial<Extract<RecordedEnd, { kind: "exit" }>>): RecordedEnd {
  return { kind: "exit", exitCode: 0, stdout: "", stderr: "", files: {}, ...fields };
}

test.each([
  [exit({ stdout: "aGk=" }), exit({ stdout: "aGk=" }), []],
  [exit({}), exit({ exitCode: 3 }), [["exited with 0", "exited with 3"]]],
  [
    exit({ stdout: base64("one two") }),
    exit({ stdout: base64("one three") }),
    [['stdout from byte 5 "wo"', 'stdout from byte 5 "hree"']],
  ],
  [
    exit({}),
    exit({ stderr: base64("x".repeat(2000)) }),
    [['stderr ""', `stderr "${"x".repeat(1000)}"…`]],
  ],
  [
    exit({ files: { "/a": "QQ==", "/b": null, "/same": "" } }),
    exit({ files: { "/a": "QUE=", "/c/": "", "/same": "" } }),
    [
      ['wrote QQ== to "/a"', 'wrote QUE= to "/a"'],
      ['removed "/b"', 'left "/b" as it was'],
      ['left "/c/" as it was', 'made "/c/"'],
    ],
  ],
  [
    exit({ exitCode: 1 }),
    { kind: "error", name: "PluginTrapError", message: "unreachable" },
    [["exited with 1", "PluginTrapError: unreachable"]],
  ],
  [
    { kind: "error", name: "PluginTrapError", message: "as Firefox says it" },
    { kind: "error", name: "PluginTrapError", message: "as Chromium says it" },
    [],
  ],
] as const)("ends are compared: %#", (recorded, replayed, differences) => {
  expect(differencesOf(recorded, replayed)).toEqual(differences);
});

test("results are shown as values, unless the type is unknown or the values look alike", () => {
  const result = (bytes: string): RecordedEnd => ({ kind: "result", bytes });
  const values: Record<string, string> = { "AQ==": "1", "Ag==": "2", "Awc=": "2" };
  const difference = (recorded: string, replayed: string) =>
    differencesOf(result(recorded), result(replayed), (bytes) => values[bytes]);
  expect(difference("AQ==", "Ag==")).toEqual([["returned 1", "returned 2"]]);
  expect(difference("Ag==", "Awc=")).toEqual([["returned Ag==", "returned Awc="]]);
  expect(difference("AQ==", "")).toEqual([["returned 1", "returned no bytes"]]);
});
