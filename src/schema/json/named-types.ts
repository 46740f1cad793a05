/** The types that a schema gives names to. */

import type { TypeDescription } from "../../codec/type-description.ts";
import type { PluginSchema } from "../plugin-schema.ts";

export class NamedTypes {
  readonly #types: ReadonlyMap<string, TypeDescription>;

  constructor({ types }: Pick<PluginSchema, "types">) {
    this.#types = new Map(types.map(({ name, type }) => [name, type]));
  }

  get(name: string): TypeDescription {
    return this.#types.get(name) ?? { kind: "unknown" };
  }

  /** The type behind names. */
  resolve(type: TypeDescription): TypeDescription {
    let resolved = type;
    while (resolved.kind === "named") resolved = this.get(resolved.name);
    return resolved;
  }

  /** Whether `null` in JSON may be a value of it, so that an option of it is `{ some }`. */
  isNullable(type: TypeDescription): boolean {
    const { kind } = this.resolve(type);
    return kind === "option" || kind === "unit";
  }

  /** Some value of an option of a nullable type, as the library has it: `undefined` is in no box. */
  optionOf(value: unknown, type: TypeDescription): unknown {
    return this.resolve(type).kind === "option" ? { some: value } : value;
  }

  /** Whether its values are text, which may be the key of an object. */
  isText(type: TypeDescription): boolean {
    const { kind } = this.resolve(type);
    return kind === "string" || kind === "char";
  }
}
