import { invalidValue, readingValue } from "../../wording/invalid-value.ts";
import { checkCodec } from "../check-codec.ts";
import type { Codec } from "../codec.ts";

const PLACE = "result of the function of t.lazy";

/**
 * A codec that is looked up when it is first used: what a recursive type refers to itself with.
 *
 * `make` gives a codec whose values take at least one byte, as those of every recursive type do:
 * something has to say where the recursion ends.
 *
 * @example
 * interface Tree { label: string; children: Tree[] }
 * const tree: Codec<Tree> = t.struct({ label: t.string, children: t.vec(t.lazy(() => tree)) });
 */
export function lazy<T, I>(make: () => Codec<T, I>): Codec<T, I> {
  if (typeof make !== "function") throw invalidValue("argument of t.lazy", make, "a function");
  let made: Codec<T, I> | undefined;
  const codec = () => (made ??= makeChecked());
  const makeChecked = () => {
    const given = readingValue(PLACE, make);
    checkCodec(given, PLACE);
    return given;
  };
  return {
    type: { kind: "lazy", type: () => codec().type },
    minBytes: 1,
    // Not known until the codec is made, so it is counted for each value.
    weight: 0,
    get nullable() {
      return codec().nullable;
    },
    encode: (writer, value) => codec().encode(writer, value),
    decode: (reader) => {
      const inner = made ?? codec();
      reader.count(inner.weight);
      return inner.decode(reader);
    },
  };
}
