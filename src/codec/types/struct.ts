import type { AnyCodec, Codec, InputOf, ValueOf } from "../codec.ts";
import { Fields } from "../fields.ts";
import { describeMember, type Members, membersOf } from "../members.ts";
import { WEIGHTS, weightOf } from "../weights.ts";

/** From about here on engines keep an object as a hash table. */
const MANY_FIELDS = 64;

/**
 * A struct with named fields: a plain object. `fields` has them in the order in which the Rust type
 * declares them. When encoding, any other property of the object is ignored.
 *
 * @throws TypeError for field names that are integers, whose order objects do not keep, and for `__proto__`.
 */
export function struct<const F extends Members>(
  fields: F,
): Codec<{ -readonly [K in keyof F]: ValueOf<F[K]> }, { readonly [K in keyof F]: InputOf<F[K]> }>;
export function struct(types: Members): AnyCodec {
  const members = membersOf(types, "struct field");
  const fields = new Fields(members.map(({ name, codec }) => ({ step: name, codec })));
  const leastFieldWeight = members.length > MANY_FIELDS ? WEIGHTS.fieldOfMany : WEIGHTS.scalar;
  return {
    type: { kind: "struct", fields: members.map(describeMember) },
    minBytes: members.reduce((sum, { codec }) => sum + codec.minBytes, 0),
    weight: weightOf(members.map(({ codec }) => Math.max(codec.weight, leastFieldWeight))),
    nullable: false,
    encode: (writer, value: unknown) => {
      if (typeof value !== "object" || value === null) {
        throw writer.wrong(value, "struct (an object)");
      }
      fields.write(writer, value as Readonly<Record<string, unknown>>);
    },
    decode: (reader) => {
      const record: Record<string, unknown> = {};
      fields.read(reader, record);
      return record;
    },
  };
}
