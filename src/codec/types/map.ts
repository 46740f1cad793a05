import type { AnyCodec, Codec, InputOf, ValueOf } from "../codec.ts";
import { rethrowWithin } from "../mismatch.ts";
import { WEIGHTS } from "../weights.ts";

/**
 * `HashMap<K, V>` and `BTreeMap<K, V>`: a `Map`, encoded in its own order (Rust sorts for itself).
 *
 * Decoding refuses a primitive key that comes twice: one of its two values would be lost. It
 * refuses thousands of keys that the engine hashes alike, which would hold the page up.
 */
export function map<K extends AnyCodec, V extends AnyCodec>(
  key: K,
  value: V,
): Codec<Map<ValueOf<K>, ValueOf<V>>, ReadonlyMap<InputOf<K>, InputOf<V>>>;
export function map(key: Codec<unknown>, value: Codec<unknown>): AnyCodec {
  const minEntryBytes = key.minBytes + value.minBytes;
  const entryWeight = WEIGHTS.entry + key.weight + value.weight;
  return {
    minBytes: 8,
    weight: WEIGHTS.entry,
    nullable: false,
    encode: (writer, entries: unknown) => {
      if (!(entries instanceof Map)) throw writer.wrong(entries, "map (Map)");
      writer.length(entries.size);
      writer.enter();
      let index = 0;
      let part = "key";
      try {
        for (const [entryKey, entryValue] of entries as ReadonlyMap<unknown, unknown>) {
          part = "key";
          key.encode(writer, entryKey);
          part = "value";
          value.encode(writer, entryValue);
          index += 1;
        }
      } catch (error) {
        rethrowWithin(error, index, part);
      }
      writer.leave();
    },
    decode: (reader) => {
      const size = reader.itemCount(minEntryBytes, entryWeight);
      const starts: number[] = [];
      const keys: unknown[] = [];
      const values: unknown[] = [];
      const entries = new Map<unknown, unknown>();
      reader.enter();
      let index = 0;
      let part = "key";
      try {
        for (; index < size; index++) {
          starts.push(reader.offset);
          part = "key";
          keys.push(key.decode(reader));
          part = "value";
          values.push(value.decode(reader));
        }
        part = "key";
        // Once all are read, so that the time that this takes is the map's alone.
        for (index = 0; index < size; index++) {
          entries.set(keys[index], values[index]);
          if (entries.size === index) {
            throw reader.wrong(keys[index], "a key that has not come before", starts[index]);
          }
          reader.tookKey(index, starts[index]);
        }
      } catch (error) {
        rethrowWithin(error, index, part);
      }
      reader.leave();
      return entries;
    },
  };
}
