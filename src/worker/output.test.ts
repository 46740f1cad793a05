import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  CHUNK_BYTES,
  HASTY_BYTES,
  HASTY_CHUNKS,
  OutputAllowance,
} from "../protocol/output-pace.ts";
import { Output } from "./output.ts";

function recording() {
  const chunks: string[] = [];
  const clock = { nowMs: 0, sleptMs: 0 };
  const output = new Output({
    send: (bytes) => chunks.push(new TextDecoder().decode(bytes)),
    nowMs: () => clock.nowMs,
    sleep: (durationMs) => {
      clock.nowMs += durationMs;
      clock.sleptMs += durationMs;
    },
  });
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
    expect(chunks.length).toBeLessThan(HASTY_CHUNKS + 20);
    expect(chunks.join("")).toBe(
      Array.from({ length: 100_000 }, (_, line) => `${line}\n`).join(""),
    );
    expect(chunks.every((chunk) => chunk.endsWith("\n"))).toBe(true);
  });

  test("goes out once a frame while lines come too fast, and line by line again after a rest", () => {
    const { chunks, clock, write } = recording();
    for (let line = 0; line < HASTY_CHUNKS + 1; line++) write("x\n");
    expect(chunks).toHaveLength(HASTY_CHUNKS);
    clock.nowMs += 16;
    write("y\n");
    write("z\n");
    expect(chunks.slice(HASTY_CHUNKS)).toEqual(["x\ny\n"]);
    clock.nowMs += 10_000;
    write("1\n");
    write("2\n");
    expect(chunks.slice(HASTY_CHUNKS + 1)).toEqual(["z\n1\n", "2\n"]);
  });

  test("of one endless line goes out in chunks of bounded size", () => {
    const { chunks, write } = recording();
    write("z".repeat(3.5 * CHUNK_BYTES));
    expect(chunks.map((chunk) => chunk.length)).toEqual(Array(3).fill(CHUNK_BYTES));
  });

  test("waits when it is more than a page takes: the first 16 MiB at once, then 64 KiB a millisecond", () => {
    const { clock, output } = recording();
    const bytes = new Uint8Array(CHUNK_BYTES);
    for (let sent = 0; sent < HASTY_BYTES; sent += CHUNK_BYTES) output.write(bytes);
    expect(clock.sleptMs).toBe(0);
    for (let chunk = 0; chunk < 1024; chunk++) output.write(bytes);
    expect(clock.sleptMs).toBe(1024);
  });

  test("is flushed before a sleep of a frame, but not before each of ever so many short ones", () => {
    const { chunks, write, output } = recording();
    for (let turn = 0; turn < 1000; turn++) {
      write(".");
      output.flushBeforeSleep(0);
    }
    expect(chunks).toHaveLength(HASTY_CHUNKS);
    output.flushBeforeSleep(16);
    expect(chunks).toHaveLength(HASTY_CHUNKS + 1);
    expect(chunks.join("")).toHaveLength(1000);
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

  test("remembers its end in whatever pieces it comes, listened to or not", () => {
    const pieces = fc.array(fc.integer({ min: 0, max: 6000 }), { maxLength: 20 });
    fc.assert(
      fc.property(pieces, (lengths) => {
        const output = new Output(undefined);
        let all = "";
        for (const length of lengths) {
          const piece = String.fromCharCode(97 + (all.length % 26)).repeat(length);
          output.write(new TextEncoder().encode(piece));
          all += piece;
        }
        expect(output.tail).toBe(all.slice(-4096));
      }),
    );
  });
});

type Step = ["write" | "line", number] | ["sleep", number] | ["host call"];

const STEP: fc.Arbitrary<Step> = fc.oneof(
  fc.tuple(
    fc.constantFrom("write", "line"),
    fc.oneof(fc.integer({ min: 0, max: 40 }), fc.integer({ min: 0, max: CHUNK_BYTES + 10 })),
  ),
  fc.tuple(fc.constant("sleep"), fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 100 }))),
  fc.constant<Step>(["host call"]),
);

describe("the pace of a guest's output", () => {
  test("is kept by whatever a guest does, so that the page never takes it for a hostile worker", () => {
    const program = fc.array(fc.tuple(STEP, fc.integer({ min: 1, max: 2000 })), { maxLength: 12 });
    fc.assert(
      fc.property(program, (steps) => {
        const clock = { nowMs: 5 };
        const allowance = new OutputAllowance(Infinity, clock.nowMs);
        let hostCalls = 0;
        const output = new Output({
          send: (bytes) => {
            expect(allowance.admit(bytes.length, hostCalls, clock.nowMs)).toBe(true);
          },
          nowMs: () => clock.nowMs,
          sleep: (durationMs) => void (clock.nowMs += durationMs),
        });
        for (const [[kind, amount = 0], times] of steps) {
          const bytes = new Uint8Array(amount);
          if (kind === "line") bytes[amount >> 1] = 10;
          const repeated = amount > 100 ? Math.ceil(times / 50) : times;
          for (let time = 0; time < repeated; time++) {
            if (kind === "sleep") {
              output.flushBeforeSleep(amount);
              clock.nowMs += amount;
            } else if (kind === "host call") {
              hostCalls++;
              output.write(new Uint8Array(3));
              output.flush();
            } else output.write(bytes);
          }
        }
        output.flush();
      }),
      { numRuns: 50 },
    );
  });

  test("is broken by one chunk more than it allows, and by one byte", () => {
    const chunks = new OutputAllowance(Infinity, 0);
    let admitted = 0;
    while (chunks.admit(0, 0, 0)) admitted++;
    // 100 ms are lent to a clock that is behind.
    expect(admitted).toBe(HASTY_CHUNKS + 13);
    const bytes = new OutputAllowance(Infinity, 0);
    expect(bytes.admit(HASTY_BYTES + 100 * CHUNK_BYTES, 0, 0)).toBe(true);
    expect(bytes.admit(1, 0, 0)).toBe(false);
  });

  test("has its end at limits.outputBytes", () => {
    expect(new OutputAllowance(5, 0).admit(5, 0, 0)).toBe(true);
    expect(new OutputAllowance(5, 0).admit(6, 0, 0)).toBe(false);
  });
});
