import { checkCodec } from "../check-codec.ts";
import type { AnyCodec, Codec, InputOf, ValueOf } from "../codec.ts";
import { WEIGHTS } from "../weights.ts";

/**
 * `Result<T, E>`: `{ ok: true, value }` for `Ok`, `{ ok: false, error }` for `Err`. An `Err` is a
 * value like any other: nothing is thrown for it.
 */
export function result<T extends AnyCodec, E extends AnyCodec>(
  value: T,
  error: E,
): Codec<
  { ok: true; value: ValueOf<T> } | { ok: false; error: ValueOf<E> },
  | { readonly ok: true; readonly value: InputOf<T> }
  | { readonly ok: false; readonly error: InputOf<E> }
>;
export function result(value: Codec<unknown>, error: Codec<unknown>): AnyCodec {
  checkCodec(value, "value of t.result");
  checkCodec(error, "error of t.result");
  return {
    type: { kind: "result", value: value.type, error: error.type },
    minBytes: 4 + Math.min(value.minBytes, error.minBytes),
    weight: WEIGHTS.item,
    nullable: false,
    encode: (writer, outcome: unknown) => {
      const given: { value?: unknown; error?: unknown } = outcome ?? {};
      const ok = writer.property(given, "ok");
      if (typeof ok !== "boolean") {
        throw writer.wrong(outcome, "result ({ ok: true, value } or { ok: false, error })");
      }
      writer.u32(ok ? 0 : 1);
      writer.enter();
      try {
        if (ok) value.encode(writer, given.value);
        else error.encode(writer, given.error);
      } catch (thrown) {
        throw writer.within(thrown, ok ? "value" : "error");
      }
      writer.leave();
    },
    decode: (reader) => {
      const at = reader.take(4, "result");
      const index = reader.view.getUint32(at, true);
      if (index > 1) throw reader.mismatch(`variant ${index} is not result (0 or 1)`, at);
      const ok = index === 0;
      reader.count(ok ? value.weight : error.weight);
      reader.enter();
      try {
        const outcome = ok
          ? { ok, value: value.decode(reader) }
          : { ok, error: error.decode(reader) };
        reader.leave();
        return outcome;
      } catch (thrown) {
        throw reader.within(thrown, ok ? "value" : "error");
      }
    },
  };
}
