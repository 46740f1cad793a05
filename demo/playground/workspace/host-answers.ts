/** Answers for the host functions that a plugin wants and nobody has written. */

import type { PluginSchema } from "cloche";
import { printFunction } from "cloche/schema";
import { defaultJson } from "../call-form/default-json.ts";
import { TypeBook } from "../call-form/type-book.ts";
import { valuesOfJson } from "../call-form/value-of-json.ts";
import type { OutputLog } from "./output-log.ts";
import type { Program } from "./program.ts";

/** All host functions for a plugin: those of the program, and one for each that is missing. */
export function hostAnswers(
  { hostFunctions = {} }: Program,
  schema: PluginSchema | undefined,
  output: OutputLog,
): NonNullable<Program["hostFunctions"]> {
  const book = new TypeBook(schema);
  const missing = schema?.hostFunctions.filter(({ name }) => !Object.hasOwn(hostFunctions, name));
  const answers = missing?.map((description): [string, () => unknown] => {
    const { values } = valuesOfJson(
      [description.result],
      [defaultJson(description.result, book)],
      book,
    );
    const answer = () => {
      output.write("note", `The plugin called ${printFunction(description)}\n`);
      return values[0];
    };
    return [description.name, answer];
  });
  return { ...Object.fromEntries(answers ?? []), ...hostFunctions };
}
