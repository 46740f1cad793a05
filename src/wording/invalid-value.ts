/** Mistakes in what a caller passes: `TypeError`s that name the place of the wrong value. */

import { describeThrown } from "./describe-thrown.ts";
import { describeValue } from "./describe-value.ts";

/** A `TypeError` of this library's own. Known by its class from one that a getter of the caller's has thrown. */
export class InvalidValue extends TypeError {}

/**
 * Says what is wrong with a value: `Invalid options.timeoutMs: NaN (must be a number ≥ 0)`.
 *
 * @param place Where the value is: `options.args[1]`.
 */
export function invalidValue(place: string, value: unknown, must: string): InvalidValue {
  return new InvalidValue(`Invalid ${place}: ${shown(value)} (must be ${must})`);
}

/** A number or `true` needs no word before it. */
function shown(value: unknown): string {
  if (typeof value === "number") return Object.is(value, -0) ? "-0" : String(value);
  return typeof value === "boolean" ? String(value) : describeValue(value);
}

/** The same where a sentence says it better: `Invalid options.args[1]: contains a NUL character`. */
export function invalid(place: string, reason: string): InvalidValue {
  return new InvalidValue(`Invalid ${place}: ${reason}`);
}

/** Reads what a caller has passed. What a getter or a proxy throws becomes the cause of an error that names the place. */
export function readingValue<T>(place: string, read: () => T): T {
  try {
    return read();
  } catch (cause) {
    throw unreadable(place, cause);
  }
}

export function unreadable(place: string, cause: unknown): InvalidValue {
  if (cause instanceof InvalidValue) return cause;
  return new InvalidValue(`Invalid ${place}: cannot be read (${describeThrown(cause)})`, { cause });
}

/** Characters of a key that a place shows. */
const KEY_CHARACTERS = 200;

/** The place of what a key of the caller's leads to: `options.env["A=B"]`. */
export function placeOfKey(place: string, key: string): string {
  const shownKey = key.length > KEY_CHARACTERS ? `${key.slice(0, KEY_CHARACTERS)}…` : key;
  return `${place}[${JSON.stringify(shownKey)}]`;
}
