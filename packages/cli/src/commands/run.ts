import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import type { LoadOptions } from "cloche";
import { defineCommand, type Values } from "../command-line.ts";
import { Failure, messageOf, usageFailure } from "../failure.ts";
import { type Folder, openFolder, treeOf } from "../files/folder.ts";
import { moduleRole } from "../module/module-role.ts";
import { optionsOf, readLayout, readModule } from "../module/read-module.ts";
import { amountOf, LIMIT_OPTION, limitsOf, pairOf } from "../option-values.ts";
import { missingFunction, runFunction } from "../run/run-function.ts";
import { runProgram } from "../run/run-program.ts";

const OPTIONS = {
  dir: {
    type: "string",
    multiple: true,
    short: "d",
    value: "<folder>[::</directory>]",
    help: "copy a folder's files into / or a directory",
  },
  write: { type: "boolean", short: "w", help: "write the files back into the folders afterwards" },
  host: { type: "string", value: "<module.js>", help: "lend the functions that it exports" },
  env: {
    type: "string",
    multiple: true,
    short: "e",
    value: "<name>=<value>",
    help: "set a variable",
  },
  timeout: {
    type: "string",
    short: "t",
    value: "<ms>",
    help: "of the call or run (default: 30000)",
  },
  record: {
    type: "string",
    short: "r",
    value: "<file.json>",
    help: "record the call or run, for cloche replay; clock and randomness are made up then",
  },
  limit: LIMIT_OPTION,
  schema: {
    type: "string",
    value: "<text or file>",
    help: "of a plugin that does not describe itself",
  },
} as const;

export const runModule = defineCommand({
  usage:
    "run <module.wasm> <function> [argument…] [options]\n       cloche run <tool.wasm> [options] [-- argument…]",
  summary: "call a function with JSON, or run a command",
  details: `
Each argument is JSON, and the result is printed as JSON. "-" stands for JSON from
stdin, and text may stand without quotes. What the plugin prints goes to stderr.

A command gets stdin, stdout and stderr, and its exit code is that of cloche.
Otherwise the exit code is 1 after a failure, 2 for a wrong command line, 124 after a
timeout, and 134 when a command trapped.

Examples:
  cloche run double.wasm double '[1, 2, 3]'
  cloche run old.wasm double '[1]' --schema 'fn double(x: vec<f64>) -> vec<f64>'
  cloche run tool.wasm --dir . -- show /poem.txt`,
  options: OPTIONS,
  run: async ({ options, positionals, rest }) => {
    const [path, functionName, ...args] = positionals;
    if (path === undefined) throw usageFailure("Missing the module");
    const { dir = [], write = false, schema } = options;
    if (write && dir.length === 0) throw usageFailure("--write needs --dir");
    const limits = limitsOf(options.limit);
    const folders = await Promise.all(dir.map((each) => openFolder(each, limits)));
    const module = readModule(path, schema);
    const common = { ...grantsOf(options, folders), ...optionsOf(module), limits };
    const timeoutMs = amountOf("timeout", options.timeout);
    const writeTo = write ? folders : [];
    const request = { module, options: common, timeoutMs, recordTo: options.record, writeTo };
    const isCommand = moduleRole(readLayout(module.name, module.bytes).exports) === "command";
    if (isCommand && functionName !== undefined) {
      throw usageFailure(`"${path}" is a command: write -- before its arguments`);
    }
    if (!isCommand && functionName === undefined) throw missingFunction(module);
    if (functionName === undefined) {
      if (options.host !== undefined) throw usageFailure("A command takes no --host");
      return runProgram({ ...request, args: rest ?? [] });
    }
    if (rest !== undefined) throw usageFailure("Only a command takes arguments behind --");
    const hostFunctions = await hostFunctionsOf(options.host);
    return runFunction({ ...request, functionName, args, hostFunctions });
  },
});

/** What both kinds of modules get. */
function grantsOf(
  { env = [] }: Values<typeof OPTIONS>,
  folders: readonly Folder[],
): Pick<LoadOptions, "files" | "env"> {
  return {
    files: treeOf(folders),
    env: Object.fromEntries(env.map((each) => pairOf("env", each))),
  };
}

/** The functions that a module exports, by name or as one default object. */
async function hostFunctionsOf(path: string | undefined): Promise<Record<string, never>> {
  if (path === undefined) return {};
  try {
    const { default: all, ...named } = (await import(pathToFileURL(resolve(path)).href)) as {
      readonly default?: unknown;
    };
    return { ...named, ...(typeof all === "object" && all) };
  } catch (error) {
    throw new Failure(`Cannot load host functions from "${path}": ${messageOf(error)}`);
  }
}
