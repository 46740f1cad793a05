/** Reads an object of options: every option once, checked, and nothing that is no option. */

import { isPlainObject } from "../../brands.ts";
import { invalid, invalidValue, readingValue } from "../../wording/invalid-value.ts";

/** Checks one value, and returns what is used of it: a copy where the caller could change it later. @throws InvalidValue */
export type Check<T> = (value: unknown, place: string) => T;

/** The options that there are, each with its check. */
export type Checks = Readonly<Record<string, Check<unknown>>>;

/** Options that have been checked; `undefined` for those that were not given. */
export type Checked<C extends Checks> = {
  readonly [Name in keyof C]: ReturnType<C[Name]> | undefined;
};

/** Options that had another name in earlier versions. */
const FORMER_NAMES: Readonly<Record<string, string>> = { preopens: "files" };

/**
 * @param options What a caller has passed. `undefined` means that no option is given.
 * @param place What messages call the options.
 * @throws {TypeError} that names the place of the first wrong value.
 */
export function readOptions<C extends Checks>(
  options: unknown,
  checks: C,
  place = "options",
): Checked<C> {
  if (options === undefined) return {} as Checked<C>;
  if (!isPlainObject(options)) throw invalidValue(place, options, "a plain object");
  const names = readingValue(place, () => Object.keys(options));
  const checked: Record<string, unknown> = {};
  for (const name of names) {
    const placeOfOption = `${place}.${name}`;
    if (!Object.hasOwn(checks, name)) throw unknownOption(placeOfOption, name, Object.keys(checks));
    const check = checks[name] as Check<unknown>;
    checked[name] = readingValue(placeOfOption, () => {
      const value = options[name];
      return value === undefined ? undefined : check(value, placeOfOption);
    });
  }
  return checked as Checked<C>;
}

function unknownOption(place: string, name: string, names: readonly string[]): TypeError {
  const former = Object.hasOwn(FORMER_NAMES, name) ? FORMER_NAMES[name] : undefined;
  if (former !== undefined && names.includes(former)) {
    return invalid(place, `renamed to "${former}"`);
  }
  const nearest = names.find((other) => isNear(name, other));
  const hint =
    nearest === undefined ? `must be one of ${names.join(", ")}` : `did you mean "${nearest}"?`;
  return invalid(place, `unknown name (${hint})`);
}

/** Whether two names differ by case, or by one character that is missing, added, changed or swapped with the next. */
function isNear(given: string, name: string): boolean {
  const [a, b] = [given.toLowerCase(), name.toLowerCase()];
  if (a === b) return true;
  let start = 0;
  while (start < a.length && a[start] === b[start]) start++;
  const [restA, restB] = [a.slice(start), b.slice(start)];
  const isSwapped =
    restA[0] === restB[1] && restA[1] === restB[0] && restA.slice(2) === restB.slice(2);
  return (
    restA.slice(1) === restB.slice(1) ||
    restA === restB.slice(1) ||
    restA.slice(1) === restB ||
    (isSwapped && restA.length > 1)
  );
}
