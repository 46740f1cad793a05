import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { Codec } from "./codec.ts";
import { encode } from "./message.ts";
import { t } from "./t.ts";

const document = readFileSync(join(import.meta.dirname, "../../docs/abi.md"), "utf8");

/** Evaluates an expression of the documentation. */
function evaluate(expression: string): unknown {
  // oxlint-disable-next-line no-implied-eval -- the documentation is ours, and no other text is read
  return new Function("t", `return (${expression});`)(t);
}

function bytesOf(digits: string): Uint8Array {
  return Uint8Array.from(digits.split(" ").filter(Boolean), (byte) => Number.parseInt(byte, 16));
}

test("the documentation of the ABI has the bytes of each value that it lists", () => {
  const rows = Array.from(document.matchAll(/^\| `(t\..*?)` \| `(.*?)` \| `?([\da-f ]*?)`? \|$/gm));
  expect(rows.length).toBeGreaterThan(10);
  for (const [row, codec = "", value = "", bytes = ""] of rows)
    expect(encode(evaluate(codec) as Codec<unknown>, evaluate(value)), row).toEqual(bytesOf(bytes));
});

test("the diagrams of the ABI have the bytes of the call that they show", () => {
  const [, head = "", text = "", times = ""] =
    /arguments: "hey", 2u8\n.*\n │ ([\da-f ]+) │ ([\da-f ]+) │ ([\da-f]+) │/.exec(document) ?? [];
  expect(bytesOf(`${head} ${text} ${times}`)).toEqual(encode(t.tuple(t.string, t.u8), ["hey", 2]));
  const [, some = "", length = "", capitals = ""] =
    /result: Some\("HEYHEY"\)\n.*\n │ ([\da-f]+) │ ([\da-f ]+) │ ([\da-f ]+) │/.exec(document) ??
    [];
  expect(bytesOf(`${some} ${length} ${capitals}`)).toEqual(encode(t.option(t.string), "HEYHEY"));
});
