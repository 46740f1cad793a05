import { expect, test } from "vitest";
import { lineOf, placeDiagnostics } from "./source-diagnostic.ts";

const TEXT = "let one = 1;\nfunction größe() {}\n";
const ERROR = { severity: "error", message: "wrong", file: "a.ts" } as const;

test("places a line and a column at the word that begins there", () => {
  const [found] = placeDiagnostics([{ ...ERROR, line: 2, column: 10 }], "a.ts", TEXT);
  expect(TEXT.slice(found?.from, found?.to)).toBe("größe");
  expect(lineOf(TEXT, found?.from ?? 0)).toBe(2);
});

test("takes the compiler's own range, and none beyond the text", () => {
  const [found] = placeDiagnostics([{ ...ERROR, start: 4, end: 7 }], "a.ts", TEXT);
  expect(TEXT.slice(found?.from, found?.to)).toBe("one");
  const [late] = placeDiagnostics([{ ...ERROR, line: 99, column: 99 }], "a.ts", TEXT);
  expect(late).toMatchObject({ from: TEXT.length, to: TEXT.length });
});

test("names the file of a message that is about another one", () => {
  const { severity, message } = ERROR;
  const found = placeDiagnostics(
    [
      { severity, message },
      { ...ERROR, file: "b.ts" },
    ],
    "a.ts",
    TEXT,
  );
  expect(found.map(({ message, from, to }) => [message, from, to])).toEqual([
    ["wrong", 0, 0],
    ["b.ts: wrong", 0, 0],
  ]);
});
