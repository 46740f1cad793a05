/** What a plugin says of itself: see docs/schema.md. */

import type { TypeDescription } from "../codec/type-description.ts";

/** The functions and types of a plugin: plain data, in the order in which they are declared. */
export interface PluginSchema {
  /** What the plugin offers. */
  readonly functions: readonly FunctionDescription[];
  /** What it may call on the page. */
  readonly hostFunctions: readonly FunctionDescription[];
  /** What `{ kind: "named" }` refers to. */
  readonly types: readonly NamedType[];
}

/** A function of the plugin, or one that it may call on the page. */
export interface FunctionDescription {
  /** Its name, without the ABI's underscores. */
  readonly name: string;
  /** Markdown; empty where there is none. */
  readonly docs: string;
  /** Its parameters, in their order. */
  readonly params: readonly ParameterDescription[];
  /** The type of its result; `{ kind: "unit" }` for none. */
  readonly result: TypeDescription;
}

/** A parameter of a function. */
export interface ParameterDescription {
  /** `_` where it has none. */
  readonly name: string;
  /** The type of its values. */
  readonly type: TypeDescription;
}

/** A type that the schema defines. */
export interface NamedType {
  /** What `{ kind: "named", name }` refers to it by. */
  readonly name: string;
  /** Markdown; empty where there is none. */
  readonly docs: string;
  /** `{ kind: "resource" }` of a resource. */
  readonly type: TypeDescription;
}
