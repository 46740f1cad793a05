import { checkCodec } from "../check-codec.ts";
import type { AnyCodec, Codec, InputOf, ValueOf } from "../codec.ts";
import type { Reader } from "../reader.ts";
import { WEIGHTS } from "../weights.ts";
import type { Writer } from "../writer.ts";

/** `None` is `null`; `Some(x)` is `x`, or `{ some: x }` where `x` itself may be `null`. */
export type Optional<T> = null extends T ? { some: T } | null : T | null;

/**
 * `Option<T>`: `null` for `None`, the bare value for `Some`. In an option of an option, where the
 * value may be `null` itself, `Some(x)` is `{ some: x }`, so that `Some(None)` is not `None`.
 */
export function option<C extends AnyCodec>(
  inner: C,
): Codec<Optional<ValueOf<C>>, Optional<InputOf<C>>>;
export function option(inner: Codec<unknown>): AnyCodec {
  checkCodec(inner, "value of t.option");
  return {
    type: { kind: "option", item: inner.type },
    minBytes: 1,
    weight: WEIGHTS.scalar,
    nullable: true,
    encode: (writer, value: unknown) => {
      if (value === null) {
        writer.u8(0);
        return;
      }
      writer.u8(1);
      writer.enter();
      if (inner.nullable) encodeBoxed(writer, inner, value);
      else inner.encode(writer, value);
      writer.leave();
    },
    decode: (reader) => {
      const at = reader.take(1, "option");
      const tag = reader.bytes[at];
      if (tag === 0) return null;
      if (tag !== 1) throw reader.mismatch(`byte ${tag} is not option (0 or 1)`, at);
      reader.count(inner.nullable ? WEIGHTS.item + inner.weight : inner.weight);
      reader.enter();
      const value = inner.nullable ? decodeBoxed(reader, inner) : inner.decode(reader);
      reader.leave();
      return value;
    },
  };
}

function encodeBoxed(writer: Writer, inner: Codec<unknown>, value: unknown): void {
  if (typeof value !== "object" || value === null || !("some" in value)) {
    throw writer.wrong(value, "option (null or { some })");
  }
  try {
    inner.encode(writer, value.some);
  } catch (error) {
    throw writer.within(error, "some");
  }
}

function decodeBoxed(reader: Reader, inner: Codec<unknown>): { some: unknown } {
  try {
    return { some: inner.decode(reader) };
  } catch (error) {
    throw reader.within(error, "some");
  }
}
