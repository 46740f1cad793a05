import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  MAX_SWITCHES,
  type OutputChunk,
  type OutputFd,
  partsOf,
} from "../protocol/output-chunk.ts";
import {
  BURST_BYTES,
  BURST_CHUNKS,
  CHUNK_INTERVAL_MS,
  OUTPUT_CHUNK_BYTES,
  OutputAllowance,
} from "../protocol/output-pace.ts";
import { Output } from "./output.ts";

const BOTH = { stdout: true, stderr: true };

/** The texts of a chunk's parts, those of stderr in brackets. */
function texts(chunk: OutputChunk): string[] {
  return [...partsOf(chunk)].map(([fd, bytes]) => {
    const text = new TextDecoder().decode(bytes);
    return fd === 1 ? text : `[${text}]`;
  });
}

function recording(hasListener = BOTH) {
  const chunks: OutputChunk[] = [];
  const clock = { nowMs: 0, sleptMs: 0, isInterrupted: false };
  const output = new Output(
    {
      send: (chunk) => chunks.push(chunk),
      nowMs: () => clock.nowMs,
      sleep: (durationMs) => {
        if (clock.isInterrupted) return false;
        clock.nowMs += durationMs;
        clock.sleptMs += durationMs;
        return true;
      },
    },
    hasListener,
  );
  const encoder = new TextEncoder();
  return {
    chunks,
    clock,
    output,
    texts: () => chunks.flatMap(texts),
    write: (text: string) => output.stdout.write(encoder.encode(text)),
    writeError: (text: string) => output.stderr.write(encoder.encode(text)),
  };
}

describe("a guest's output", () => {
  test("is posted with each write, with or without a newline", () => {
    const { texts, write } = recording();
    for (const text of ["one\n", "two\nthr", "ee\n", "\r 20%"]) write(text);
    expect(texts()).toEqual(["one\n", "two\nthr", "ee\n", "\r 20%"]);
  });

  test("keeps the order of writes to both streams, also in batches", () => {
    const { chunks, clock, texts, write, writeError } = recording();
    const expected: string[] = [];
    for (let count = 0; count < BURST_CHUNKS / 2 + 100; count++) {
      write(`${count}`);
      writeError("e");
      expected.push(`${count}`, "[e]");
    }
    expect(chunks).toHaveLength(BURST_CHUNKS);
    clock.nowMs += CHUNK_INTERVAL_MS;
    writeError("end");
    expect(chunks).toHaveLength(BURST_CHUNKS + 1);
    expected[expected.length - 1] = "[eend]";
    expect(texts()).toEqual(expected);
  });

  test("is batched when writes are fast, and loses nothing", () => {
    const { chunks, write, output, texts } = recording();
    const numbers = Array.from({ length: 100_000 }, (_, line) => `${line}\n`);
    for (const number of numbers) write(number);
    output.flush();
    expect(chunks.length).toBeLessThan(BURST_CHUNKS + 20);
    expect(texts().join("")).toBe(numbers.join(""));
  });

  test("is posted once per frame while writes are fast, when the guest next gives control", () => {
    const { chunks, clock, output, write } = recording();
    for (let count = 0; count < BURST_CHUNKS + 1; count++) write("x");
    output.flushWhenDue();
    expect(chunks).toHaveLength(BURST_CHUNKS);
    clock.nowMs += CHUNK_INTERVAL_MS;
    output.flushWhenDue();
    output.flushWhenDue();
    expect(chunks).toHaveLength(BURST_CHUNKS + 1);
  });

  test("of one large write is posted in chunks of bounded size", () => {
    const { texts, write } = recording();
    write("z".repeat(3.5 * OUTPUT_CHUNK_BYTES));
    expect(texts().map((text) => text.length)).toEqual([
      ...Array<number>(3).fill(OUTPUT_CHUNK_BYTES),
      OUTPUT_CHUNK_BYTES / 2,
    ]);
  });

  test("waits when it exceeds the rate: 16 MiB at once, then 64 KiB per millisecond", () => {
    const { clock, output } = recording();
    const bytes = new Uint8Array(OUTPUT_CHUNK_BYTES);
    for (let sent = 0; sent < BURST_BYTES; sent += OUTPUT_CHUNK_BYTES) output.stdout.write(bytes);
    expect(clock.sleptMs).toBe(0);
    for (let chunk = 0; chunk < 1024; chunk++) output.stderr.write(bytes);
    expect(clock.sleptMs).toBe(1024);
  });

  test("waits for a frame when the streams alternate more often than a chunk can hold", () => {
    const { clock, chunks, write, writeError } = recording();
    for (let count = 0; count < BURST_CHUNKS; count++) write("x");
    for (let count = 0; count < MAX_SWITCHES / 2; count++) {
      write("x");
      writeError("y");
    }
    write("x");
    expect([clock.sleptMs, chunks.length]).toEqual([0, BURST_CHUNKS]);
    writeError("y");
    expect([clock.sleptMs, chunks.length]).toEqual([CHUNK_INTERVAL_MS, BURST_CHUNKS + 1]);
  });

  test("of a guest that is interrupted while it waits is dropped", () => {
    const { clock, chunks, output } = recording();
    const bytes = new Uint8Array(OUTPUT_CHUNK_BYTES);
    for (let sent = 0; sent < BURST_BYTES; sent += OUTPUT_CHUNK_BYTES) output.stdout.write(bytes);
    const before = chunks.length;
    clock.isInterrupted = true;
    for (let count = 0; count < 10; count++) output.stdout.write(bytes);
    output.flush();
    expect(chunks).toHaveLength(before);
  });

  test("is posted before a sleep of a frame, but not before many short ones", () => {
    const { chunks, write, output, texts } = recording();
    for (let count = 0; count < BURST_CHUNKS; count++) write(".");
    for (let turn = 0; turn < 1000; turn++) {
      write(".");
      output.flushBeforeWait(0);
    }
    expect(chunks).toHaveLength(BURST_CHUNKS);
    output.flushBeforeWait(CHUNK_INTERVAL_MS);
    expect(chunks).toHaveLength(BURST_CHUNKS + 1);
    expect(texts().join("")).toHaveLength(BURST_CHUNKS + 1000);
  });

  test("that nobody listens to is not posted", () => {
    const { texts, write, writeError, output } = recording({ stdout: false, stderr: true });
    write("one");
    writeError("two");
    write("three");
    output.flush();
    expect(texts()).toEqual(["[two]"]);
  });

  test("has the end of stderr kept for the error of a trap, until the next call", () => {
    const { output, write, writeError } = recording();
    writeError("x".repeat(10_000));
    writeError("the last words");
    write("not these");
    expect(output.stderrTail).toHaveLength(4096);
    expect(output.stderrTail.endsWith("xthe last words")).toBe(true);
    output.beginCall();
    expect(output.stderrTail).toBe("");
  });

  test("has the end of stderr kept for any chunks, with or without a listener", () => {
    const pieces = fc.array(fc.integer({ min: 0, max: 6000 }), { maxLength: 20 });
    fc.assert(
      fc.property(pieces, fc.boolean(), (lengths, stderr) => {
        const { output, writeError } = recording({ stdout: false, stderr });
        let all = "";
        for (const length of lengths) {
          const piece = String.fromCharCode(97 + (all.length % 26)).repeat(length);
          writeError(piece);
          all += piece;
        }
        expect(output.stderrTail).toBe(all.slice(-4096));
      }),
    );
  });
});

type Step = ["stdout" | "stderr" | "both", number] | ["sleep", number] | ["host call" | "import"];

const STEP: fc.Arbitrary<Step> = fc.oneof(
  fc.tuple(
    fc.constantFrom("stdout", "stderr", "both"),
    fc.oneof(fc.integer({ min: 0, max: 40 }), fc.integer({ min: 0, max: OUTPUT_CHUNK_BYTES + 10 })),
  ),
  fc.tuple(fc.constant("sleep"), fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 100 }))),
  fc.constantFrom<Step>(["host call"], ["import"]),
);

const chunk = (length: number, fd: OutputFd = 1): OutputChunk => ({
  fd,
  bytes: new Uint8Array(length),
  switches: [],
});

describe("the rate of a guest's output", () => {
  test("is kept whatever a guest does, so that the page never terminates it as hostile", () => {
    const program = fc.array(fc.tuple(STEP, fc.integer({ min: 1, max: 2000 })), { maxLength: 12 });
    fc.assert(
      fc.property(program, (steps) => {
        const clock = { nowMs: 5 };
        const allowance = new OutputAllowance(Infinity, clock.nowMs);
        let hostCalls = 0;
        const output = new Output(
          {
            send: (sent) => expect(allowance.admit(sent, hostCalls, clock.nowMs)).toBe(true),
            nowMs: () => clock.nowMs,
            sleep: (durationMs) => {
              clock.nowMs += durationMs;
              return true;
            },
          },
          BOTH,
        );
        for (const [[kind, amount = 0], times] of steps) {
          const repeated = amount > 100 ? Math.ceil(times / 50) : times;
          for (let time = 0; time < repeated; time++) {
            if (kind === "sleep") {
              output.flushBeforeWait(amount);
              clock.nowMs += amount;
            } else if (kind === "host call") {
              hostCalls++;
              output.stdout.write(new Uint8Array(3));
              output.flush();
            } else if (kind === "import") {
              clock.nowMs += 0.5;
              output.flushWhenDue();
            } else {
              if (kind !== "stderr") output.stdout.write(new Uint8Array(amount));
              if (kind !== "stdout") output.stderr.write(new Uint8Array(amount));
            }
          }
        }
        output.flush();
      }),
      { numRuns: 50 },
    );
  });

  test("is exceeded by one chunk, and by one byte of either stream", () => {
    const chunks = new OutputAllowance(Infinity, 0);
    let admitted = 0;
    while (chunks.admit(chunk(0), 0, 0)) admitted++;
    // 100 ms are lent to a clock that is behind, and one chunk is for the end of the run.
    expect(admitted).toBe(BURST_CHUNKS + 7);
    const bytes = new OutputAllowance(Infinity, 0);
    expect(bytes.admit(chunk(BURST_BYTES + 100 * OUTPUT_CHUNK_BYTES), 0, 0)).toBe(true);
    expect(bytes.admit(chunk(1, 2), 0, 0)).toBe(false);
  });

  test("ends at limits.outputBytes for each stream", () => {
    const allowance = new OutputAllowance(5, 0);
    expect(allowance.admit({ fd: 1, bytes: new Uint8Array(10), switches: [5] }, 0, 0)).toBe(true);
    expect(allowance.admit(chunk(1, 2), 0, 0)).toBe(false);
    expect(new OutputAllowance(5, 0).admit(chunk(6), 0, 0)).toBe(false);
  });
});
