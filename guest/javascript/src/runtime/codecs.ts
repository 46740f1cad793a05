import type { Declaration, Type } from "../description.ts";
import type { Codec } from "./codec.ts";
import {
  array,
  enumeration,
  fixedBytes,
  map,
  numbers,
  option,
  result,
  set,
  struct,
  tuple,
  vec,
} from "./composites.ts";
import { borrow, owned } from "./resource.ts";
import { SCALARS } from "./scalars.ts";

/** Makes the codecs of a plugin's types. */
export function codecsOf(declarations: readonly Declaration[]): (type: Type) => Codec {
  const declared = new Map(declarations.map(({ name, type }) => [name, type]));
  const made = new Map<string, Codec>();

  const named = (name: string): Codec => {
    const known = made.get(name);
    if (known !== undefined) return known;
    // A type may contain itself: it finds this one, which is complete once it is used.
    const codec = {} as { -readonly [Key in keyof Codec]: Codec[Key] };
    made.set(name, codec);
    const type = declared.get(name) as Type | "resource";
    return Object.assign(codec, type === "resource" ? owned(name) : codecOf(type));
  };

  const codecOf = (type: Type): Codec => {
    if (typeof type === "string") return SCALARS[type] as Codec;
    if ("name" in type) return named(type.name);
    if ("vec" in type) return type.vec === "f64" ? numbers : vec(codecOf(type.vec));
    if ("set" in type) return set(codecOf(type.set));
    if ("option" in type) return option(codecOf(type.option));
    if ("map" in type) return map(codecOf(type.map[0]), codecOf(type.map[1]));
    if ("result" in type) return result(codecOf(type.result[0]), codecOf(type.result[1]));
    if ("array" in type) return array(codecOf(type.array[0]), type.array[1]);
    if ("fixedBytes" in type) return fixedBytes(type.fixedBytes);
    if ("tuple" in type) return tuple(type.tuple.map(codecOf));
    if ("borrow" in type) return borrow(type.borrow);
    if ("struct" in type)
      return struct(
        type.struct,
        type.struct.map((field) => codecOf(field.type)),
      );
    return enumeration(
      type.enum,
      type.enum.map((variant) => codecOf(variant.type ?? "()")),
    );
  };
  return codecOf;
}
