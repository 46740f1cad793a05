import { describe, expect, test } from "vitest";
import { postedBytes, treeTransfer } from "./bytes-transfer.ts";

describe("bytes for the other thread", () => {
  test("are copied if they are few and transferred if they are many", () => {
    const few = new Uint8Array(64);
    const many = new Uint8Array(1 << 20);
    expect(postedBytes(few)).toEqual({ bytes: few, transfer: [] });
    expect(postedBytes(many).transfer[0]).toBe(many.buffer);
  });

  test("are copied out of a much larger buffer, which is neither cloned nor detached", () => {
    const buffer = new ArrayBuffer(1 << 20);
    const part = new Uint8Array(buffer, 8, 4).fill(7);
    const { bytes, transfer } = postedBytes(part);
    expect([[...bytes], bytes.buffer.byteLength, transfer]).toEqual([[7, 7, 7, 7], 4, []]);
    expect(buffer.byteLength).toBe(1 << 20);
  });

  test("are transferred after they were copied out, if they are many", () => {
    const part = new Uint8Array(new ArrayBuffer(1 << 20), 8, 1 << 16);
    const { bytes, transfer } = postedBytes(part);
    expect([bytes.length, transfer[0] === bytes.buffer]).toEqual([1 << 16, true]);
    expect(part.buffer.byteLength).toBe(1 << 20);
  });

  test("are copied out of shared memory, which cannot be transferred", () => {
    const shared = new Uint8Array(new SharedArrayBuffer(100)).fill(3);
    const { bytes } = postedBytes(shared);
    expect(bytes.buffer).toBeInstanceOf(ArrayBuffer);
    expect(bytes).toEqual(Uint8Array.from(shared));
  });

  test("are transferred with their tree, except parts of other buffers", () => {
    const [one, two] = [new Uint8Array(1 << 20), new Uint8Array(4096)];
    const part = new Uint8Array(new ArrayBuffer(1 << 20), 8, 1 << 16);
    const tree = {
      few: new Uint8Array(4095),
      one,
      directory: { part, two, none: {} },
    };
    expect(treeTransfer(tree)).toEqual([one.buffer, two.buffer]);
  });
});
