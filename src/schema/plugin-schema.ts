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

export interface FunctionDescription {
  readonly name: string;
  /** Markdown; empty where there is none. */
  readonly docs: string;
  readonly params: readonly ParameterDescription[];
  readonly result: TypeDescription;
}

export interface ParameterDescription {
  /** `_` where it has none. */
  readonly name: string;
  readonly type: TypeDescription;
}

export interface NamedType {
  readonly name: string;
  readonly docs: string;
  /** `{ kind: "resource" }` of a resource. */
  readonly type: TypeDescription;
}
