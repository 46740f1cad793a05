import type { AnyCodec, Codec, InputOf, ValueOf } from "../codec.ts";
import { rethrowWithin } from "../mismatch.ts";
import { WEIGHTS } from "../weights.ts";

/**
 * `HashSet<T>` and `BTreeSet<T>`: a `Set`, encoded in its own order (Rust sorts for itself).
 *
 * Decoding refuses a primitive item that comes twice, and thousands that the engine hashes alike,
 * which would hold the page up.
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
      const starts: number[] = [];
      const values: unknown[] = [];
      const items = new Set<unknown>();
      reader.enter();
      let index = 0;
      try {
        for (; index < size; index++) {
          starts.push(reader.offset);
          values.push(item.decode(reader));
        }
        // Once all are read, so that the time that this takes is the set's alone.
        for (index = 0; index < size; index++) {
          items.add(values[index]);
          if (items.size === index) {
            throw reader.wrong(values[index], "an item that has not come before", starts[index]);
          }
          reader.tookKey(index, starts[index]);
        }
      } catch (error) {
        rethrowWithin(error, index);
      }
      reader.leave();
      return items;
    },
  };
}
