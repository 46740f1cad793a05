import type { AnyCodec, Codec, InputOf, ValueOf } from "../codec.ts";
import { describeMember, type Members, membersOf } from "../members.ts";
import { WEIGHTS } from "../weights.ts";
import { unit } from "./unit.ts";

/** What decoding an enum of `V` gives: a union of its variants, told apart by `type`. */
export type EnumerationValue<V extends Members> = {
  [K in keyof V]: V[K] extends Codec<undefined, never>
    ? { type: K }
    : { type: K; value: ValueOf<V[K]> };
}[keyof V];

/** What encoding an enum of `V` takes. */
export type EnumerationInput<V extends Members> = {
  [K in keyof V]: V[K] extends Codec<undefined, never>
    ? { readonly type: K }
    : { readonly type: K; readonly value: InputOf<V[K]> };
}[keyof V];

interface Variant {
  /** Its number in the bytes. */
  readonly index: number;
  readonly codec: Codec<unknown>;
}

/**
 * An enum: `{ type: "New", value }`, or `{ type: "Unit" }` for a variant whose codec is `unit`.
 * `variants` has them in the order in which the Rust type declares them. A variant with several
 * fields is one with a tuple, with named fields one with a struct.
 *
 * @throws TypeError for variant names that are integers, whose order objects do not keep, and for `__proto__`.
 * @example
 * t.enum({ Quit: t.unit, Write: t.string, Move: t.struct({ x: t.i32, y: t.i32 }) })
 */
export function enumOf<const V extends Members>(
  variants: V,
): Codec<EnumerationValue<V>, EnumerationInput<V>>;
export function enumOf(variants: Members): AnyCodec {
  const members = membersOf(variants, "variant");
  const variantsByName = new Map<unknown, Variant>(
    members.map(({ name, codec }, index) => [name, { index, codec }]),
  );
  const expected = `one of ${members.map(({ name }) => name).join(" | ")}`;
  return {
    type: { kind: "enum", variants: members.map(describeMember) },
    minBytes: 4 + Math.min(...members.map(({ codec }) => codec.minBytes)),
    weight: WEIGHTS.item,
    nullable: false,
    encode: (writer, value: unknown) => {
      if (typeof value !== "object" || value === null) {
        throw writer.wrong(value, "enum (an object with a type)");
      }
      const type = writer.property(value, "type");
      const variant = variantsByName.get(type);
      if (variant === undefined) throw writer.within(writer.wrong(type, expected), "type");
      writer.u32(variant.index);
      writer.enter();
      try {
        variant.codec.encode(writer, (value as { value?: unknown }).value);
      } catch (error) {
        throw writer.within(error, "value");
      }
      writer.leave();
    },
    decode: (reader) => {
      const at = reader.take(4, "variant");
      const index = reader.view.getUint32(at, true);
      const member = members[index];
      if (member === undefined) {
        throw reader.mismatch(`variant ${index} of an enum of ${members.length}`, at);
      }
      const { name: type, codec } = member;
      if (codec === unit) return { type };
      reader.count(codec.weight);
      reader.enter();
      try {
        const value = codec.decode(reader);
        reader.leave();
        return { type, value };
      } catch (error) {
        throw reader.within(error, "value");
      }
    },
  };
}
