import { expect, test } from "vitest";
import { CapturedOutput } from "./captured-output.ts";

const bytesOf = (text: string) => new TextEncoder().encode(text);

test("joins bytes and text, and passes the text on as it comes", () => {
  const pieces: string[] = [];
  const output = new CapturedOutput((piece) => pieces.push(piece));
  for (const byte of bytesOf("a€")) output.write(Uint8Array.of(byte));
  output.end();
  output.end();
  expect(pieces).toEqual(["a", "€"]);
  expect(output.text).toBe("a€");
  expect(output.bytes).toEqual(bytesOf("a€"));
  expect(output.bytes).toBe(output.bytes);
});

test("the text stays when the caller gives the bytes up", () => {
  const output = new CapturedOutput(undefined);
  output.write(bytesOf("kept"));
  output.end();
  structuredClone(output.bytes, { transfer: [output.bytes.buffer] });
  expect(output.text).toBe("kept");
});

test("a character that is cut off at the end is U+FFFD", () => {
  const output = new CapturedOutput(undefined);
  output.write(bytesOf("€").subarray(0, 2));
  output.end();
  expect(output.text).toBe("\uFFFD");
});

test("is empty where nothing was written", () => {
  const output = new CapturedOutput(undefined);
  output.end();
  expect(output.text).toBe("");
  expect(output.bytes).toEqual(new Uint8Array());
});
