import { describeValue } from "../../wording/describe-value.ts";
import { checkCodec } from "../check-codec.ts";
import type { AnyCodec, Codec, InputOf, ValueOf } from "../codec.ts";
import { WEIGHTS } from "../weights.ts";
import type { Writer } from "../writer.ts";

/**
 * `HashSet<T>` and `BTreeSet<T>`: a `Set`, encoded in its own order (Rust sorts for itself).
 *
 * Decoding rejects a primitive item that comes twice, and thousands of items with the same hash,
 * which would block the page.
 */
export function set<C extends AnyCodec>(item: C): Codec<Set<ValueOf<C>>, ReadonlySet<InputOf<C>>>;
export function set(item: Codec<unknown>): AnyCodec {
  checkCodec(item, "item of t.set");
  return {
    type: { kind: "set", item: item.type },
    minBytes: 8,
    weight: WEIGHTS.entry,
    nullable: false,
    encode: (writer, value: unknown) => {
      const items = itemsOf(writer, value);
      const start = writer.take(8);
      writer.enter();
      let index = 0;
      try {
        for (const each of items) {
          item.encode(writer, each);
          index += 1;
        }
      } catch (error) {
        throw writer.within(error, index);
      }
      // The number that was written: a getter of a value may have changed the set meanwhile.
      writer.setLength(start, index);
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
        // Once all are read, so that the time measured is the set's alone.
        for (index = 0; index < size; index++) {
          items.add(values[index]);
          if (items.size === index) {
            throw reader.mismatch(`duplicate item ${describeValue(values[index])}`, starts[index]);
          }
          reader.tookKey(index, starts[index]);
        }
      } catch (error) {
        throw reader.within(error, index);
      }
      reader.leave();
      return items;
    },
  };
}

/** The items of a set of any realm, whatever methods of its own it has. @throws Mismatch */
function itemsOf(writer: Writer, value: unknown): Iterable<unknown> {
  try {
    return Set.prototype.values.call(value as Set<unknown>);
  } catch {
    throw writer.wrong(value, "set (Set)");
  }
}
