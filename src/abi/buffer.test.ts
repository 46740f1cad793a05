import { describe, expect, test } from "vitest";
import { packBuffer, unpackBuffer } from "./buffer.ts";

describe("a packed buffer", () => {
  test.each([
    [{ ptr: 0, len: 0 }, 0n],
    [{ ptr: 1, len: 0 }, 0x1_0000_0000n],
    [{ ptr: 0, len: 0xffff_ffff }, 0xffff_ffffn],
    [{ ptr: 0x10, len: 0x20 }, 0x10_0000_0020n],
    [{ ptr: 0xffff_ffff, len: 0xffff_ffff }, 0xffff_ffff_ffff_ffffn],
  ])("has the pointer of %o in its upper half and the length in its lower", (buffer, packed) => {
    expect(packBuffer(buffer)).toBe(packed);
    expect(unpackBuffer(packed)).toEqual(buffer);
  });

  test("with a pointer in the upper half is negative in Wasm and read as unsigned", () => {
    expect(unpackBuffer(BigInt.asIntN(64, 0x8000_0000_0000_0005n))).toEqual({
      ptr: 0x8000_0000,
      len: 5,
    });
    expect(unpackBuffer(-1n)).toEqual({ ptr: 0xffff_ffff, len: 0xffff_ffff });
  });
});
