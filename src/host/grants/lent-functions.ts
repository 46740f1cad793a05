/** The functions that a page lends to one plugin, with the types that the plugin calls them by. */

import { shownName } from "../../abi/names.ts";
import type { Codec } from "../../codec/codec.ts";
import { t } from "../../codec/t.ts";
import { functionDifference } from "../../schema/compare-functions.ts";
import { holdsResources } from "../../schema/holds-resources.ts";
import { partsOf } from "../../schema/parts.ts";
import type { FunctionDescription, PluginSchema } from "../../schema/plugin-schema.ts";
import { SchemaCodecs } from "../../schema/schema-codecs.ts";
import type { HandleTable } from "./handle-table.ts";
import { type GivenFunction, type HostFunction, hostFunction } from "./host-function.ts";

/** What is lent, as far as the page's functions fit to what the plugin says of itself. */
export interface LentFunctions {
  /** All names that the page has, in its order. */
  readonly names: readonly string[];
  /** The functions that fit. */
  readonly functions: ReadonlyMap<string, HostFunction>;
  /** Of the others, what is wrong. */
  readonly differences: ReadonlyMap<string, string>;
}

/** The host function of every plugin that holds resources. Its name is the ABI's. */
const DROP_FUNCTION = "drop_resource";

/** Gives plain functions the codecs of the schema, and compares those of the others with it. */
export function lendFunctions(
  given: Readonly<Record<string, GivenFunction>>,
  schema: PluginSchema | undefined,
  handles: HandleTable,
): LentFunctions {
  const described = new Map(schema?.hostFunctions.map((each) => [each.name, each]));
  const types = schema && new SchemaCodecs(schema);
  const functions = new Map<string, HostFunction>();
  const differences = new Map<string, string>();
  for (const [name, each] of Object.entries(given)) {
    const description = described.get(name);
    const fitting =
      typeof each === "function"
        ? withCodecs(each, description, types)
        : compared(each, description, schema);
    if (typeof fitting !== "string") functions.set(name, fitting);
    else differences.set(name, `host function "${shownName(name)}" ${fitting}`);
  }
  if (usesResources(functions, schema)) {
    const drop = hostFunction([t.u64], t.unit, (handle) => handles.drop(handle));
    functions.set(DROP_FUNCTION, drop);
  }
  const names = new Set([...Object.keys(given), ...functions.keys()]);
  return { names: [...names], functions, differences };
}

function usesResources(
  functions: ReadonlyMap<string, HostFunction>,
  schema: PluginSchema | undefined,
): boolean {
  if (schema?.types.some(({ type }) => type.kind === "resource")) return true;
  return [...functions.values()].some(({ params, result }) =>
    holdsResources(params.type, result.type),
  );
}

function withCodecs(
  call: HostFunction["call"],
  description: FunctionDescription | undefined,
  types: SchemaCodecs | undefined,
): HostFunction | string {
  const codecs = description && types?.ofFunction(description);
  if (codecs === undefined) {
    return "has no types: the plugin does not describe it, so use hostFunction(params, result, call)";
  }
  const params = t.tuple(...(codecs.params as Codec<unknown>[])) as HostFunction["params"];
  return { params, result: codecs.result, call };
}

function compared(
  given: HostFunction,
  description: FunctionDescription | undefined,
  schema: PluginSchema | undefined,
): HostFunction | string {
  if (description === undefined || schema === undefined) return given;
  const { params, result } = given;
  const difference = functionDifference(
    { params: partsOf(params.type), result: result.type },
    description,
    schema,
  );
  return difference ?? given;
}
