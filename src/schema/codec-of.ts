/** Codecs from descriptions of types. */

import type { Codec } from "../codec/codec.ts";
import type { TypeDescription } from "../codec/type-description.ts";
import type { NamedType } from "./plugin-schema.ts";
import { SchemaCodecs } from "./schema-codecs.ts";

/**
 * Creates the codec of a type that is known as data: from a schema, or the `type` of another codec.
 *
 * @param types The types that `type` refers to by their names. Default: none.
 * @returns A codec of values that are checked when they are encoded, not by TypeScript.
 * @throws {TypeError} for a type that is not described, or refers to a type that is missing.
 * @example
 * codecOf({ kind: "vec", item: { kind: "f64" } }); // as t.vec(t.f64)
 */
export function codecOf(
  type: TypeDescription,
  types: readonly NamedType[] = [],
): Codec<unknown, never> {
  return new SchemaCodecs({ types }).ofType(type);
}
