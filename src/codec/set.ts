import type { AnyCodec, Codec, InputOf, ValueOf } from "./codec.ts";
import { rethrowWithin } from "./mismatch.ts";
import { WEIGHTS } from "./weights.ts";

/**
 * `HashSet<T>` and `BTreeSet<T>`: a `Set`, encoded in its own order (Rust sorts for itself).
 *
 * Decoding refuses a primitive item that comes twice.
 */
export function set<C extends AnyCodec>(item: C): Codec<Set<ValueOf<C>>, ReadonlySet<InputOf<C>>>;
export function set(item: Codec<unknown>): AnyCodec {
  return {
    minBytes: 8,
    weight: WEIGHTS.entry,
    nullable: false,
    encode: (writer, items: unknown) => {
      if (!(items instanceof Set)) throw writer.wrong(items, "set (Set)");
      writer.length(items.size);
      writer.enter();
      let index = 0;
      try {
        for (const value of items as ReadonlySet<unknown>) {
          item.encode(writer, value);
          index += 1;
        }
      } catch (error) {
        rethrowWithin(error, index);
      }
      writer.leave();
    },
    decode: (reader) => {
      const size = reader.itemCount(item.minBytes, WEIGHTS.entry + item.weight);
      const items = new Set<unknown>();
      reader.enter();
      let index = 0;
      try {
        for (; index < size; index++) {
          const at = reader.offset;
          const value = item.decode(reader);
          items.add(value);
          if (items.size === index) {
            throw reader.wrong(value, "an item that has not come before", at);
          }
        }
      } catch (error) {
        rethrowWithin(error, index);
      }
      reader.leave();
      return items;
    },
  };
}
