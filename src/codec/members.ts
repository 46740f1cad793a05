import { describeValue } from "../wording/describe-value.ts";
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
  if (!isPlain(members)) {
    throw new TypeError(`Invalid ${kind}s: ${describeValue(members)} (must be a plain object)`);
  }
  return Object.entries(members).map(([name, codec]) => {
    if (name === "__proto__" || ARRAY_INDEX.test(name)) {
      throw new TypeError(`Invalid ${kind} "${name}": reserved property name`);
    }
    return { name, codec: codec as Codec<unknown> };
  });
}

/** Whether an object has no prototype, or the `Object.prototype` of any realm. */
function isPlain(members: object): boolean {
  const prototype = Object.getPrototypeOf(members) as object | null;
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}
