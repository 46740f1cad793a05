import { checkCodec } from "../check-codec.ts";
import type { AnyCodec, Codec, InputOf, ValueOf } from "../codec.ts";
import type { Target } from "../field-copies.ts";
import { Fields } from "../fields.ts";
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
  const fields = new Fields(items.map((codec, step) => ({ step, codec })));
  return {
    type: { kind: "tuple", items: items.map(({ type }) => type) },
    minBytes: items.reduce((sum, item) => sum + item.minBytes, 0),
    weight: weightOf(items.map((item) => item.weight)),
    nullable: false,
    encode: (writer, value: unknown) => {
      if (!Array.isArray(value) || value.length !== items.length) {
        throw writer.wrong(value, `tuple (Array of ${items.length})`);
      }
      fields.write(writer, value as unknown as Target);
    },
    decode: (reader) => {
      // oxlint-disable-next-line unicorn/no-new-array -- a list that grows takes four times the memory
      const values = new Array<unknown>(items.length);
      fields.read(reader, values as unknown as Target);
      return values;
    },
  };
}
