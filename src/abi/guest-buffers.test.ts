import { describe, expect, test } from "vitest";
import { PluginLimitError, PluginTrapError } from "../errors.ts";
import { packBuffer } from "./buffer.ts";
import { GuestBuffers } from "./guest-buffers.ts";
import { wat } from "./wat.test-kit.ts";

/** A guest with one page of memory whose allocator answers what the test sets, and which counts what is freed. */
async function guest(limits = { messageBytes: 1000 }, memorySize = "1") {
  const { instance } = await WebAssembly.instantiate(
    wat(`(module
      (memory (export "memory") ${memorySize})
      (global $next (export "next") (mut i32) (i32.const 1024))
      (global (export "asked") (mut i32) (i32.const -1))
      (global (export "freed") (mut i64) (i64.const -1))
      (func (export "__alloc_buffer") (param i32) (result i32)
        (global.set 1 (local.get 0)) (global.get $next))
      (func (export "__free_buffer") (param i64) (global.set 2 (local.get 0))))`),
  );
  const exports = instance.exports as {
    memory: WebAssembly.Memory;
    next: WebAssembly.Global;
    asked: WebAssembly.Global;
    freed: WebAssembly.Global;
    __alloc_buffer: (len: number) => number;
    __free_buffer: (buffer: bigint) => void;
  };
  const { memory, __alloc_buffer: alloc, __free_buffer: free } = exports;
  const buffers = new GuestBuffers({ memory, alloc, free }, limits, "test");
  return { ...exports, buffers, bytes: new Uint8Array(memory.buffer) };
}

describe("passing bytes to a guest", () => {
  test("calls its allocator, copies, and returns the packed range", async () => {
    const { buffers, asked, bytes } = await guest();
    expect(buffers.give(new Uint8Array([1, 2, 3]))).toBe(packBuffer({ ptr: 1024, len: 3 }));
    expect(asked.value).toBe(3);
    expect([...bytes.subarray(1024, 1027)]).toEqual([1, 2, 3]);
  });

  test("accepts any pointer for an empty buffer", async () => {
    const { buffers, next } = await guest();
    next.value = -1;
    expect(buffers.give(new Uint8Array())).toBe(packBuffer({ ptr: 0xffff_ffff, len: 0 }));
  });

  test.each([
    ["null", 0, "__alloc_buffer(3) returned 0"],
    [
      "a range that ends one byte past memory",
      65_534,
      "returned bytes 65534 to 65537 of a memory of 65536",
    ],
    ["a negative pointer", -1, "returned bytes 4294967295 to 4294967298"],
  ])("refuses %s from the allocator", async (_what, pointer, message) => {
    const { buffers, next } = await guest();
    next.value = pointer;
    expect(() => buffers.give(new Uint8Array(3))).toThrow(PluginTrapError);
    expect(() => buffers.give(new Uint8Array(3))).toThrow(message);
  });

  test("may fill the memory up to its last byte", async () => {
    const { buffers, next, bytes } = await guest();
    next.value = 65_533;
    buffers.give(new Uint8Array([7, 8, 9]));
    expect(bytes[65_535]).toBe(9);
  });

  test("is bounded by messageBytes, at N and N + 1", async () => {
    const { buffers } = await guest({ messageBytes: 10 });
    buffers.give(new Uint8Array(10));
    expect(() => buffers.give(new Uint8Array(11))).toThrow(PluginLimitError);
  });
});

describe("taking bytes from a guest", () => {
  test("copies them and frees the buffer", async () => {
    const { buffers, bytes, freed } = await guest();
    bytes.set([4, 5, 6], 100);
    const packed = packBuffer({ ptr: 100, len: 3 });
    const taken = buffers.take(packed);
    bytes.fill(0);
    expect([...taken]).toEqual([4, 5, 6]);
    expect(freed.value).toBe(packed);
  });

  test("accepts an empty buffer at any pointer, also outside memory", async () => {
    const { buffers, freed } = await guest();
    expect(buffers.take(-0x1_0000_0000n)).toEqual(new Uint8Array());
    expect(freed.value).toBe(-0x1_0000_0000n);
  });

  test.each([
    ["past the end", packBuffer({ ptr: 65_535, len: 2 })],
    ["wholly outside", packBuffer({ ptr: 0xffff_ffff, len: 1 })],
    ["of impossible length", -1n],
  ])("refuses a range %s and does not free it", async (_where, packed) => {
    const { buffers, freed } = await guest();
    expect(() => buffers.take(packed)).toThrow(PluginTrapError);
    expect(freed.value).toBe(-1n);
  });

  test("is bounded by messageBytes, at N and N + 1, and frees rejected buffers", async () => {
    const { buffers, freed } = await guest({ messageBytes: 10 });
    expect(buffers.take(packBuffer({ ptr: 8, len: 10 }))).toHaveLength(10);
    const packed = packBuffer({ ptr: 8, len: 11 });
    expect(() => buffers.take(packed)).toThrow(PluginLimitError);
    expect(freed.value).toBe(packed);
  });

  test.each([
    ["has grown", "1", 1],
    ["has grown by nothing", "2", 0],
    ["has grown and is shared", "1 3 shared", 1],
  ])("reads the current memory after it %s", async (_how, declared, growth) => {
    const { buffers, memory } = await guest({ messageBytes: 1000 }, declared);
    buffers.give(Uint8Array.of(1));
    memory.grow(growth);
    const last = memory.buffer.byteLength - 1;
    new Uint8Array(memory.buffer)[last] = 42;
    expect([...buffers.take(packBuffer({ ptr: last, len: 1 }))]).toEqual([42]);
    expect(buffers.memoryBytes).toBe(last + 1);
  });

  test("reuses a spare buffer if the copy fits", async () => {
    const { buffers } = await guest();
    const spare = new ArrayBuffer(16);
    const take = (len: number) => buffers.take(packBuffer({ ptr: 8, len }), spare).buffer === spare;
    expect([0, 7, 16, 17].map(take)).toEqual([true, true, true, false]);
  });
});
