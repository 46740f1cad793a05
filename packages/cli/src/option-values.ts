/** What the values of options mean that several commands take. */

import { DEFAULT_LIMITS, type Limits } from "cloche";
import { usageFailure } from "./failure.ts";

export const LIMIT_OPTION = {
  type: "string",
  multiple: true,
  value: "<name>=<number>",
  help: "change a limit",
} as const;

/** The limits of {@link LIMIT_OPTION}. @throws {Failure} */
export function limitsOf(given: readonly string[] = []): Partial<Limits> {
  return Object.fromEntries(
    given.map((each) => {
      const [name, value] = pairOf("limit", each);
      if (!Object.hasOwn(DEFAULT_LIMITS, name)) throw usageFailure(`Unknown limit "${name}"`);
      return [name, amountOf("limit", value)];
    }),
  );
}

/** @throws {Failure} */
export function pairOf(option: string, given: string): [name: string, value: string] {
  const at = given.indexOf("=");
  if (at < 1) throw usageFailure(`Invalid --${option} "${given}" (must be <name>=<value>)`);
  return [given.slice(0, at), given.slice(at + 1)];
}

/** @throws {Failure} */
export function amountOf(option: string, given: string): number;
export function amountOf(option: string, given: string | undefined): number | undefined;
export function amountOf(option: string, given: string | undefined): number | undefined {
  if (given === undefined) return undefined;
  const amount = Number(given);
  if (given.trim() !== "" && amount >= 0) return amount;
  throw usageFailure(`Invalid --${option} "${given}" (must be a number ≥ 0)`);
}
