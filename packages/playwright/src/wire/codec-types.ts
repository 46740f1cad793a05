/** The types of codecs as plain data, from which the page makes codecs of its own. */

import { type Codec, codecOf, type NamedType, type TypeDescription } from "cloche";
import type { WireTypes } from "./messages.ts";

/** Any codec. */
type AnyCodec = Codec<unknown, never>;

/**
 * What the test sends of the types of a function.
 *
 * @param params The type of each parameter.
 */
export function typesOf(params: readonly TypeDescription[], result: TypeDescription): WireTypes {
  const types: NamedType[] = [];
  const names = new Map<TypeDescription, string>();
  const plain = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(plain);
    if (typeof value !== "object" || value === null) return value;
    if (isLazy(value)) return { kind: "named", name: nameOf(value.type()) };
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, plain(inner)]));
  };
  const nameOf = (type: TypeDescription): string => {
    const known = names.get(type);
    if (known !== undefined) return known;
    const name = `Lazy${names.size}`;
    names.set(type, name);
    types.push({ name, docs: "", type: plain(type) as TypeDescription });
    return name;
  };
  return {
    params: plain(params) as TypeDescription[],
    result: plain(result) as TypeDescription,
    types,
  };
}

/** The codecs that the page makes of it. */
export function codecsOf({ params, result, types }: WireTypes): {
  readonly params: readonly AnyCodec[];
  readonly result: AnyCodec;
} {
  return { params: params.map((type) => codecOf(type, types)), result: codecOf(result, types) };
}

function isLazy(value: object): value is Extract<TypeDescription, { kind: "lazy" }> {
  return "kind" in value && value.kind === "lazy";
}
