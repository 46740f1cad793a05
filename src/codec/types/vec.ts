import { checkCodec } from "../check-codec.ts";
import type { AnyCodec, Codec, InputOf, NumericCodec, ValueOf } from "../codec.ts";
import { type Item, Items } from "../items.ts";
import type { TypedArray } from "../typed-array.ts";
import { WEIGHTS } from "../weights.ts";
import { isTypedArray, writeElements } from "./typed-arrays.ts";

/**
 * `Vec<T>`, `VecDeque<T>`, `&[T]`: an array. Of numbers, encoding takes the matching typed array
 * too, at memory speed; to decode into one, see `f64Array` and its kin.
 */
export function vec<T, A extends TypedArray>(
  item: NumericCodec<T, A>,
): Codec<T[], readonly T[] | A>;
export function vec<C extends AnyCodec>(item: C): Codec<ValueOf<C>[], readonly InputOf<C>[]>;
export function vec(item: Item): AnyCodec {
  checkCodec(item, "item of t.vec");
  const { elements } = item;
  const items = new Items(item);
  const expected = `vec (${elements === undefined ? "Array" : `Array or ${elements.name}`})`;
  return {
    type: { kind: "vec", item: item.type },
    minBytes: 8,
    weight: WEIGHTS.item,
    nullable: false,
    encode: (writer, value: unknown) => {
      if (Array.isArray(value)) {
        const { length }: { length: unknown } = value;
        if (!isLength(length)) throw writer.wrong(value, expected);
        writer.length(length);
        items.write(writer, value, length);
      } else if (elements !== undefined && isTypedArray(value, elements)) {
        writeElements(writer, elements, value);
      } else {
        throw writer.wrong(value, expected);
      }
    },
    decode: (reader) => items.read(reader, reader.itemCount(item.minBytes, items.weight)),
  };
}

/** What a proxy of an array says may be anything. */
function isLength(length: unknown): length is number {
  return Number.isSafeInteger(length) && (length as number) >= 0;
}
