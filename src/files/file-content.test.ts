import fc from "fast-check";
import { expect, test } from "vitest";
import { FileContent } from "./file-content.ts";

const CHUNK = 256 * 1024;

function filled(length: number, value: number): Uint8Array {
  return new Uint8Array(length).fill(value);
}

/** Faster than `toEqual` on large arrays. */
function same(one: Uint8Array, other: Uint8Array): boolean {
  return one.length === other.length && one.every((byte, at) => byte === other[at]);
}

test("reads back what was written across chunk boundaries", () => {
  const content = new FileContent();
  const bytes = Uint8Array.from({ length: CHUNK * 2 + 10 }, (_, index) => index % 251);
  content.write(0, bytes, 0, bytes.length);
  expect(content.size).toBe(bytes.length);
  expect(same(content.toBytes(), bytes)).toBe(true);
  const part = new Uint8Array(20);
  content.read(CHUNK - 10, part, 0, 20);
  expect(part).toEqual(bytes.slice(CHUNK - 10, CHUNK + 10));
});

test("a hole reads as zeros", () => {
  const content = new FileContent();
  content.write(3 * CHUNK + 5, filled(2, 9), 0, 2);
  const bytes = filled(3 * CHUNK + 7, 1);
  content.read(0, bytes, 0, bytes.length);
  expect(bytes.slice(0, -2).every((byte) => byte === 0)).toBe(true);
  expect([...bytes.subarray(-2)]).toEqual([9, 9]);
});

test("a file that was cut off and grows again reads as zeros there", () => {
  for (const [full, cut] of [
    [100, 10],
    [100, 90],
    [CHUNK + 100, CHUNK + 1],
    [CHUNK + 100, 5],
    [CHUNK * 2, CHUNK],
  ] as const) {
    const content = new FileContent();
    content.write(0, filled(full, 7), 0, full);
    content.resize(cut);
    content.resize(full);
    const expected = Uint8Array.from({ length: full }, (_, index) => (index < cut ? 7 : 0));
    expect(same(content.toBytes(), expected)).toBe(true);
  }
});

test("any writes and resizes give the same bytes as a plain array", () => {
  const write = fc.record({
    position: fc.nat({ max: 2 * CHUNK }),
    length: fc.nat({ max: CHUNK }),
    value: fc.integer({ min: 1, max: 255 }),
  });
  const resize = fc.record({ size: fc.nat({ max: 2 * CHUNK }) });
  fc.assert(
    fc.property(fc.array(fc.oneof(write, resize), { maxLength: 8 }), (steps) => {
      const content = new FileContent();
      let plain = new Uint8Array();
      const sized = (size: number): Uint8Array<ArrayBuffer> => {
        const next = new Uint8Array(size);
        next.set(plain.subarray(0, size));
        return next;
      };
      for (const step of steps) {
        if ("size" in step) {
          content.resize(step.size);
          plain = sized(step.size);
        } else {
          const bytes = filled(step.length, step.value);
          content.write(step.position, bytes, 0, bytes.length);
          if (step.length > 0) plain = sized(Math.max(plain.length, step.position + step.length));
          plain.set(bytes, step.length > 0 ? step.position : 0);
        }
      }
      return same(content.toBytes(), plain);
    }),
    { numRuns: 100 },
  );
});

test("an empty write beyond the end keeps the size", () => {
  const content = new FileContent();
  content.write(100, filled(0, 0), 0, 0);
  expect(content.size).toBe(0);
});

test("many small appends take linear time", () => {
  const content = new FileContent();
  const line = filled(100, 1);
  const startMs = Date.now();
  for (let count = 0; count < 20_000; count++) content.write(content.size, line, 0, 100);
  expect(content.size).toBe(2_000_000);
  expect(Date.now() - startMs).toBeLessThan(1000);
});
