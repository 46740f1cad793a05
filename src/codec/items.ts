import type { Codec, TypedArray, TypedArrayConstructor } from "./codec.ts";
import type { Reader } from "./reader.ts";
import { viewElements } from "./types/typed-arrays.ts";
import { WEIGHTS } from "./weights.ts";
import type { Writer } from "./writer.ts";

/** From this many numbers on, reading them as a typed array first is faster, up to eight times. */
const BULK_ITEMS = 32;

/** What `vec` and `array` repeat; `elements` where it is a number. */
export interface Item extends Codec<unknown> {
  readonly elements?: TypedArrayConstructor<TypedArray>;
}

/** What one item counts towards `messageItems`; a bigint is an object of its own also in a list. */
export function itemWeight({ elements, weight }: Item): number {
  return elements !== undefined && weight === WEIGHTS.scalar ? WEIGHTS.listedNumber : weight;
}

/** Writes the first `length` items, which a proxy can claim to be any number. */
export function writeItems(
  writer: Writer,
  item: Item,
  values: readonly unknown[],
  length: number,
): void {
  writer.enter();
  writer.reserve(length * item.minBytes);
  let index = 0;
  try {
    for (; index < length; index++) item.encode(writer, values[index]);
  } catch (error) {
    throw writer.within(error, index);
  }
  writer.leave();
}

/** Reads `length` items, a number that the reader has checked. */
export function readItems(reader: Reader, item: Item, length: number): unknown[] {
  reader.enter();
  const values =
    item.elements !== undefined && length >= BULK_ITEMS
      ? readNumbers(reader, item.elements, length)
      : readEach(reader, item, length);
  reader.leave();
  return values;
}

function readEach(reader: Reader, item: Item, length: number): unknown[] {
  // Grown, not allocated at its length: nested lengths, each possible, could ask for far too much.
  const values: unknown[] = [];
  try {
    for (let index = 0; index < length; index++) values.push(item.decode(reader));
  } catch (error) {
    throw reader.within(error, values.length);
  }
  return values;
}

function readNumbers(
  reader: Reader,
  elements: TypedArrayConstructor<TypedArray>,
  length: number,
): unknown[] {
  const source = viewElements(reader, elements, length);
  // oxlint-disable-next-line unicorn/no-new-array -- the bytes are known to hold as many
  const values = new Array<unknown>(length);
  for (let index = 0; index < length; index++) values[index] = source[index];
  return values;
}
