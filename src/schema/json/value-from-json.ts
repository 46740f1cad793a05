/** Values in JSON, as the library takes them. What does not fit is left for its codecs to refuse. */

import type { MemberDescription, TypeDescription } from "../../codec/type-description.ts";
import { invalid, invalidValue } from "../../wording/invalid-value.ts";
import type { PluginSchema } from "../plugin-schema.ts";
import { base64Bytes } from "./base64.ts";
import { NamedTypes } from "./named-types.ts";

/**
 * Converts a value that was read from JSON to one that a plugin's function takes.
 *
 * @param schema Has the types that `type` names.
 * @param place What the value is, for errors, such as `argument 1`.
 * @throws {TypeError} for what no codec would name well: whole numbers that JSON has rounded, base64.
 * @example
 * const args = params.map(({ name, type }, index) => valueFromJson(list[index], type, schema, name));
 */
export function valueFromJson(
  value: unknown,
  type: TypeDescription,
  schema: Pick<PluginSchema, "types">,
  place = "value",
): unknown {
  return fromJson(value, type, new NamedTypes(schema), place);
}

function fromJson(
  value: unknown,
  type: TypeDescription,
  types: NamedTypes,
  place: string,
): unknown {
  const inner = (part: unknown, of: TypeDescription, step: string) =>
    fromJson(part, of, types, `${place}${step}`);
  switch (type.kind) {
    case "unit":
      return value === null ? undefined : value;
    case "f32":
    case "f64":
      return fromNumber(value);
    case "u64":
    case "u128":
    case "i64":
    case "i128":
      return fromInteger(value, place);
    case "bytes":
    case "fixedBytes":
      return fromBytes(value, place);
    case "i8Array":
      return typedArray(value, (items) => Int8Array.from(items));
    case "u16Array":
      return typedArray(value, (items) => Uint16Array.from(items));
    case "i16Array":
      return typedArray(value, (items) => Int16Array.from(items));
    case "u32Array":
      return typedArray(value, (items) => Uint32Array.from(items));
    case "i32Array":
      return typedArray(value, (items) => Int32Array.from(items));
    case "u64Array":
      return bigArray(value, place, (items) => BigUint64Array.from(items));
    case "i64Array":
      return bigArray(value, place, (items) => BigInt64Array.from(items));
    case "f32Array":
      return floatArray(value, (items) => Float32Array.from(items));
    case "f64Array":
      return floatArray(value, (items) => Float64Array.from(items));
    case "resource":
    case "borrow":
      throw invalid(place, "JSON has no objects of the page");
    default:
      return fromParts(value, type, types, inner);
  }
}

function fromParts(
  value: unknown,
  type: TypeDescription,
  types: NamedTypes,
  inner: (part: unknown, of: TypeDescription, step: string) => unknown,
): unknown {
  switch (type.kind) {
    case "named":
      return inner(value, types.get(type.name), "");
    case "vec":
    case "array":
      return listOf(value, (item, index) => inner(item, type.item, `[${index}]`));
    case "set":
      return Array.isArray(value)
        ? new Set(value.map((item, index) => inner(item, type.item, `[${index}]`)))
        : value;
    case "tuple":
      return listOf(value, (item, index) => {
        const of = type.items[index];
        return of === undefined ? item : inner(item, of, `[${index}]`);
      });
    case "map":
      return fromEntries(value, (key, item) => [
        inner(key, type.key, `[${String(key)}]`),
        inner(item, type.value, `[${String(key)}]`),
      ]);
    case "option":
      if (value === null) return null;
      if (!types.isNullable(type.item)) return inner(value, type.item, "");
      if (!isObject(value) || !("some" in value)) return value;
      return types.optionOf(inner(value["some"], type.item, ".some"), type.item);
    case "result":
      if (!isObject(value)) return value;
      if (value["ok"] === true)
        return { ok: true, value: inner(value["value"], type.value, ".value") };
      return { ...value, error: inner(value["error"], type.error, ".error") };
    case "struct":
      return isObject(value)
        ? Object.fromEntries(
            type.fields.map(({ name, type: of }) => [name, inner(value[name], of, `.${name}`)]),
          )
        : value;
    case "enum":
      return isObject(value) ? fromVariant(value, type.variants, inner) : value;
    case "duration":
      return isObject(value)
        ? { ...value, seconds: inner(value["seconds"], { kind: "u64" }, ".seconds") }
        : value;
    default:
      return value;
  }
}

function fromVariant(
  value: Readonly<Record<string, unknown>>,
  variants: readonly MemberDescription[],
  inner: (part: unknown, of: TypeDescription, step: string) => unknown,
): unknown {
  const variant = variants.find(({ name }) => name === value["type"]);
  if (variant === undefined || variant.type.kind === "unit") return value;
  return { type: variant.name, value: inner(value["value"], variant.type, ".value") };
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function listOf(value: unknown, convert: (item: unknown, index: number) => unknown): unknown {
  return Array.isArray(value) ? value.map(convert) : value;
}

/** Entries of a list of pairs, or of an object. */
function fromEntries(
  value: unknown,
  convert: (key: unknown, item: unknown) => readonly [unknown, unknown],
): unknown {
  if (isObject(value)) {
    return new Map(Object.entries(value).map(([key, item]) => convert(key, item)));
  }
  const isPairs = Array.isArray(value) && value.every((pair) => Array.isArray(pair));
  return isPairs ? new Map(value.map(([key, item]) => convert(key, item))) : value;
}

/** The numbers that JSON lacks, as text. */
const NAMED_NUMBERS: ReadonlyMap<unknown, number> = new Map([
  ["NaN", Number.NaN],
  ["Infinity", Number.POSITIVE_INFINITY],
  ["-Infinity", Number.NEGATIVE_INFINITY],
  ["-0", -0],
]);

function fromNumber(value: unknown): unknown {
  return NAMED_NUMBERS.get(value) ?? value;
}

function fromInteger(value: unknown, place: string): unknown {
  if (typeof value === "string" && /^-?\d+$/.test(value)) return BigInt(value);
  if (typeof value === "number" && Number.isSafeInteger(value)) return BigInt(value);
  const hint = typeof value === "number" ? "; write it as text where it is large" : "";
  throw invalidValue(place, value, `a whole number, or text of its digits${hint}`);
}

function fromBytes(value: unknown, place: string): unknown {
  if (typeof value === "string") {
    const bytes = base64Bytes(value);
    if (bytes !== undefined) return bytes;
    throw invalid(place, "its text is no base64");
  }
  const isBytes =
    Array.isArray(value) &&
    value.every((byte) => Number.isInteger(byte) && byte >= 0 && byte < 256);
  if (isBytes) return Uint8Array.from(value as number[]);
  throw invalidValue(place, value, "base64 text, or a list of numbers from 0 to 255");
}

/** A typed array, unless it would change a number: then the codec refuses the list. */
function typedArray(value: unknown, make: (items: number[]) => ArrayLike<number>): unknown {
  if (!Array.isArray(value)) return value;
  const array = make(value as number[]);
  return value.every((item, index) => Object.is(item, array[index])) ? array : value;
}

function floatArray(value: unknown, make: (items: number[]) => ArrayLike<number>): unknown {
  if (!Array.isArray(value)) return value;
  const numbers = value.map(fromNumber);
  return numbers.every((item) => typeof item === "number") ? make(numbers) : value;
}

function bigArray(
  value: unknown,
  place: string,
  make: (items: bigint[]) => ArrayLike<bigint>,
): unknown {
  if (!Array.isArray(value)) return value;
  const items = value.map((item, index) => fromInteger(item, `${place}[${index}]`)) as bigint[];
  const array = make(items);
  return items.every((item, index) => item === array[index]) ? array : value;
}
