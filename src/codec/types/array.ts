import type { AnyCodec, Codec, InputOf, ValueOf } from "../codec.ts";
import { type Item, itemWeight, readItems, writeItems } from "../items.ts";
import { WEIGHTS } from "../weights.ts";

/**
 * `[T; length]`: an array of just that length, without a length in the bytes.
 *
 * @throws TypeError when `length` is not a whole number from 0.
 */
export function array<C extends AnyCodec>(
  item: C,
  length: number,
): Codec<ValueOf<C>[], readonly InputOf<C>[]>;
export function array(item: Item, length: number): AnyCodec {
  if (!Number.isSafeInteger(length) || length < 0) {
    throw new TypeError(`Cannot make array: found length ${length}, expected a whole number`);
  }
  return {
    minBytes: item.minBytes * length,
    weight: WEIGHTS.item,
    nullable: false,
    encode: (writer, value: unknown) => {
      if (!Array.isArray(value) || value.length !== length) {
        throw writer.wrong(value, `array (Array of ${length})`);
      }
      writeItems(writer, item, value);
    },
    decode: (reader) => {
      reader.expect(length, item.minBytes, itemWeight(item));
      return readItems(reader, item, length);
    },
  };
}
