/** What the grammar of a schema does not say: that its names stand for something. */

import { reservedNameProblem } from "../codec/members.ts";
import type { MemberDescription, TypeDescription } from "../codec/type-description.ts";
import { partsOf } from "./parts.ts";
import type { NamedType, PluginSchema } from "./plugin-schema.ts";

/** @throws {TypeError} for the first name that is unknown, reserved or there twice. */
export function checkSchema({ functions, hostFunctions, types }: PluginSchema): void {
  const named = new Map(types.map((declared) => [declared.name, declared]));
  for (const { name, params, result } of [...functions, ...hostFunctions]) {
    for (const { type } of params) checkType(type, named, `function "${name}"`);
    checkType(result, named, `function "${name}"`);
  }
  for (const { name, type } of types) checkType(type, named, `type "${name}"`);
  checkAliases(types, named);
}

function checkType(
  type: TypeDescription,
  named: ReadonlyMap<string, NamedType>,
  place: string,
): void {
  if (type.kind === "named" && !named.has(type.name)) {
    throw problem(`${place} refers to "${type.name}", which is not declared`);
  }
  if (type.kind === "borrow" && named.get(type.name)?.type.kind !== "resource") {
    throw problem(`${place} borrows "${type.name}", which is no resource`);
  }
  if (type.kind === "struct") checkMembers(type.fields, `field of ${place}`);
  if (type.kind === "enum") checkMembers(type.variants, `variant of ${place}`);
  for (const part of partsOf(type)) checkType(part, named, place);
}

function checkMembers(members: readonly MemberDescription[], what: string): void {
  const names = new Set<string>();
  for (const { name } of members) {
    const reserved = reservedNameProblem(name);
    if (reserved !== undefined) throw problem(`${what} is "${name}": ${reserved}`);
    if (names.has(name)) throw problem(`${what} is "${name}" twice`);
    names.add(name);
  }
}

/** A type that stands for itself is none. Each name is followed once. */
function checkAliases(types: readonly NamedType[], named: ReadonlyMap<string, NamedType>): void {
  const ending = new Set<NamedType>();
  for (const declared of types) {
    const way = new Set<NamedType>();
    let at: NamedType | undefined = declared;
    while (at !== undefined && !ending.has(at)) {
      if (way.has(at)) throw problem(`type "${at.name}" stands for itself`);
      way.add(at);
      at = at.type.kind === "named" ? named.get(at.type.name) : undefined;
    }
    for (const each of way) ending.add(each);
  }
}

function problem(text: string): TypeError {
  return new TypeError(`Cannot read schema: ${text}`);
}
