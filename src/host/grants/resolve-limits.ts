import { DEFAULT_LIMITS, type Limits } from "../../limits.ts";
import { describeThrown } from "../../wording/describe-thrown.ts";
import { describeValue } from "../../wording/describe-value.ts";

/**
 * The default limits, with those that a caller sets in their place.
 *
 * @throws {TypeError} for an unknown name, a value that is not a number ≥ 0, and anything but a plain
 *   object.
 */
export function resolveLimits(limits?: Partial<Limits>): Limits {
  if (limits === undefined) return DEFAULT_LIMITS;
  const resolved: Record<string, unknown> = { ...DEFAULT_LIMITS };
  for (const [name, value] of entriesOf(limits)) {
    if (!Object.hasOwn(DEFAULT_LIMITS, name)) {
      const known = Object.keys(DEFAULT_LIMITS).join(", ");
      throw new TypeError(`Invalid limits.${name}: unknown limit (known limits: ${known})`);
    }
    if (value === undefined) continue;
    if (typeof value !== "number" || !(value >= 0)) {
      const shown = typeof value === "number" ? String(value) : describeValue(value);
      throw new TypeError(`Invalid limits.${name}: ${shown} (must be a number ≥ 0)`);
    }
    resolved[name] = value;
  }
  return resolved as unknown as Limits;
}

function entriesOf(limits: unknown): [string, unknown][] {
  try {
    // By its brand: an object of another realm is as good as one of this realm's.
    if (Object.prototype.toString.call(limits) === "[object Object]") {
      return Object.entries(limits as object);
    }
  } catch (cause) {
    throw new TypeError(`Invalid limits: cannot be read (${describeThrown(cause)})`, { cause });
  }
  throw new TypeError(`Invalid limits: ${describeValue(limits)} (must be a plain object)`);
}
