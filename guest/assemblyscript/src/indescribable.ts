/** Why a type cannot cross to the page. */
export class Indescribable extends Error {}

/** What the compiler knows of a type unless that has an error. */
export function required<T>(value: T | null | undefined): T {
  if (value === undefined || value === null) throw new Indescribable("its type has an error");
  return value;
}
