import { describe, expect, test } from "vitest";
import {
  type AnswerContext,
  checkCompletions,
  checkDiagnostics,
  checkEdits,
  checkHover,
} from "./checked-answers.ts";
import { InvalidAnswerError } from "./invalid-answer-error.ts";
import { TextOffsets } from "./text-offsets.ts";

const about = (text: string): AnswerContext => ({
  pluginName: "p",
  text,
  offsets: new TextOffsets(text),
});
const edit = (start: number, end: number, text: string) => ({ start, end, text });

describe("edits", () => {
  test("are put in the order of the text, in UTF-16", () => {
    expect(checkEdits([edit(7, 8, "!"), edit(0, 2, "e")], about("é😀 ?"))).toEqual([
      { from: 0, to: 1, text: "e" },
      { from: 4, to: 5, text: "!" },
    ]);
  });

  test("lose what they do not change, without cutting a character", () => {
    expect(checkEdits([edit(0, 5, "abXde")], about("abcde"))).toEqual([
      { from: 2, to: 3, text: "X" },
    ]);
    expect(checkEdits([edit(0, 5, "abcde")], about("abcde"))).toEqual([]);
    // Both start with the same surrogate, and two others end with the same.
    expect(checkEdits([edit(0, 4, "😁")], about("😀"))).toEqual([{ from: 0, to: 2, text: "😁" }]);
    expect(checkEdits([edit(0, 4, "🈀")], about("😀"))).toEqual([{ from: 0, to: 2, text: "🈀" }]);
    expect(checkEdits([edit(0, 2, "aaa")], about("aa"))).toEqual([{ from: 2, to: 2, text: "a" }]);
  });

  test("get the line ends that the text has", () => {
    expect(checkEdits([edit(0, 3, "a\r\nb\r\nc\r")], about("a\nb"))).toEqual([
      { from: 3, to: 3, text: "\nc\n" },
    ]);
    expect(checkEdits([edit(0, 4, "a\r\nb\r\n")], about("a\r\nb"))).toEqual([
      { from: 4, to: 4, text: "\r\n" },
    ]);
  });

  test("that would damage the text fail as a whole", () => {
    for (const [edits, text] of [
      [[edit(0, 6, "")], "short"],
      [[edit(4, 2, "")], "short"],
      [[edit(1, 2, "")], "é"],
      [[edit(0, 3, "x"), edit(2, 4, "y")], "short"],
      [[edit(1, 1, "x"), edit(1, 1, "y")], "short"],
      [[edit(0, 0, "x".repeat(10_041))], "short"],
    ] as const)
      expect(() => checkEdits(edits, about(text))).toThrow(InvalidAnswerError);
    expect(checkEdits([edit(0, 0, "x".repeat(10_040))], about("short"))).toHaveLength(1);
  });
});

test("diagnostics are moved into the text and cut to what can be read", () => {
  const wrong = {
    start: 4_294_967_295,
    end: 0,
    severity: "fatal",
    message: "~".repeat(3000),
    code: "a\nb",
  };
  const [found] = checkDiagnostics([wrong], about("é"));
  expect(found).toEqual({
    from: 1,
    to: 1,
    severity: "info",
    message: `${"~".repeat(1999)}…`,
    code: "a b",
  });
  const many = Array.from({ length: 1001 }, () => wrong);
  expect(checkDiagnostics(many, about("é"))).toHaveLength(1000);
});

test("proposals without a label or with a text of another size are left out", () => {
  const item = { label: "a", kind: "text", detail: "", insert: "" };
  const items = [
    { ...item, kind: "x onmouseover" },
    { ...item, label: "\0\n", insert: "b" },
    { ...item, label: "" },
    { ...item, insert: "c".repeat(10_001) },
  ];
  expect(checkCompletions({ start: 1, end: 9, items }, about("text"), 2)).toEqual({
    from: 1,
    to: 4,
    items: [
      { label: "a", kind: "text", detail: "", insert: "a" },
      { label: " ", kind: "text", detail: "", insert: "b" },
    ],
  });
  expect(checkCompletions({ start: 0, end: 0, items: [] }, about("text"), 0)).toBeNull();
});

test("proposals replace only text around the cursor, on its line", () => {
  const items = [{ label: "a", kind: "text", detail: "", insert: "" }];
  // Bytes and code units of the text differ; its second line is from 3 to 7.
  const replaced = (start: number, end: number, offset: number) => {
    const found = checkCompletions({ start, end, items }, about("😀\ntext\n\n"), offset);
    return [found?.from, found?.to];
  };
  expect(replaced(6, 8, 5)).toEqual([4, 6]);
  expect(replaced(0, 11, 5)).toEqual([3, 7]);
  expect(replaced(8, 8, 4)).toEqual([4, 6]);
  expect(replaced(0, 2, 5)).toEqual([3, 5]);
  expect(replaced(4_294_967_295, 0, 0)).toEqual([0, 2]);
  expect(replaced(0, 11, 8)).toEqual([8, 8]);
});

test("a hover without text is none, and a long one is cut between characters", () => {
  expect(checkHover({ start: 0, end: 1, text: " \n" }, about("text"))).toBeNull();
  const hover = checkHover({ start: 0, end: 1, text: `${"x".repeat(9998)}😀😀` }, about("text"));
  expect(hover?.text).toBe(`${"x".repeat(9998)}…`);
});
