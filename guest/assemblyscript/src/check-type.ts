import { Indescribable } from "./indescribable.ts";
import { endingTypes, leastBytes, partsOf, type ValueType } from "./value-type.ts";

/**
 * Checks what can only be seen once a type is described in full.
 *
 * @throws Indescribable if its values never end or cannot be counted, or its text would never end.
 */
export function checkType(type: ValueType): void {
  const types = reachableFrom(type);
  const ending = endingTypes(types);
  for (const each of types) {
    if (!ending.has(each)) throw new Indescribable(`a value of ${nameOf(each)} would never end`);
  }
  for (const each of types) {
    if (isInItsOwnText(each)) {
      const problem = "contains itself, which generic classes and tuples cannot";
      throw new Indescribable(`${nameOf(each)} ${problem}`);
    }
    checkCount(each);
  }
}

/** A length says how many bytes follow at least, or it could be any number. */
function checkCount(type: ValueType): void {
  const isCollection = type.kind === "array" || type.kind === "set" || type.kind === "map";
  const itemBytes = partsOf(type).reduce((sum, part) => sum + leastBytes(part), 0);
  if (isCollection && itemBytes === 0) {
    const items = partsOf(type).map(nameOf).join(" and ");
    throw new Indescribable(`items of type ${items} have no bytes, so they cannot be counted`);
  }
}

/** Whether the text of a type would have to contain itself, since it has no name. */
function isInItsOwnText(type: ValueType): boolean {
  if (type.kind !== "struct" || type.name !== undefined) return false;
  const hasNoName = (each: ValueType) => !("name" in each && each.name !== undefined);
  return partsOf(type).some((part) => reachableFrom(part, hasNoName).has(type));
}

/** A type and all that its values contain, or only that within types which `isEntered` admits. */
function reachableFrom(
  type: ValueType,
  isEntered: (type: ValueType) => boolean = () => true,
): Set<ValueType> {
  const found = new Set([type]);
  // The set grows while it is walked.
  for (const each of found) {
    if (isEntered(each)) for (const part of partsOf(each)) found.add(part);
  }
  return found;
}

function nameOf(type: ValueType): string {
  return ("name" in type ? type.name : undefined) ?? type.code.replaceAll(/\$\d+/g, "");
}
