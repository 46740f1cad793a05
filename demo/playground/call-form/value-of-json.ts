/** JSON of the form to the values that a plugin takes, with everything that is wrong on the way. */

import type { TypeDescription } from "cloche";
import { attachment } from "./attachments.ts";
import { bytesOfHex } from "./hex.ts";
import { isJsonList, type JsonValue, memberOf } from "./json-value.ts";
import {
  integerType,
  isBigKind,
  isNumberKind,
  type PlainType,
  type TypeBook,
} from "./type-book.ts";

/** What is wrong, by the path of the value: `/0/points/2/x`. */
export type Problems = Map<string, string>;

/** Deeper than any value that somebody types, and no danger to the stack. */
const MAX_DEPTH = 200;

const TYPED_ARRAYS = {
  i8: Int8Array,
  u16: Uint16Array,
  i16: Int16Array,
  u32: Uint32Array,
  i32: Int32Array,
  u64: BigUint64Array,
  i64: BigInt64Array,
  f32: Float32Array,
  f64: Float64Array,
} as const;

/** The arguments of a call, in their order. They are of use only if there are no problems. */
export function valuesOfJson(
  types: readonly TypeDescription[],
  json: readonly JsonValue[],
  book: TypeBook,
): { readonly values: readonly unknown[]; readonly problems: Problems } {
  const reader = new ValueReader(book);
  const values = types.map((type, index) => reader.read(type, json[index], `/${index}`, 0));
  return { values, problems: reader.problems };
}

class ValueReader {
  readonly problems: Problems = new Map();
  readonly #book: TypeBook;

  constructor(book: TypeBook) {
    this.#book = book;
  }

  read(
    described: TypeDescription,
    json: JsonValue | undefined,
    path: string,
    depth: number,
  ): unknown {
    if (json === undefined) return this.#wrong(path, "is missing");
    if (depth > MAX_DEPTH) return this.#wrong(path, "is nested too deep");
    const type = this.#book.resolve(described);
    const at = (of: TypeDescription, part: JsonValue | undefined, name: string | number) =>
      this.read(of, part, `${path}/${name}`, depth + 1);
    switch (type.kind) {
      case "unit":
        return undefined;
      case "bool":
        return typeof json === "boolean" ? json : this.#wrong(path, "must be true or false");
      case "string":
        return typeof json === "string" ? json : this.#wrong(path, "must be a text");
      case "char":
        return typeof json === "string" && Array.from(json).length === 1
          ? json
          : this.#wrong(path, "must be one character");
      case "bytes":
      case "fixedBytes":
        return this.#bytes(type, json, path);
      case "duration":
        return {
          seconds: at({ kind: "u64" }, memberOf(json, "seconds"), "seconds"),
          nanoseconds: at({ kind: "u32" }, memberOf(json, "nanoseconds"), "nanoseconds"),
        };
      case "option":
        return this.#option(type.item, json, path, depth);
      case "vec":
        return this.#list(json, path)?.map((item, index) => at(type.item, item, index));
      case "set":
        return new Set(this.#list(json, path)?.map((item, index) => at(type.item, item, index)));
      case "array": {
        const list = this.#list(json, path, type.length);
        return list?.map((item, index) => at(type.item, item, index));
      }
      case "tuple": {
        const list = this.#list(json, path, type.items.length);
        return list && type.items.map((item, index) => at(item, list[index], index));
      }
      case "map": {
        const entries = this.#list(json, path)?.map((entry, index): [unknown, unknown] => {
          if (!isJsonList(entry) || entry.length !== 2) {
            this.#wrong(`${path}/${index}`, "must be a key and a value: [key, value]");
          }
          const [key, value] = isJsonList(entry) ? entry : [];
          return [at(type.key, key, `${index}/0`), at(type.value, value, `${index}/1`)];
        });
        return new Map(entries);
      }
      case "struct":
        return Object.fromEntries(
          type.fields.map(({ name, type }) => [name, at(type, memberOf(json, name), name)]),
        );
      case "enum": {
        const name = memberOf(json, "type");
        const variant = type.variants.find((each) => each.name === name);
        if (variant === undefined) {
          const names = type.variants.map((each) => `"${each.name}"`).join(", ");
          return this.#wrong(path, `must have a "type" that is one of ${names}`);
        }
        return this.#book.resolve(variant.type).kind === "unit"
          ? { type: name }
          : { type: name, value: at(variant.type, memberOf(json, "value"), "value") };
      }
      case "result":
        return memberOf(json, "ok") === true
          ? { ok: true, value: at(type.value, memberOf(json, "value"), "value") }
          : { ok: false, error: at(type.error, memberOf(json, "error"), "error") };
      case "resource":
      case "borrow":
        return this.#wrong(path, "is an object of the page, which the playground cannot make");
      case "unknown":
        return this.#wrong(path, "has a type that the plugin does not describe");
      default:
        return isNumberKind(type.kind)
          ? this.#number(type.kind, json, path)
          : this.#typedArray(type.kind.slice(0, -"Array".length), json, path);
    }
  }

  #wrong(path: string, problem: string): undefined {
    this.problems.set(path, problem);
    return undefined;
  }

  #list(json: JsonValue, path: string, length?: number): readonly JsonValue[] | undefined {
    if (!isJsonList(json)) return this.#wrong(path, "must be a list");
    if (length !== undefined && json.length !== length) {
      return this.#wrong(path, `must have ${length} items and has ${json.length}`);
    }
    return json;
  }

  #option(item: TypeDescription, json: JsonValue, path: string, depth: number): unknown {
    if (json === null) return null;
    if (!this.#book.isNullable(item)) return this.read(item, json, path, depth + 1);
    const some = memberOf(json, "some");
    if (some === undefined) return this.#wrong(path, 'must be null or { "some": … }');
    return { some: this.read(item, some, `${path}/some`, depth + 1) };
  }

  #number(kind: string, json: JsonValue, path: string): unknown {
    const integer = integerType(kind);
    if (typeof json !== "number" && typeof json !== "string") {
      return this.#wrong(path, "must be a number");
    }
    const text = String(json).trim();
    if (text === "") return this.#wrong(path, "needs a number");
    if (integer === undefined) {
      const value = Number(text);
      return Number.isNaN(value) && text !== "NaN"
        ? this.#wrong(path, `“${text}” is not a number`)
        : value;
    }
    const value = integerOf(text);
    if (value === undefined) return this.#wrong(path, `“${text}” is not a whole number`);
    const { isSigned, bits } = integer;
    const wrapped = isSigned ? BigInt.asIntN(bits, value) : BigInt.asUintN(bits, value);
    if (wrapped !== value) {
      const highest = 2n ** BigInt(isSigned ? bits - 1 : bits) - 1n;
      const lowest = isSigned ? -highest - 1n : 0n;
      return this.#wrong(path, `must be between ${lowest} and ${highest} (${kind})`);
    }
    return isBigKind(kind) ? value : Number(value);
  }

  #typedArray(kind: string, json: JsonValue, path: string): unknown {
    const list = this.#list(json, path) ?? [];
    const numbers = list.map((item, index) => this.#number(kind, item, `${path}/${index}`));
    if (this.problems.size > 0) return undefined;
    const TypedArray = TYPED_ARRAYS[kind as keyof typeof TYPED_ARRAYS];
    return Reflect.construct(TypedArray, [numbers]);
  }

  #bytes(type: PlainType, json: JsonValue, path: string): unknown {
    const [hex, text, file] = ["hex", "text", "file"].map((name) => memberOf(json, name));
    let bytes: Uint8Array<ArrayBuffer> | undefined;
    if (typeof hex === "string") {
      bytes = bytesOfHex(hex);
      if (bytes === undefined) return this.#wrong(path, "must be pairs of hexadecimal digits");
    } else if (typeof text === "string") bytes = new TextEncoder().encode(text);
    else if (typeof file === "string") {
      bytes = attachment(file);
      if (bytes === undefined) return this.#wrong(path, `needs the file “${file}” again`);
    }
    if (bytes === undefined) {
      return this.#wrong(path, 'must be { "hex": … }, { "text": … } or { "file": … }');
    }
    if (type.kind === "fixedBytes" && bytes.length !== type.length) {
      return this.#wrong(path, `must have ${type.length} bytes and has ${bytes.length}`);
    }
    return bytes;
  }
}

/** Any whole number that is written in JSON or as `0xff`; `undefined` for other text. */
function integerOf(text: string): bigint | undefined {
  try {
    return BigInt(text);
  } catch {
    const value = Number(text);
    return Number.isSafeInteger(value) ? BigInt(value) : undefined;
  }
}
