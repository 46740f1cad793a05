// Reads the types and values of `vectors.json`, in the forms that `describe.rs` of
// `guest/rust/vectors` gives them.
import type { Codec } from "./codec.ts";
import { t } from "./t.ts";

export type Json = null | boolean | number | string | Json[] | { [name: string]: Json };

/** A type of the table: its codec, and how its values look in JavaScript. */
export interface Schema {
  readonly codec: Codec<unknown>;
  readonly toValue: (json: Json) => unknown;
}

const asIs = (json: Json) => json;
const toBigInt = (json: Json) => BigInt(json as string);

const SCALARS = new Map<string, Schema>([
  ["unit", schema(t.unit, () => undefined)],
  ["bool", schema(t.bool, asIs)],
  ["u8", schema(t.u8, asIs)],
  ["u16", schema(t.u16, asIs)],
  ["u32", schema(t.u32, asIs)],
  ["u64", schema(t.u64, toBigInt)],
  ["u128", schema(t.u128, toBigInt)],
  ["i8", schema(t.i8, asIs)],
  ["i16", schema(t.i16, asIs)],
  ["i32", schema(t.i32, asIs)],
  ["i64", schema(t.i64, toBigInt)],
  ["i128", schema(t.i128, toBigInt)],
  ["f32", schema(t.f32, Number)],
  ["f64", schema(t.f64, Number)],
  ["char", schema(t.char, asIs)],
  ["string", schema(t.string, asIs)],
  [
    "duration",
    schema(t.duration, (json) => {
      const [seconds, nanoseconds] = json as [string, number];
      return { seconds: BigInt(seconds), nanoseconds };
    }),
  ],
]);

/** @returns a function from the JSON of a type to the type; `definitions` are the types by name. */
export function schemasOf(definitions: Readonly<Record<string, Json>>): (json: Json) => Schema {
  const defined = new Map<string, Schema>();

  function reference(name: string): Schema {
    const find = () => defined.get(name) as Schema;
    const codec = t.lazy(() => find().codec);
    return schema(codec, (json) => find().toValue(json));
  }

  function schemaOf(json: Json): Schema {
    if (typeof json === "string") return SCALARS.get(json) ?? reference(json);
    const [kind, ...parts] = json as [string, ...Json[]];
    if (kind === "struct") return structOf(membersOf(parts[0]));
    if (kind === "enumeration") return enumerationOf(membersOf(parts[0]));
    if (kind === "array") return arrayOf(schemaOf(parts[0] as Json), parts[1] as number);
    if (kind === "tuple") return tupleOf(parts.map(schemaOf));
    const [first, second] = parts.map(schemaOf) as [Schema, Schema];
    if (kind === "option") return optionOf(first, (parts[0] as Json[])[0] === "option");
    if (kind === "vec") return schema(t.vec(first.codec), items(first));
    if (kind === "set") return schema(t.set(first.codec), (json) => new Set(items(first)(json)));
    if (kind === "map") return mapOf(first, second);
    if (kind === "result") return resultOf(first, second);
    throw new TypeError(`Cannot read schema "${kind}": found no such kind, expected another`);
  }

  function membersOf(json: Json | undefined): Map<string, Schema> {
    const members = Object.entries(json as Record<string, Json>);
    return new Map(members.map(([name, member]) => [name, schemaOf(member)]));
  }

  for (const [name, json] of Object.entries(definitions)) defined.set(name, schemaOf(json));
  return schemaOf;
}

function schema(codec: unknown, toValue: Schema["toValue"]): Schema {
  return { codec: codec as Codec<unknown>, toValue };
}

function items({ toValue }: Schema): (json: Json) => unknown[] {
  return (json) => (json as Json[]).map(toValue);
}

function optionOf({ codec, toValue }: Schema, isNested: boolean): Schema {
  return schema(t.option(codec), (json) => {
    const [content] = json as [Json?];
    if (content === undefined) return null;
    return isNested ? { some: toValue(content) } : toValue(content);
  });
}

function arrayOf(item: Schema, length: number): Schema {
  return schema(t.array(item.codec, length), items(item));
}

function tupleOf(parts: readonly Schema[]): Schema {
  const codec = t.tuple(...parts.map((part) => part.codec));
  return schema(codec, (json) =>
    parts.map(({ toValue }, at) => toValue((json as Json[])[at] ?? null)),
  );
}

function mapOf(key: Schema, value: Schema): Schema {
  return schema(t.map(key.codec, value.codec), (json) => {
    const entries = json as [Json, Json][];
    return new Map(entries.map(([k, v]) => [key.toValue(k), value.toValue(v)]));
  });
}

function resultOf(value: Schema, error: Schema): Schema {
  return schema(t.result(value.codec, error.codec), (json) => {
    const [which, content] = json as [string, Json];
    return which === "ok"
      ? { ok: true, value: value.toValue(content) }
      : { ok: false, error: error.toValue(content) };
  });
}

function structOf(fields: ReadonlyMap<string, Schema>): Schema {
  return schema(t.struct(codecsOf(fields)), (json) => {
    const values = json as Record<string, Json>;
    const entries = [...fields].map(([name, { toValue }]) => [name, toValue(values[name] ?? null)]);
    return Object.fromEntries(entries) as unknown;
  });
}

function enumerationOf(variants: ReadonlyMap<string, Schema>): Schema {
  return schema(t.enum(codecsOf(variants)), (json) => {
    const [type, content] = json as [string, Json];
    const variant = variants.get(type);
    if (variant?.codec === t.unit) return { type };
    return { type, value: variant?.toValue(content) };
  });
}

function codecsOf(members: ReadonlyMap<string, Schema>): Record<string, Codec<unknown>> {
  return Object.fromEntries([...members].map(([name, { codec }]) => [name, codec]));
}
