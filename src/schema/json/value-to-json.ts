/** Values of the library as JSON has them: see the table in docs/schema.md. */

import type { TypeDescription } from "../../codec/type-description.ts";
import type { PluginSchema } from "../plugin-schema.ts";
import { base64Of } from "./base64.ts";
import { NamedTypes } from "./named-types.ts";

/**
 * Converts a value of a plugin, such as a result, to plain data that JSON can hold.
 *
 * @param schema Has the types that `type` names.
 * @example
 * JSON.stringify(valueToJson(await plugin.api.area(shape), result, plugin.schema));
 */
export function valueToJson(
  value: unknown,
  type: TypeDescription,
  schema: Pick<PluginSchema, "types">,
): unknown {
  return toJson(value, type, new NamedTypes(schema));
}

function toJson(value: unknown, type: TypeDescription, types: NamedTypes): unknown {
  const inner = (part: unknown, of: TypeDescription) => toJson(part, of, types);
  switch (type.kind) {
    case "named":
      return inner(value, types.get(type.name));
    case "option":
      if (value === null) return null;
      if (!types.isNullable(type.item)) return inner(value, type.item);
      return { some: inner(someOf(value), type.item) };
    case "vec":
    case "set":
    case "array":
      return Array.from(value as Iterable<unknown>, (item) => inner(item, type.item));
    case "tuple":
      return type.items.map((item, index) => inner((value as unknown[])[index], item));
    case "map": {
      const entries = Array.from(
        value as Map<unknown, unknown>,
        ([key, item]) => [inner(key, type.key), inner(item, type.value)] as const,
      );
      return types.isText(type.key) ? Object.fromEntries(entries) : entries;
    }
    case "result": {
      const result = value as { ok: boolean; value: unknown; error: unknown };
      return result.ok
        ? { ok: true, value: inner(result.value, type.value) }
        : { ok: false, error: inner(result.error, type.error) };
    }
    case "struct": {
      const record = value as Readonly<Record<string, unknown>>;
      return Object.fromEntries(
        type.fields.map(({ name, type: of }) => [name, inner(record[name], of)]),
      );
    }
    case "enum": {
      const { type: name, value: content } = value as { type: string; value: unknown };
      const variant = type.variants.find((each) => each.name === name);
      if (variant === undefined || variant.type.kind === "unit") return { type: name };
      return { type: name, value: inner(content, variant.type) };
    }
    case "duration": {
      const { seconds, nanoseconds } = value as { seconds: bigint; nanoseconds: number };
      return { seconds: plain(seconds), nanoseconds };
    }
    case "resource":
      return { resource: type.name };
    default:
      return plain(value);
  }
}

/** What an option of a nullable type has: the library puts `undefined` in no box. */
function someOf(value: unknown): unknown {
  return typeof value === "object" && value !== null && "some" in value ? value.some : value;
}

function plain(value: unknown): unknown {
  switch (typeof value) {
    case "undefined":
      return null;
    case "bigint": {
      const number = Number(value);
      return Number.isSafeInteger(number) ? number : String(value);
    }
    case "number":
      if (!Number.isFinite(value)) return String(value);
      return Object.is(value, -0) ? "-0" : value;
    case "object":
      if (value instanceof Uint8Array) return base64Of(value);
      return ArrayBuffer.isView(value)
        ? Array.from(value as unknown as Iterable<unknown>, plain)
        : value;
    default:
      return value;
  }
}
