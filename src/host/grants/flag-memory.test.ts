import { describe, expect, test } from "vitest";
import {
  type FlagAddress,
  type FlagPlace,
  MAX_FLAG_MEMORIES,
  takeFlagAddress,
} from "./flag-memory.ts";

function taken(): FlagAddress {
  const address = takeFlagAddress();
  if (address === undefined) throw new Error("no address is left");
  return address;
}

function placesAt(address: FlagAddress): FlagPlace[] {
  return Array.from({ length: MAX_FLAG_MEMORIES }, () => address.take()).filter(
    (place) => place !== undefined,
  );
}

/** Whether an instance that was started with a flag is interrupted. */
function isInterrupted({ memory, address, generation }: ReturnType<FlagPlace["flag"]>): boolean {
  return Atomics.load(new Int32Array(memory.buffer), address / 4) !== generation;
}

describe("an address of flags", () => {
  test("has a slot in each of a few memories, and one more when one is released", () => {
    const address = taken();
    const places = placesAt(address);
    const flags = places.map((place) => place.flag());
    expect(new Set(flags.map(({ memory }) => memory)).size).toBe(MAX_FLAG_MEMORIES);
    expect(new Set(flags.map((flag) => flag.address))).toEqual(new Set([address.address]));
    expect(address.take()).toBeUndefined();
    places[3]?.release();
    expect(address.take()?.flag().memory).toBe(flags[3]?.memory);
    expect(address.take()).toBeUndefined();
  });

  test("interrupts the plugin of one slot, and no other of its module or its memory", () => {
    const [first, second] = [placesAt(taken()), placesAt(taken())];
    const places = [...first, ...second];
    const flags = places.map((place) => place.flag());
    first[1]?.interrupt();
    expect(flags.map(isInterrupted)).toEqual(places.map((place) => place === first[1]));
    // A fresh instance of the same plugin runs, and the interrupted one does not.
    expect([flags[1], first[1]?.flag()].map((flag) => flag && isInterrupted(flag))).toEqual([
      true,
      false,
    ]);
  });

  test("is another module's only when it is dropped and all its slots are released", () => {
    const address = taken();
    const [one, other] = placesAt(address);
    one?.release();
    address.drop();
    expect(taken().address).not.toBe(address.address);
    const flag = other?.flag();
    for (const place of placesAt(address)) place.release();
    other?.release();
    expect(flag && isInterrupted(flag)).toBe(true);
  });

  test("stays interrupted for an instance whose slot somebody else has taken", () => {
    const address = taken();
    const place = address.take();
    const flag = place?.flag();
    place?.release();
    const next = address.take()?.flag();
    expect(next?.memory).toBe(flag?.memory);
    expect([flag, next].map((each) => each && isInterrupted(each))).toEqual([true, false]);
  });
});
