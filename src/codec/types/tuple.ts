import { checkCodec } from "../check-codec.ts";
import type { AnyCodec, Codec, InputOf, ValueOf } from "../codec.ts";
import { weightOf } from "../weights.ts";

/**
 * `(A, B, …)` and tuple structs: an array with one item for each codec, in bytes one after the
 * other. The arguments of a call are a tuple.
 */
export function tuple<const C extends readonly AnyCodec[]>(
  ...items: C
): Codec<{ -readonly [K in keyof C]: ValueOf<C[K]> }, { readonly [K in keyof C]: InputOf<C[K]> }>;
export function tuple(...items: Codec<unknown>[]): AnyCodec {
  for (const [index, item] of items.entries()) checkCodec(item, `item ${index} of t.tuple`);
  return {
    minBytes: items.reduce((sum, item) => sum + item.minBytes, 0),
    weight: weightOf(items.map((item) => item.weight)),
    nullable: false,
    encode: (writer, value: unknown) => {
      if (!Array.isArray(value) || value.length !== items.length) {
        throw writer.wrong(value, `tuple (Array of ${items.length})`);
      }
      const values: readonly unknown[] = value;
      writer.enter();
      let index = 0;
      try {
        for (const item of items) item.encode(writer, values[index++]);
      } catch (error) {
        throw writer.within(error, index - 1);
      }
      writer.leave();
    },
    decode: (reader) => {
      const values: unknown[] = [];
      reader.enter();
      try {
        for (const item of items) values.push(item.decode(reader));
      } catch (error) {
        throw reader.within(error, values.length);
      }
      reader.leave();
      return values;
    },
  };
}
