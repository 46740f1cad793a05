import { isPlainObject } from "../brands.ts";
import { invalidValue, readingValue } from "../wording/invalid-value.ts";
import { checkCodec } from "./check-codec.ts";
import type { AnyCodec, Codec } from "./codec.ts";
import type { MemberDescription } from "./type-description.ts";

/** Codecs by name, in the order in which the Rust type declares them. */
export type Members = { readonly [name: string]: AnyCodec };

/** One field of a struct, or one variant of an enum. */
export interface Member {
  readonly name: string;
  readonly codec: Codec<unknown>;
}

const ARRAY_INDEX = /^(0|[1-9][0-9]*)$/;

/** A member as a part of its type. */
export function describeMember({ name, codec }: Member): MemberDescription {
  return { name, docs: "", type: codec.type };
}

/** Why a member cannot have a name, or `undefined`. */
export function reservedNameProblem(name: string): string | undefined {
  const isReserved = name === "__proto__" || ARRAY_INDEX.test(name);
  return isReserved ? "reserved property name" : undefined;
}

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
    const reserved = reservedNameProblem(name);
    if (reserved !== undefined) throw new TypeError(`Invalid ${kind} "${name}": ${reserved}`);
    checkCodec(codec, `${kind} "${name}"`);
    return { name, codec: codec as Codec<unknown> };
  });
}
