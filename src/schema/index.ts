/**
 * What a plugin says of itself, for tools. Without a browser's API: for Node and any other engine.
 *
 * @module cloche/schema
 */

export { describeType } from "../abi/module-interface.ts";
export { type ModuleLayout, readModuleLayout, SECTION } from "../abi/module-layout.ts";
export type { MemberDescription, TypeDescription } from "../codec/type-description.ts";
export { type DeclarationOptions, declarePlugin } from "./declarations.ts";
export { findSchema, SCHEMA_SECTION, type SchemaBounds } from "./find-schema.ts";
export { valueFromJson } from "./json/value-from-json.ts";
export { valueToJson } from "./json/value-to-json.ts";
export { parseSchema } from "./parse-schema.ts";
export type {
  FunctionDescription,
  NamedType,
  ParameterDescription,
  PluginSchema,
} from "./plugin-schema.ts";
export { printFunction, printName, printType } from "./print-type.ts";
