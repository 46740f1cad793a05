import { isPlainObject } from "../brands.ts";
import { invalidValue, readingValue } from "../wording/invalid-value.ts";
import { checkCodec } from "./check-codec.ts";
import type { AnyCodec, Codec } from "./codec.ts";

/** Codecs by name, in the order in which the Rust type declares them. */
export type Members = { readonly [name: string]: AnyCodec };

/** One field of a struct, or one variant of an enum. */
export interface Member {
  readonly name: string;
  readonly codec: Codec<unknown>;
}

const ARRAY_INDEX = /^(0|[1-9][0-9]*)$/;

/**
 * The members in order.
 *
 * @throws TypeError for anything but a plain object, for an integer as a name (objects put these
 * first, whatever the order), and for `__proto__` (assigning it changes the prototype).
 */
export function membersOf(members: Members, kind: string): Member[] {
  if (!isPlainObject(members)) throw invalidValue(`${kind}s`, members, "a plain object");
  const entries = readingValue(`${kind}s`, () => Object.entries(members));
  return entries.map(([name, codec]) => {
    if (name === "__proto__" || ARRAY_INDEX.test(name)) {
      throw new TypeError(`Invalid ${kind} "${name}": reserved property name`);
    }
    checkCodec(codec, `${kind} "${name}"`);
    return { name, codec: codec as Codec<unknown> };
  });
}
