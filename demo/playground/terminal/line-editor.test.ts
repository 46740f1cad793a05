import { Terminal } from "@xterm/headless";
import { describe, expect, test } from "vitest";
import { LineEditor } from "./line-editor.ts";

const COLUMNS = 12;
const LEFT = "\x1b[D";
const UP = "\x1b[A";
const DOWN = "\x1b[B";

/** A line editor on a real terminal without a screen. */
function open(prompt = "> ") {
  const terminal = new Terminal({ cols: COLUMNS, rows: 6, allowProposedApi: true });
  const events: string[] = [];
  const editor = new LineEditor({
    write: (text) => terminal.write(text),
    columns: () => terminal.cols,
    onLine: (line) => events.push(`line ${line}`),
    onEnd: () => events.push("end"),
    onInterrupt: () => events.push("interrupt"),
  });
  const begin = () => {
    terminal.write(prompt);
    editor.begin(prompt);
  };
  /** What is on the screen, `|` at the cursor. */
  const screen = async () => {
    await new Promise<void>((done) => terminal.write("", done));
    const { active } = terminal.buffer;
    const lines = Array.from({ length: active.length }, (_, row) => {
      const line = active.getLine(row)?.translateToString(true) ?? "";
      if (row !== active.baseY + active.cursorY) return line;
      const before = active.getLine(row)?.translateToString(false, 0, active.cursorX) ?? "";
      return `${before}|${line.slice(before.length)}`;
    });
    return lines.join("\n").trimEnd();
  };
  begin();
  return { editor, events, begin, screen };
}

test("gives a line when Enter is pressed, and keeps what is typed ahead for the next", async () => {
  const { editor, events, begin, screen } = open();
  editor.input("one\rtwo\rth");
  expect(events).toEqual(["line one"]);
  begin();
  expect(events).toEqual(["line one", "line two"]);
  begin();
  expect(await screen()).toBe("> one\n> two\n> th|");
});

test.each([
  ["abc", `${LEFT}${LEFT}x`, "> ax|bc"],
  ["abc", "\x01x\x05y", "> xabcy|"],
  ["abc", "\x7f\x7f", "> a|"],
  ["abc", "\x01\x1b[3~", "> |bc"],
  ["ab cd", "\x17", "> ab |"],
  ["ab cd", "\x1b[1;5D\x15", "> |cd"],
  ["ab cd", "\x01\x1b[1;5C\x0b", "> ab|"],
  ["e\u0301a", `${LEFT}\x7f`, "> |a"],
  ["", "\x7f\x1b[3~\x1b[C\x1b[D", "> |"],
  ["ab", "\x1b[6;3R\x1b]11;rgb:0/0/0\x07\x1bP1$r0m\x1b\\\x1b[200~c\x1b[201~\u009b", "> abc|"],
])("edits %j with %j", async (typed, keys, expected) => {
  const { editor, screen } = open();
  editor.input(typed);
  editor.input(keys);
  expect(await screen()).toBe(expected);
});

describe("a line longer than the terminal is wide", () => {
  test("is drawn over several rows, and anew at each key", async () => {
    const { editor, screen } = open();
    for (const key of "abcdefghij") editor.input(key);
    expect(await screen()).toBe("> abcdefghij\n|");
    editor.input("klm");
    expect(await screen()).toBe("> abcdefghij\nklm|");
    for (const key of [LEFT, LEFT, LEFT, LEFT, "x"]) editor.input(key);
    expect(await screen()).toBe("> abcdefghix\n|jklm");
    editor.input("\x15");
    expect(await screen()).toBe("> |jklm");
  });

  test("scrolls the terminal and stays whole", async () => {
    const { editor, events, screen } = open();
    const text = "0123456789ab".repeat(9);
    for (const key of text) editor.input(key);
    editor.input("\x01");
    editor.input("\r");
    expect(events).toEqual([`line ${text}`]);
    const lines = (await screen()).split("\n");
    expect(lines.slice(0, 9).join("").slice(2)).toBe(text.slice(0, 9 * COLUMNS - 2));
  });

  test("has its cursor right behind characters of two cells and of none", async () => {
    const { editor, screen } = open();
    editor.input("漢字漢字漢字e\u0301");
    expect(await screen()).toBe("> 漢字漢字漢\n字e\u0301|");
    editor.input("\x7f\x7f");
    expect(await screen()).toBe("> 漢字漢字漢\n|");
  });
});

test("recalls earlier lines, and the line that was begun", () => {
  const { editor, events, begin } = open();
  for (const line of ["one", "two", "two", "  "]) {
    editor.input(`${line}\r`);
    begin();
  }
  editor.input(`dra${UP}${UP}${UP}${DOWN}${DOWN}ft\r`);
  begin();
  editor.input(`${UP}${UP}!\r`);
  expect(events.slice(4)).toEqual(["line draft", "line two!"]);
});

test("ends the input by Ctrl+D on an empty line only", async () => {
  const { editor, events, screen } = open();
  editor.input("ab\x01\x04\x04");
  expect(await screen()).toBe("> |");
  expect(events).toEqual([]);
  editor.input("\x04");
  expect(events).toEqual(["end"]);
});

test("drops a line by Ctrl+C, and interrupts by it where there is no line", async () => {
  const { editor, events, screen } = open();
  editor.input("ab\x03");
  expect(await screen()).toBe("> ab^C\n> |");
  expect(events).toEqual([]);
  editor.input("\x03");
  expect(events).toEqual(["interrupt"]);
  editor.input("lost\x03");
  expect(events).toEqual(["interrupt", "interrupt"]);
});
