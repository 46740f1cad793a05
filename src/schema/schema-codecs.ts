/** The codecs of the types that a schema describes. */

import type { AnyCodec, Codec } from "../codec/codec.ts";
import { t } from "../codec/t.ts";
import type {
  MemberDescription,
  PlainTypeName,
  TypeDescription,
} from "../codec/type-description.ts";
import type { FunctionDescription, PluginSchema } from "./plugin-schema.ts";

/** The codecs of one function. */
export interface FunctionCodecs {
  readonly params: readonly AnyCodec[];
  readonly result: AnyCodec;
}

/** From so many names within names on, a codec is made when it is first used: the stack has an end. */
const MAX_NESTED_NAMES = 100;

const PLAIN_CODECS: Readonly<Record<PlainTypeName, AnyCodec>> = {
  unit: t.unit,
  bool: t.bool,
  u8: t.u8,
  u16: t.u16,
  u32: t.u32,
  u64: t.u64,
  u128: t.u128,
  i8: t.i8,
  i16: t.i16,
  i32: t.i32,
  i64: t.i64,
  i128: t.i128,
  f32: t.f32,
  f64: t.f64,
  char: t.char,
  string: t.string,
  bytes: t.bytes,
  duration: t.duration,
  i8Array: t.i8Array,
  u16Array: t.u16Array,
  i16Array: t.i16Array,
  u32Array: t.u32Array,
  i32Array: t.i32Array,
  u64Array: t.u64Array,
  i64Array: t.i64Array,
  f32Array: t.f32Array,
  f64Array: t.f64Array,
};

/** Makes the codecs of one schema. Each named type has one, which is made when it is first wanted. */
export class SchemaCodecs {
  readonly #types: ReadonlyMap<string, TypeDescription>;
  readonly #made: Map<string, AnyCodec> = new Map();
  /** Names whose codec is being made: within it they are recursive. */
  readonly #making: Set<string> = new Set();

  constructor(schema: Pick<PluginSchema, "types">) {
    this.#types = new Map(schema.types.map(({ name, type }) => [name, type]));
  }

  /** @returns `undefined` where a type of the function is not known. */
  ofFunction({ params, result }: FunctionDescription): FunctionCodecs | undefined {
    try {
      return { params: params.map(({ type }) => this.ofType(type)), result: this.ofType(result) };
    } catch (error) {
      if (error instanceof UnknownType) return undefined;
      throw error;
    }
  }

  /** @throws {UnknownType} */
  ofType(type: TypeDescription): AnyCodec {
    switch (type.kind) {
      case "fixedBytes":
        return t.fixedBytes(type.length);
      case "vec":
        return t.vec(this.ofType(type.item));
      case "set":
        return t.set(this.ofType(type.item));
      case "option":
        return t.option(this.ofType(type.item));
      case "array":
        return t.array(this.ofType(type.item), type.length);
      case "map":
        return t.map(this.ofType(type.key), this.ofType(type.value));
      case "result":
        return t.result(this.ofType(type.value), this.ofType(type.error));
      case "tuple":
        return t.tuple(...type.items.map((item) => this.ofType(item)));
      case "struct":
        return t.struct(this.#members(type.fields));
      case "enum":
        return t.enum(this.#members(type.variants));
      case "named":
        return this.#named(type.name);
      case "lazy":
        return this.ofType(type.type());
      case "resource":
        return t.resource(type.name);
      case "borrow":
        return t.borrow(t.resource(type.name));
      case "unknown":
        throw new UnknownType("a type is unknown");
      default:
        if (Object.hasOwn(PLAIN_CODECS, type.kind)) return PLAIN_CODECS[type.kind];
        throw new UnknownType(`Invalid type: ${type.kind} (must be a kind of type)`);
    }
  }

  #members(members: readonly MemberDescription[]): Record<string, AnyCodec> {
    return Object.fromEntries(members.map(({ name, type }) => [name, this.ofType(type)]));
  }

  #named(name: string): AnyCodec {
    const made = this.#made.get(name);
    if (made !== undefined) return made;
    if (this.#making.has(name) || this.#making.size === MAX_NESTED_NAMES) {
      return t.lazy(() => this.#named(name) as Codec<unknown>);
    }
    const type = this.#types.get(name);
    if (type === undefined) throw new UnknownType(`Invalid type: no type is named "${name}"`);
    this.#making.add(name);
    try {
      const codec = this.ofType(type);
      this.#made.set(name, codec);
      return codec;
    } finally {
      this.#making.delete(name);
    }
  }
}

/** A type that the plugin's SDK could not describe, or that a caller described wrongly. */
class UnknownType extends TypeError {}
