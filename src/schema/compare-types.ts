/** Tells whether two types have the same bytes. */

import type { TypeDescription } from "../codec/type-description.ts";
import { ARRAY_ELEMENTS, isArrayType } from "./array-types.ts";
import { printType } from "./print-type.ts";

/** Finds a declared type by its name. */
export type FindType = (name: string) => TypeDescription;

/** What the bytes of a type are, whatever its values are in JavaScript. */
type Layout =
  | { readonly form: "any" }
  | { readonly form: "scalar"; readonly name: string }
  | { readonly form: "list" | "option"; readonly parts: readonly TypeDescription[] }
  | { readonly form: "fixed"; readonly parts: readonly TypeDescription[]; readonly length: number }
  | {
      readonly form: "sequence" | "choice";
      readonly parts: readonly TypeDescription[];
      readonly names: readonly string[] | undefined;
    };

/** Pairs of types that are compared: one that makes itself anew each time has no end. */
const MAX_PAIRS = 10_000;

/** Names behind a name: a struct may contain nothing but itself. */
const MAX_STEPS = 1000;

const U8: TypeDescription = { kind: "u8" };

/**
 * Where two types differ in their bytes, in words; `undefined` where they do not.
 *
 * Names of fields and variants are not in the bytes; a name that both have, at different places, is
 * a difference all the same.
 *
 * @param given Of the page. @param declared Of the schema, whose names `findType` knows.
 */
export function typeDifference(
  given: TypeDescription,
  declared: TypeDescription,
  findType: FindType,
): string | undefined {
  const seen = new Map<TypeDescription, Set<TypeDescription>>();
  const pending: [TypeDescription, TypeDescription, string][] = [[given, declared, ""]];
  // A list, not a recursion: a type may be as long as a schema.
  for (const [leftType, rightType, path] of pending) {
    if (pending.length > MAX_PAIRS) return undefined;
    const [left, right] = [resolve(leftType, findType), resolve(rightType, findType)];
    const others = seen.get(left) ?? new Set();
    seen.set(left, others);
    if (others.has(right)) continue;
    others.add(right);
    const [ours, theirs] = [layoutOf(left), layoutOf(right)];
    if (ours.form === "any" || theirs.form === "any") continue;
    if (!isAlike(ours, theirs)) {
      const place = path === "" ? "" : `at ${path} `;
      return `${place}is ${printType(leftType)}, and the plugin has ${withMeaning(rightType, findType)}`;
    }
    if (!("parts" in ours && "parts" in theirs)) continue;
    for (const [index, part] of ours.parts.entries()) {
      const name = "names" in ours ? (ours.names?.[index] ?? `[${index}]`) : "[]";
      const step = name.startsWith("[") ? name : `.${name}`;
      pending.push([part, theirs.parts[index] as TypeDescription, path + step]);
    }
  }
  return undefined;
}

/** A type, and what its name stands for. */
function withMeaning(type: TypeDescription, findType: FindType): string {
  const printed = printType(type);
  return type.kind === "named" ? `${printed} = ${printType(findType(type.name))}` : printed;
}

function isAlike(ours: Layout, theirs: Layout): boolean {
  if (ours.form === "scalar") return theirs.form === "scalar" && ours.name === theirs.name;
  if (ours.form === "any" || theirs.form === "any" || theirs.form === "scalar") return false;
  if (ours.form !== theirs.form || ours.parts.length !== theirs.parts.length) return false;
  if (ours.form === "fixed") return theirs.form === "fixed" && ours.length === theirs.length;
  return !("names" in ours && "names" in theirs) || !isShuffled(ours.names, theirs.names);
}

/** Whether a name stands at one place here and at another there. */
function isShuffled(ours: readonly string[] | undefined, theirs: readonly string[] | undefined) {
  if (ours === undefined || theirs === undefined) return false;
  const places = new Map(theirs.map((name, index) => [name, index]));
  return ours.some((name, index) => (places.get(name) ?? index) !== index);
}

/** The type behind names, and behind what has one part and so the same bytes. */
function resolve(type: TypeDescription, findType: FindType): TypeDescription {
  let resolved = type;
  for (let step = 0; step < MAX_STEPS; step += 1) {
    const next = behind(resolved, findType);
    if (next === undefined) break;
    resolved = next;
  }
  return resolved;
}

function behind(type: TypeDescription, findType: FindType): TypeDescription | undefined {
  if (type.kind === "named") return findType(type.name);
  if (type.kind === "lazy") return type.type();
  if (type.kind === "tuple" && type.items.length === 1) return type.items[0];
  if (type.kind === "struct" && type.fields.length === 1) return type.fields[0]?.type;
  return undefined;
}

function layoutOf(type: TypeDescription): Layout {
  switch (type.kind) {
    case "unknown":
      return { form: "any" };
    case "string":
    case "bytes":
      return { form: "list", parts: [U8] };
    case "vec":
    case "set":
      return { form: "list", parts: [type.item] };
    case "map":
      return { form: "list", parts: [{ kind: "tuple", items: [type.key, type.value] }] };
    case "option":
      return { form: "option", parts: [type.item] };
    case "fixedBytes":
      return { form: "fixed", parts: [U8], length: type.length };
    case "array":
      return { form: "fixed", parts: [type.item], length: type.length };
    case "unit":
      return { form: "sequence", parts: [], names: undefined };
    case "tuple":
      return { form: "sequence", parts: type.items, names: undefined };
    case "duration":
      return { form: "sequence", parts: [{ kind: "u64" }, { kind: "u32" }], names: undefined };
    case "struct":
      return members("sequence", type.fields);
    case "enum":
      return members("choice", type.variants);
    case "result":
      return { form: "choice", parts: [type.value, type.error], names: undefined };
    case "resource":
    case "borrow":
      return { form: "scalar", name: `${type.kind} ${type.name}` };
    default:
      return isArrayType(type.kind)
        ? { form: "list", parts: [{ kind: ARRAY_ELEMENTS[type.kind] }] }
        : { form: "scalar", name: type.kind };
  }
}

function members(
  form: "sequence" | "choice",
  list: readonly { readonly name: string; readonly type: TypeDescription }[],
): Layout {
  return { form, parts: list.map(({ type }) => type), names: list.map(({ name }) => name) };
}
