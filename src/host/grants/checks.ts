/** Checks of single values that options are made of. See {@link Check}. */

import { isAbortSignal, isPlainObject } from "../../brands.ts";
import { invalid, invalidValue, placeOfKey } from "../../wording/invalid-value.ts";
import type { Check } from "./read-options.ts";

export const checkText: Check<string> = (value, place) => {
  if (typeof value === "string") return value;
  throw invalidValue(place, value, "a string");
};

export const checkFlag: Check<boolean> = (value, place) => {
  if (typeof value === "boolean") return value;
  throw invalidValue(place, value, "true or false");
};

export const checkFunction: Check<(...args: never[]) => unknown> = (value, place) => {
  if (typeof value === "function") return value as (...args: never[]) => unknown;
  throw invalidValue(place, value, "a function");
};

/** A time, a size or a count. `Infinity` is one. */
export const checkAmount: Check<number> = (value, place) => {
  if (typeof value === "number" && value >= 0) return value;
  throw invalidValue(place, value, "a number ≥ 0");
};

export const checkSignal: Check<AbortSignal> = (value, place) => {
  if (isAbortSignal(value)) return value;
  throw invalidValue(place, value, "an AbortSignal");
};

/** One of a few names. What is not understood must not become the default: that may isolate less. */
export function checkChoice<Name extends string>(...names: readonly Name[]): Check<Name> {
  return (value, place) => {
    const name = names.find((one) => one === value);
    if (name !== undefined) return name;
    const all = names.map((one) => JSON.stringify(one)).join(", ");
    throw invalidValue(place, value, names.length === 1 ? all : `one of ${all}`);
  };
}

/** An integer that a `number` holds exactly. */
export function checkInteger(least: number): Check<number> {
  return (value, place) => {
    if (Number.isSafeInteger(value) && (value as number) >= least) return value as number;
    throw invalidValue(place, value, least === 0 ? "an integer ≥ 0" : "an integer");
  };
}

/** The arguments of a program. A guest gets them as C strings. */
export const checkArgs: Check<readonly string[]> = (value, place) => {
  if (!Array.isArray(value)) throw invalidValue(place, value, "an array of strings");
  return Array.from(value as readonly unknown[], (item, index) => {
    const placeOfItem = `${place}[${index}]`;
    return checkCString(item, placeOfItem);
  });
};

/** The environment of a program: a plain object, since a `Map` would look like an empty one. */
export const checkEnv: Check<Readonly<Record<string, string>>> = (value, place) => {
  if (!isPlainObject(value)) throw invalidValue(place, value, "a plain object of strings");
  const env = Object.create(null) as Record<string, string>;
  for (const [name, text] of Object.entries(value)) {
    const placeOfVariable = placeOfKey(place, name);
    if (name === "") throw invalid(placeOfVariable, "has an empty name");
    if (name.includes("=")) throw invalid(placeOfVariable, 'has "=" in its name');
    checkCString(name, placeOfVariable);
    env[name] = checkCString(text, placeOfVariable);
  }
  return env;
};

const checkCString: Check<string> = (value, place) => {
  const text = checkText(value, place);
  if (text.includes("\0")) throw invalid(place, "contains a NUL character");
  return text;
};
