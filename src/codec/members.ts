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
 * The members in order, without those names that objects do not keep as they are given.
 *
 * @throws TypeError for a whole number as a name (objects put these first, whatever the order), for
 * `__proto__` (assigning it changes the prototype), and for an object with another prototype.
 */
export function membersOf(members: Members, kind: string): Member[] {
  const prototype: unknown = Object.getPrototypeOf(members);
  if (prototype !== Object.prototype && prototype !== null) {
    throw new TypeError(`Cannot make ${kind}: found members with a prototype, expected plain data`);
  }
  return Object.entries(members).map(([name, codec]) => {
    if (name === "__proto__" || ARRAY_INDEX.test(name)) {
      throw new TypeError(
        `Cannot make ${kind} "${name}": found a name with a meaning to objects, expected another`,
      );
    }
    return { name, codec: codec as Codec<unknown> };
  });
}
