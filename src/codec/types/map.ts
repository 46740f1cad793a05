import { describeValue } from "../../wording/describe-value.ts";
import { checkCodec } from "../check-codec.ts";
import type { AnyCodec, Codec, InputOf, ValueOf } from "../codec.ts";
import { WEIGHTS } from "../weights.ts";
import type { Writer } from "../writer.ts";

/**
 * `HashMap<K, V>` and `BTreeMap<K, V>`: a `Map`, encoded in its own order (Rust sorts for itself).
 *
 * Decoding rejects a primitive key that comes twice, as one of its two values would be lost, and
 * thousands of keys with the same hash, which would block the page.
 */
export function map<K extends AnyCodec, V extends AnyCodec>(
  key: K,
  value: V,
): Codec<Map<ValueOf<K>, ValueOf<V>>, ReadonlyMap<InputOf<K>, InputOf<V>>>;
export function map(key: Codec<unknown>, content: Codec<unknown>): AnyCodec {
  checkCodec(key, "key of t.map");
  checkCodec(content, "value of t.map");
  const minEntryBytes = key.minBytes + content.minBytes;
  const entryWeight = WEIGHTS.entry + key.weight + content.weight;
  return {
    type: { kind: "map", key: key.type, value: content.type },
    minBytes: 8,
    weight: WEIGHTS.entry,
    nullable: false,
    encode: (writer, value: unknown) => {
      const entries = entriesOf(writer, value);
      const start = writer.take(8);
      writer.enter();
      let index = 0;
      let part = "key";
      try {
        for (const [entryKey, entryValue] of entries) {
          part = "key";
          key.encode(writer, entryKey);
          part = "value";
          content.encode(writer, entryValue);
          index += 1;
        }
      } catch (error) {
        throw writer.within(error, index, part);
      }
      // The number that was written: a getter of a value may have changed the map meanwhile.
      writer.setLength(start, index);
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
          values.push(content.decode(reader));
        }
        part = "key";
        // Once all are read, so that the time measured is the map's alone.
        for (index = 0; index < size; index++) {
          entries.set(keys[index], values[index]);
          if (entries.size === index) {
            throw reader.mismatch(`duplicate key ${describeValue(keys[index])}`, starts[index]);
          }
          reader.tookKey(index, starts[index]);
        }
      } catch (error) {
        throw reader.within(error, index, part);
      }
      reader.leave();
      return entries;
    },
  };
}

/** The entries of a map of any realm, whatever methods of its own it has. @throws Mismatch */
function entriesOf(writer: Writer, value: unknown): Iterable<[unknown, unknown]> {
  try {
    return Map.prototype.entries.call(value as Map<unknown, unknown>);
  } catch {
    throw writer.wrong(value, "map (Map)");
  }
}
