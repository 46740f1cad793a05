import { describe, expect, test } from "vitest";
import { Output } from "./output.ts";

function recording() {
  const chunks: string[] = [];
  const clock = { nowMs: 0 };
  const output = new Output(
    (bytes) => chunks.push(new TextDecoder().decode(bytes)),
    () => clock.nowMs,
  );
  return {
    chunks,
    clock,
    output,
    write: (text: string) => output.write(new TextEncoder().encode(text)),
  };
}

describe("a guest's output", () => {
  test("goes out line by line, as the lines come", () => {
    const { chunks, write } = recording();
    write("one\n");
    write("two\nthr");
    write("ee\n");
    expect(chunks).toEqual(["one\n", "two\n", "three\n"]);
  });

  test("is kept back while a line is unfinished, until it is flushed", () => {
    const { chunks, write, output } = recording();
    write("a prompt> ");
    expect(chunks).toEqual([]);
    output.flush();
    output.flush();
    expect(chunks).toEqual(["a prompt> "]);
  });

  test("is gathered when lines come faster than anyone reads, and loses nothing", () => {
    const { chunks, write, output } = recording();
    for (let line = 0; line < 100_000; line++) write(`${line}\n`);
    output.flush();
    expect(chunks.length).toBeLessThan(100);
    expect(chunks.join("")).toBe(
      Array.from({ length: 100_000 }, (_, line) => `${line}\n`).join(""),
    );
    expect(chunks.every((chunk) => chunk.endsWith("\n"))).toBe(true);
  });

  test("goes out line by line again when some time has passed", () => {
    const { chunks, clock, write } = recording();
    for (let line = 0; line < 1000; line++) write("x\n");
    const gathered = chunks.length;
    clock.nowMs += 16;
    write("y\n");
    expect(chunks.length).toBe(gathered + 1);
    expect(chunks.at(-1)).toMatch(/y\n$/);
  });

  test("of one endless line goes out in chunks of bounded size", () => {
    const { chunks, write } = recording();
    write("z".repeat(100_000));
    expect(chunks.map((chunk) => chunk.length)).toEqual(Array(6).fill(16_384));
  });

  test("remembers its end for the error of a call that traps, and forgets it with the next call", () => {
    const { output, write } = recording();
    write("x".repeat(10_000));
    write("the last words");
    expect(output.tail).toHaveLength(4096);
    expect(output.tail.endsWith("xthe last words")).toBe(true);
    output.beginCall();
    expect(output.tail).toBe("");
  });
});
