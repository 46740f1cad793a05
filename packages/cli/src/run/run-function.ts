/** Calls one function of a plugin, with JSON in and out. */

import { text } from "node:stream/consumers";
import { type LoadOptions, loadPlugin, type Plugin, PluginTrapError } from "cloche";
import {
  type FunctionDescription,
  type PluginSchema,
  printFunction,
  type TypeDescription,
  valueFromJson,
  valueToJson,
} from "cloche/schema";
import { Failure, messageOf, messageOfTrap, usageFailure } from "../failure.ts";
import { type Folder, saveFolder } from "../files/folder.ts";
import type { ReadModule } from "../module/read-module.ts";
import { writeJson } from "../terminal/output.ts";
import { withProgress } from "../terminal/progress.ts";
import { writeRecording } from "./write-recording.ts";

/** What the plugin is called with. */
export interface FunctionRequest {
  readonly module: ReadModule;
  readonly options: LoadOptions;
  readonly functionName: string;
  readonly args: readonly string[];
  readonly hostFunctions: NonNullable<LoadOptions["hostFunctions"]>;
  readonly timeoutMs: number | undefined;
  /** The file that gets a recording. */
  readonly recordTo: string | undefined;
  /** The folders that get the files back. */
  readonly writeTo: readonly Folder[];
}

/** @returns The exit code. */
export async function runFunction(request: FunctionRequest): Promise<number> {
  const { module, options, functionName, hostFunctions, timeoutMs, recordTo } = request;
  const { schema, description } = describedFunction(module, functionName);
  const args = await readArguments(request.args, description, schema);
  const toStderr = (chunk: string) => void process.stderr.write(chunk);
  const loading = loadPlugin(module.bytes, {
    ...options,
    hostFunctions,
    record: recordTo !== undefined,
    stdout: toStderr,
    stderr: toStderr,
    terminal: { stdin: false, stdout: false, stderr: process.stderr.isTTY },
  });
  const plugin: Plugin = await withProgress(`Loading ${module.name}`, loading);
  const call = plugin.function(functionName);
  const limited = timeoutMs === undefined ? call : call.with({ timeoutMs });
  const calling = withProgress(`Calling ${functionName}`, limited(...args));
  if (recordTo !== undefined) {
    await Promise.allSettled([calling]);
    await writeRecording(plugin, recordTo);
  }
  const result = await calling.catch(withGuestStack);
  if (request.writeTo.length > 0) {
    const snapshot = await plugin.files.snapshot();
    for (const folder of request.writeTo) await saveFolder(folder, snapshot);
  }
  await writeJson(valueToJson(result, description.result, schema));
  return 0;
}

function describedFunction(
  { name, schema }: ReadModule,
  functionName: string,
): { readonly schema: PluginSchema; readonly description: FunctionDescription } {
  if (schema === undefined) {
    throw usageFailure(
      `Plugin "${name}" does not describe itself: pass --schema, such as --schema 'fn ${functionName}(x: f64) -> f64'`,
    );
  }
  const description = schema.functions.find((each) => each.name === functionName);
  if (description !== undefined) return { schema, description };
  throw usageFailure(
    `Plugin "${name}" has no function "${functionName}"; it has\n${signatures(schema)}`,
  );
}

/** The failure of a command line that does not say what to call. */
export function missingFunction({ name, schema }: ReadModule): Failure {
  const which = schema === undefined ? "" : `:\n${signatures(schema)}`;
  return usageFailure(`Say which function of plugin "${name}" to call${which}`);
}

/** The signatures of all functions, a line each. */
function signatures({ functions }: PluginSchema): string {
  return functions.map((each) => `  ${printFunction(each)}`).join("\n");
}

async function readArguments(
  args: readonly string[],
  description: FunctionDescription,
  schema: PluginSchema,
): Promise<unknown[]> {
  const { params } = description;
  if (args.length !== params.length) {
    throw usageFailure(
      `${printFunction(description)} takes ${params.length} arguments, and got ${args.length}`,
    );
  }
  const values: unknown[] = [];
  for (const [index, { name, type }] of params.entries()) {
    const place = name === "_" ? `argument ${index + 1}` : `argument "${name}"`;
    const given = args[index] === "-" ? await text(process.stdin) : (args[index] ?? "");
    const json = parse(given, isText(type, schema), place);
    values.push(convert(json, type, schema, place));
  }
  return values;
}

function convert(json: unknown, type: TypeDescription, schema: PluginSchema, place: string) {
  try {
    return valueFromJson(json, type, schema, place);
  } catch (error) {
    throw usageFailure(messageOf(error));
  }
}

/** Whether its values are text, also behind names. */
function isText(type: TypeDescription, schema: PluginSchema): boolean {
  if (type.kind !== "named") return type.kind === "string" || type.kind === "char";
  const named = schema.types.find(({ name }) => name === type.name);
  return named !== undefined && isText(named.type, schema);
}

/** Reads JSON. In the place of text anything else is that text. */
function parse(given: string, isText: boolean, place: string): unknown {
  try {
    const value = JSON.parse(given) as unknown;
    return isText && typeof value !== "string" ? given : value;
  } catch (error) {
    if (isText) return given;
    throw usageFailure(`Cannot read ${place} as JSON: ${(error as Error).message}`);
  }
}

function withGuestStack(error: unknown): never {
  if (!(error instanceof PluginTrapError)) throw error;
  throw new Failure(messageOfTrap(error), undefined, error);
}
