/** Checks codecs that a caller passes: a value that is none would fail at the first call, far away. */

import { invalidValue, readingValue } from "../wording/invalid-value.ts";
import type { AnyCodec } from "./codec.ts";

const CODEC = "a type made by t";

/** @throws {TypeError} when `value` is no codec. */
export function checkCodec(value: unknown, place: string): void {
  if (!readingValue(place, () => isCodec(value))) throw invalidValue(place, value, CODEC);
}

/** Copies a list of codecs. @throws {TypeError} when it is none */
export function checkCodecs(value: unknown, place: string): readonly AnyCodec[] {
  const codecs = readingValue(place, () => (Array.isArray(value) ? Array.from(value) : undefined));
  if (codecs === undefined) throw invalidValue(place, value, `an array, each item ${CODEC}`);
  for (const [index, codec] of codecs.entries()) checkCodec(codec, `${place}[${index}]`);
  return codecs as AnyCodec[];
}

export function isCodec(value: unknown): value is AnyCodec {
  if (typeof value !== "object" || value === null) return false;
  const { type, encode, decode } = value as Partial<AnyCodec>;
  const converts = typeof encode === "function" && typeof decode === "function";
  return converts && typeof type?.kind === "string";
}

/** @throws {TypeError} for what is no length of a value. */
export function checkLength(value: unknown, place: string): void {
  if (Number.isSafeInteger(value) && (value as number) >= 0) return;
  throw invalidValue(place, value, "an integer ≥ 0");
}
