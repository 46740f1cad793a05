import type { Codec } from "./codec.ts";
import { HOT_USES } from "./fields.ts";
import {
  type ReadItems,
  specializedItemReader,
  specializedItemWriter,
  type WriteItems,
} from "./item-copies.ts";
import type { Reader } from "./reader.ts";
import type { TypedArray, TypedArrayConstructor } from "./typed-array.ts";
import { viewElements } from "./types/typed-arrays.ts";
import { WEIGHTS } from "./weights.ts";
import type { Writer } from "./writer.ts";

/** From this many numbers on, reading them as a typed array first is faster, up to eight times. */
const BULK_ITEMS = 32;
/** A longer list grows: of nested lengths, each of which is possible, 128 ask for 16 MiB at most. */
const FIRST_ITEMS = 16_384;

/** What `vec` and `array` repeat; `elements` where it is a number. */
export interface Item extends Codec<unknown> {
  readonly elements?: TypedArrayConstructor<TypedArray>;
}

/** The items of a vec or an array. */
export class Items {
  /** What one item counts towards `messageItems`; a bigint is an object of its own also in a list. */
  readonly weight: number;
  readonly #item: Item;
  #reads = 0;
  #writes = 0;
  #readItems: ReadItems | undefined;
  #writeItems: WriteItems | undefined;

  constructor(item: Item) {
    const { elements, weight } = item;
    this.#item = item;
    this.weight =
      elements !== undefined && weight === WEIGHTS.scalar ? WEIGHTS.listedNumber : weight;
  }

  /** Writes the first `length` items, which a proxy can claim to be any number. @throws Mismatch */
  write(writer: Writer, values: readonly unknown[], length: number): void {
    writer.enter();
    writer.reserve(length * this.#item.minBytes);
    if (this.#writeItems === undefined) this.#writeEach(writer, values, length);
    else this.#writeItems(writer, values, length);
    writer.leave();
  }

  /** Reads `length` items, a number that the reader has checked. @throws Mismatch */
  read(reader: Reader, length: number): unknown[] {
    const { elements } = this.#item;
    reader.enter();
    if (elements !== undefined && length >= BULK_ITEMS) {
      const numbers = readNumbers(reader, elements, length);
      reader.leave();
      return numbers;
    }
    // oxlint-disable-next-line unicorn/no-new-array -- growing it takes four times as long
    const values = new Array<unknown>(length < FIRST_ITEMS ? length : FIRST_ITEMS);
    if (this.#readItems === undefined) this.#readEach(reader, values, length);
    else this.#readItems(reader, values, length);
    reader.leave();
    return values;
  }

  #readEach(reader: Reader, values: unknown[], length: number): void {
    const item = this.#item;
    let index = 0;
    try {
      for (; index < length; index++) values[index] = item.decode(reader);
    } catch (error) {
      throw reader.within(error, index);
    }
    this.#reads += length;
    if (this.#reads >= HOT_USES) {
      this.#reads = -Infinity;
      this.#readItems = specializedItemReader(item);
    }
  }

  #writeEach(writer: Writer, values: readonly unknown[], length: number): void {
    const item = this.#item;
    let index = 0;
    try {
      for (; index < length; index++) item.encode(writer, values[index]);
    } catch (error) {
      throw writer.within(error, index);
    }
    this.#writes += length;
    if (this.#writes >= HOT_USES) {
      this.#writes = -Infinity;
      this.#writeItems = specializedItemWriter(item);
    }
  }
}

function readNumbers(
  reader: Reader,
  elements: TypedArrayConstructor<TypedArray>,
  length: number,
): unknown[] {
  const source = viewElements(reader, reader.bytes, elements, length);
  // oxlint-disable-next-line unicorn/no-new-array -- the bytes are known to hold as many
  const values = new Array<unknown>(length);
  for (let index = 0; index < length; index++) values[index] = source[index];
  return values;
}
