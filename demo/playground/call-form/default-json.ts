/** The value that a form starts with. */

import type { TypeDescription } from "cloche";
import type { JsonValue } from "./json-value.ts";
import { isNumberKind, type TypeBook } from "./type-book.ts";

/** Values in one default. More than anybody reads; a hostile schema could ask for any number. */
const MAX_VALUES = 1000;
const MAX_DEPTH = 24;

export function defaultJson(type: TypeDescription, book: TypeBook): JsonValue {
  return new DefaultMaker(book).make(type, 0);
}

class DefaultMaker {
  readonly #book: TypeBook;
  #left = MAX_VALUES;

  constructor(book: TypeBook) {
    this.#book = book;
  }

  make(described: TypeDescription, depth: number): JsonValue {
    this.#left -= 1;
    if (this.#left < 0 || depth > MAX_DEPTH) return null;
    const type = this.#book.resolve(described);
    const inner = (of: TypeDescription) => this.make(of, depth + 1);
    switch (type.kind) {
      case "bool":
        return false;
      case "string":
        return "";
      case "char":
        return "a";
      case "bytes":
        return { text: "" };
      case "fixedBytes":
        return { hex: "00".repeat(Math.min(type.length, MAX_VALUES)) };
      case "duration":
        return { seconds: 1, nanoseconds: 0 };
      case "vec":
      case "set":
      case "map":
        return [];
      case "option":
      case "unit":
      case "resource":
      case "borrow":
      case "unknown":
        return null;
      case "array":
        return Array.from({ length: Math.min(type.length, this.#left) }, () => inner(type.item));
      case "tuple":
        return type.items.map(inner);
      case "struct":
        return Object.fromEntries(type.fields.map(({ name, type }) => [name, inner(type)]));
      case "enum": {
        const [first] = type.variants;
        return first === undefined ? null : variantJson(first.name, this.#book, first.type, inner);
      }
      case "result":
        return { ok: true, value: inner(type.value) };
      default:
        return isNumberKind(type.kind) ? 0 : [];
    }
  }
}

/** A variant of an enum: without `value` where it has none. */
export function variantJson(
  name: string,
  book: TypeBook,
  type: TypeDescription,
  valueOf: (type: TypeDescription) => JsonValue,
): JsonValue {
  return book.resolve(type).kind === "unit" ? { type: name } : { type: name, value: valueOf(type) };
}
