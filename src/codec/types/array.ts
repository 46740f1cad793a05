import { checkCodec, checkLength } from "../check-codec.ts";
import type { AnyCodec, Codec, InputOf, ValueOf } from "../codec.ts";
import { type Item, Items } from "../items.ts";
import { WEIGHTS } from "../weights.ts";

/**
 * `[T; length]`: an array of exactly that length, which the bytes do not repeat.
 *
 * @throws TypeError when `length` is not an integer ≥ 0.
 */
export function array<C extends AnyCodec>(
  item: C,
  length: number,
): Codec<ValueOf<C>[], readonly InputOf<C>[]>;
export function array(item: Item, length: number): AnyCodec {
  checkCodec(item, "item of t.array");
  checkLength(length, "length of t.array");
  const items = new Items(item);
  return {
    type: { kind: "array", item: item.type, length },
    minBytes: item.minBytes * length,
    weight: WEIGHTS.item,
    nullable: false,
    encode: (writer, value: unknown) => {
      if (!Array.isArray(value) || value.length !== length) {
        throw writer.wrong(value, `array (Array of ${length})`);
      }
      items.write(writer, value, length);
    },
    decode: (reader) => {
      reader.expect(length, item.minBytes, items.weight);
      return items.read(reader, length);
    },
  };
}
