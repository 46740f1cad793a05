/** The values that a plugin returns, as JSON. */

import type { TypeDescription } from "cloche";
import { numberText } from "../../number-list.ts";
import { hexOf } from "./hex.ts";
import type { JsonValue } from "./json-value.ts";
import type { TypeBook } from "./type-book.ts";

/** Bytes that are shown in full. */
const SHOWN_BYTES = 4096;
const SHOWN_ITEMS = 10_000;

/** @param value Of the type, as the library has decoded it. */
export function jsonOfValue(described: TypeDescription, value: unknown, book: TypeBook): JsonValue {
  const type = book.resolve(described);
  const inner = (of: TypeDescription, part: unknown) => jsonOfValue(of, part, book);
  switch (type.kind) {
    case "unit":
    case "unknown":
      return null;
    case "resource":
    case "borrow":
      return `an object of the page (${type.name})`;
    case "bool":
    case "string":
    case "char":
      return value as boolean | string;
    case "bytes":
    case "fixedBytes":
      return jsonOfBytes(value as Uint8Array);
    case "duration": {
      const { seconds, nanoseconds } = value as { seconds: bigint; nanoseconds: number };
      return { seconds: jsonOfNumber(seconds), nanoseconds };
    }
    case "option":
      if (value === null) return null;
      return book.isNullable(type.item)
        ? { some: inner(type.item, (value as { some: unknown }).some) }
        : inner(type.item, value);
    case "vec":
    case "set":
    case "array":
      return itemsOf(value).map((item) => inner(type.item, item));
    case "map":
      return itemsOf(value).map((entry) => {
        const [key, part] = entry as [unknown, unknown];
        return [inner(type.key, key), inner(type.value, part)];
      });
    case "tuple":
      return type.items.map((item, index) => inner(item, (value as unknown[])[index]));
    case "struct":
      return Object.fromEntries(
        type.fields.map(({ name, type }) => [
          name,
          inner(type, (value as Record<string, unknown>)[name]),
        ]),
      );
    case "enum": {
      const { type: name, value: part } = value as { type: string; value?: unknown };
      const variant = type.variants.find((each) => each.name === name);
      return variant === undefined || book.resolve(variant.type).kind === "unit"
        ? { type: name }
        : { type: name, value: inner(variant.type, part) };
    }
    case "result": {
      const result = value as { ok: true; value: unknown } | { ok: false; error: unknown };
      return result.ok
        ? { ok: true, value: inner(type.value, result.value) }
        : { ok: false, error: inner(type.error, result.error) };
    }
    default:
      if (typeof value === "number" || typeof value === "bigint") return jsonOfNumber(value);
      return itemsOf(value).map((item) => jsonOfNumber(item as number | bigint));
  }
}

/** The first items of a list of any kind. */
function itemsOf(value: unknown): unknown[] {
  const items: unknown[] = [];
  for (const item of value as Iterable<unknown>) {
    if (items.length === SHOWN_ITEMS) break;
    items.push(item);
  }
  return items;
}

/** Numbers that JSON does not have are texts. */
function jsonOfNumber(value: number | bigint): JsonValue {
  if (typeof value === "number") {
    return Number.isFinite(value) && !Object.is(value, -0) ? value : numberText(value);
  }
  const isSafe = value >= Number.MIN_SAFE_INTEGER && value <= Number.MAX_SAFE_INTEGER;
  return isSafe ? Number(value) : String(value);
}

function jsonOfBytes(bytes: Uint8Array): JsonValue {
  const hex = hexOf(bytes.subarray(0, SHOWN_BYTES));
  return bytes.length > SHOWN_BYTES ? { bytes: bytes.length, hex: `${hex}…` } : { hex };
}
