import type { TypeDescription } from "../codec/type-description.ts";
import { type FindType, typeDifference } from "./compare-types.ts";
import type { FunctionDescription, PluginSchema } from "./plugin-schema.ts";
import { printFunction } from "./print-type.ts";

/** The types of a function, as the page has them. */
export interface FunctionTypes {
  readonly params: readonly TypeDescription[];
  readonly result: TypeDescription;
}

/**
 * Where the types of a function differ from those of the schema, in words; `undefined` where they have
 * the same bytes.
 */
export function functionDifference(
  given: FunctionTypes,
  declared: FunctionDescription,
  schema: PluginSchema,
): string | undefined {
  const types = new Map(schema.types.map(({ name, type }) => [name, type]));
  const findType: FindType = (name) => types.get(name) as TypeDescription;
  const [count, wanted] = [given.params.length, declared.params.length];
  const signature = `(it is ${printFunction(declared)})`;
  if (count !== wanted) return `has ${count} parameters, and the plugin has ${wanted} ${signature}`;
  const pairs: [place: string, difference: string | undefined][] = declared.params.map(
    ({ type }, index) => {
      const param = given.params[index] as TypeDescription;
      return [`parameter ${index + 1}`, typeDifference(param, type, findType)];
    },
  );
  pairs.push(["the result", typeDifference(given.result, declared.result, findType)]);
  const different = pairs.filter(([, difference]) => difference !== undefined);
  if (different.length === 0) return undefined;
  const told = different.map(([place, difference]) => `${place} ${difference}`);
  return `does not fit: ${told.join("; ")} ${signature}`;
}
