/** The types that a schema names, and what the form asks of a type. */

import type { PluginSchema, TypeDescription } from "cloche";

/** A type with its name taken apart. */
export type PlainType = Exclude<TypeDescription, { readonly kind: "named" | "lazy" }>;

/** Names that stand for names, one after the other. A schema cannot have a circle of them. */
const MAX_ALIASES = 100;

const UNKNOWN: PlainType = { kind: "unknown" };

export class TypeBook {
  readonly #types: ReadonlyMap<string, TypeDescription>;

  constructor(schema: Pick<PluginSchema, "types"> | undefined) {
    this.#types = new Map(schema?.types.map(({ name, type }) => [name, type]));
  }

  resolve(type: TypeDescription): PlainType {
    let found = type;
    for (let step = 0; step < MAX_ALIASES; step += 1) {
      if (found.kind === "named") found = this.#types.get(found.name) ?? UNKNOWN;
      else if (found.kind === "lazy") found = found.type();
      else return found;
    }
    return UNKNOWN;
  }

  /** Whether `null` is a value of the type, so that an option of it is `{ some }` or `null`. */
  isNullable(type: TypeDescription): boolean {
    return this.resolve(type).kind === "option";
  }
}

const INTEGER = /^([ui])(8|16|32|64|128)$/;

/** Of an integer type its sign and its bits, else `undefined`. */
export function integerType(
  kind: string,
): { readonly isSigned: boolean; readonly bits: number } | undefined {
  const match = INTEGER.exec(kind);
  return match === null ? undefined : { isSigned: match[1] === "i", bits: Number(match[2]) };
}

/** Whether its values are `bigint`. */
export function isBigKind(kind: string): boolean {
  return (integerType(kind)?.bits ?? 0) > 32;
}

export function isNumberKind(kind: string): boolean {
  return kind === "f32" || kind === "f64" || integerType(kind) !== undefined;
}

/** The kind of the numbers in a list that is edited as one line, else `undefined`. */
export function numberListKind(type: PlainType, book: TypeBook): string | undefined {
  if (type.kind.endsWith("Array")) return type.kind.slice(0, -"Array".length);
  if (type.kind !== "vec" && type.kind !== "set") return undefined;
  const { kind } = book.resolve(type.item);
  return isNumberKind(kind) ? kind : undefined;
}

/** The names of the fields of a picture. */
export interface PictureFields {
  readonly width: string;
  readonly height: string;
  readonly pixels: string;
}

/** Of a struct with a width, a height and bytes, which of its fields are these; else `undefined`. */
export function pictureFields(type: PlainType, book: TypeBook): PictureFields | undefined {
  if (type.kind !== "struct" || type.fields.length !== 3) return undefined;
  const pixels = type.fields.find(({ type }) => book.resolve(type).kind === "bytes")?.name;
  const isSize = (name: string) =>
    type.fields.some((field) => field.name === name && isNumberKind(book.resolve(field.type).kind));
  if (pixels === undefined || !isSize("width") || !isSize("height")) return undefined;
  return { width: "width", height: "height", pixels };
}
