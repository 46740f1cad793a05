import { describe, expect, test } from "vitest";
import { FrameWriter, readFrames } from "./call-frames.ts";

const bytes = (length: number, value = 7) => new Uint8Array(length).fill(value);

function written(...lengths: number[]) {
  const writer = new FrameWriter();
  for (const length of lengths) writer.add(length, length / 2, bytes(length), length);
  return writer.take();
}

describe("frames", () => {
  test("are read as they were written, small and large payloads in their order", () => {
    const lengths = [0, 1, 7, 8, 4095, 4096, 3, 100_000, 0];
    const { frames, separate } = written(...lengths);
    const read = readFrames(frames, separate) ?? [];
    expect(read.map(({ head, amount }) => [head, amount])).toEqual(lengths.map((n) => [n, n / 2]));
    expect(read.map(({ payload }) => payload)).toEqual(lengths.map((n) => bytes(n)));
    expect(read.map(({ isSeparate }) => isSeparate)).toEqual(lengths.map((n) => n >= 4096));
  });

  test("take a time limit without an end", () => {
    const writer = new FrameWriter();
    writer.add(0xffff_ffff, Infinity, bytes(0));
    const [frame] = readFrames(writer.take().frames, []) ?? [];
    expect(frame).toMatchObject({ head: 0xffff_ffff, amount: Infinity });
  });

  test("are forgotten by the writer when they are taken", () => {
    const writer = new FrameWriter();
    writer.add(1, 1, bytes(5000), 5000);
    writer.take();
    expect([writer.count, writer.length]).toEqual([0, 0]);
    writer.add(2, 2, bytes(1));
    const { frames, separate, transfer } = writer.take();
    expect([readFrames(frames, separate)?.length, transfer]).toEqual([1, []]);
  });

  test("transfer a large buffer whole, however little of it is used", () => {
    const writer = new FrameWriter();
    const [whole, part] = [bytes(8192), bytes(100_000).subarray(0, 50)];
    writer.add(0, 0, whole, whole.buffer.byteLength);
    writer.add(0, 0, part, part.buffer.byteLength);
    const { separate, transfer } = writer.take();
    expect([separate, transfer]).toEqual([
      [whole, part],
      [whole.buffer, part.buffer],
    ]);
  });

  test("clone a large payload that may be sent again", () => {
    const writer = new FrameWriter();
    const payload = bytes(8192);
    writer.add(0, 0, payload, 8192, true);
    expect(writer.take()).toMatchObject({ separate: [payload], transfer: [] });
  });

  test.each([
    ["cut off in a head", written(8).frames.subarray(0, 12), []],
    ["cut off in a payload", written(8).frames.subarray(0, 20), []],
    ["without the separate payload that they name", written(5000).frames, []],
    ["beside a separate payload that none names", written(8).frames, [bytes(1)]],
  ])("are refused when they are %s", (_what, frames, separate) => {
    expect(readFrames(frames, separate)).toBeUndefined();
  });
});
