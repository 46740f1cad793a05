import { describe, expect, test } from "vitest";
import { HostileMessages } from "../hostile-messages.test-kit.ts";
import { RingReader, RingWriter } from "./shared-ring.ts";

const CAPACITY = 256;

function ring() {
  const memory = new SharedArrayBuffer(CAPACITY);
  const words = new Int32Array(new SharedArrayBuffer(8));
  const writer = new RingWriter(memory, words, 0, 1);
  const reader = new RingReader(memory, words, 0, 1);
  return { memory, words, writer, reader };
}

const bytes = (length: number, value: number) => new Uint8Array(length).fill(value);

describe("a ring", () => {
  test("gives frames in the order they were written, round after round", () => {
    const { writer, reader } = ring();
    const chance = new HostileMessages(1);
    let [written, read] = [0, 0];
    const lengths: number[] = [];
    while (read < 5000) {
      const length = chance.below(writer.maxPayload + 1);
      if (chance.often(60) && writer.hasRoomFor(length)) {
        writer.write(written, bytes(length, written & 0xff));
        writer.publish();
        lengths.push(length);
        written += 1;
      } else if (reader.next()) {
        expect(reader.head).toBe(read);
        expect(reader.payload).toEqual(bytes(lengths[read] ?? 0, read & 0xff));
        reader.advance();
        reader.release();
        read += 1;
      }
    }
    expect(reader.isBroken).toBe(false);
  });

  test("always has room for a frame of half its size when it is empty", () => {
    const { writer, reader } = ring();
    for (let round = 0; round < 100; round++) {
      expect(writer.hasRoomFor(writer.maxPayload)).toBe(true);
      writer.write(round, bytes(writer.maxPayload, 1));
      writer.publish();
      expect(reader.next()).toBe(true);
      reader.advance();
      reader.release();
      expect(writer.hasRoomFor(round)).toBe(true);
      writer.write(round, bytes(round, 2));
      writer.publish();
      expect(reader.next()).toBe(true);
      reader.advance();
      reader.release();
    }
  });

  test("shows nothing that is not published, and nothing twice", () => {
    const { writer, reader } = ring();
    writer.write(1, bytes(3, 1));
    expect([reader.isEmpty, reader.next()]).toEqual([true, false]);
    writer.publish();
    expect([reader.isEmpty, reader.next()]).toEqual([false, true]);
    reader.advance();
    reader.release();
    expect([reader.isEmpty, reader.next()]).toEqual([true, false]);
  });

  test("whose other end writes anything gives only views of itself, or is broken", () => {
    const chance = new HostileMessages(2);
    const counts = { frames: 0, broken: 0 };
    for (let round = 0; round < 20_000; round++) {
      const { memory, words, reader } = ring();
      const frames = new Uint32Array(memory);
      for (let step = 0; step < 6; step++) {
        const value = chance.often(70) ? chance.below(300) : chance.one([2 ** 32 - 1, 2 ** 31, 8]);
        if (chance.often(50)) words[0] = value;
        else frames[chance.below(frames.length)] = value;
        for (let read = 0; read < 100 && reader.next(); read++) {
          const { byteOffset, length } = reader.payload;
          expect(byteOffset + length).toBeLessThanOrEqual(CAPACITY);
          counts.frames += 1;
          reader.advance();
          reader.release();
        }
      }
      counts.broken += Number(reader.isBroken);
    }
    expect(counts.frames).toBeGreaterThan(1000);
    expect(counts.broken).toBeGreaterThan(1000);
  });
});
