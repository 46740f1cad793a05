/** Commands, how their arguments are read, and their help. */

import { parseArgs } from "node:util";
import { usageFailure } from "./failure.ts";

/** An option of a command. */
export interface Option {
  readonly type: "string" | "boolean";
  readonly short?: string;
  /** Whether it may be repeated. */
  readonly multiple?: boolean;
  /** What a value of it stands for in the help, such as `<file>`. */
  readonly value?: string;
  readonly help: string;
}

export type Options = Readonly<Record<string, Option>>;

/** The values of options: those that were not given are absent. */
export type Values<Of extends Options> = {
  readonly [Name in keyof Of]?: Of[Name]["type"] extends "boolean"
    ? boolean
    : Of[Name] extends { readonly multiple: true }
      ? readonly string[]
      : string;
};

/** The arguments of a command. */
export interface Arguments<Of extends Options> {
  readonly options: Values<Of>;
  readonly positionals: readonly string[];
  /** Those behind `--`; `undefined` without one. */
  readonly rest: readonly string[] | undefined;
}

export interface Command {
  readonly usage: string;
  readonly summary: string;
  /** Paragraphs and examples below the options. */
  readonly details?: string;
  readonly options: Options;
  /** @returns The exit code. */
  readonly run: (args: readonly string[]) => Promise<number>;
}

/** Makes a command whose `run` gets its arguments read. */
export function defineCommand<const Of extends Options>(
  parts: Omit<Command, "run" | "options"> & {
    readonly options: Of;
    readonly run: (args: Arguments<Of>) => Promise<number>;
  },
): Command {
  return { ...parts, run: (args) => parts.run(readArguments(args, parts.options)) };
}

/** Hides what `parseArgs` would take for an option. */
const HIDDEN = "\0";

function readArguments<const Of extends Options>(
  args: readonly string[],
  options: Of,
): Arguments<Of> {
  const end = args.indexOf("--");
  const own = end === -1 ? args : args.slice(0, end);
  try {
    const { values, positionals } = parseArgs({
      // Numbers below 0 and "-" are arguments.
      args: own.map((arg) => (/^-(?:[\d.]|Infinity|$)/.test(arg) ? HIDDEN + arg : arg)),
      options: Object.fromEntries(
        Object.entries(options).map(([name, { type, short, multiple = false }]) => [
          name,
          { type, multiple, ...(short !== undefined && { short }) },
        ]),
      ),
      allowPositionals: true,
    });
    return {
      options: values as Values<Of>,
      positionals: positionals.map((each) => each.replace(HIDDEN, "")),
      rest: end === -1 ? undefined : args.slice(end + 1),
    };
  } catch (error) {
    // Only the first sentence: the rest is about arguments that start with a dash.
    throw usageFailure((error as Error).message.split(/\. |\n/)[0] ?? "");
  }
}

/** The only positional argument. @throws {Failure} when it is missing, or there are more. */
export function onlyPositional(positionals: readonly string[], what: string): string {
  const [first, second] = positionals;
  if (first === undefined) throw usageFailure(`Missing ${what}`);
  if (second !== undefined) throw usageFailure(`Unexpected argument "${second}"`);
  return first;
}

/** @throws {Failure} when there is a positional argument. */
export function noPositionals([first]: readonly string[]): void {
  if (first !== undefined) throw usageFailure(`Unexpected argument "${first}"`);
}

/** The help of one command. */
export function printHelp({ usage, summary, details, options }: Command): string {
  const rows = [
    ...Object.entries(options).map(([name, { short, value, help }]) => {
      const shown = value === undefined ? `--${name}` : `--${name} ${value}`;
      return [short === undefined ? `    ${shown}` : `-${short}, ${shown}`, help] as const;
    }),
    ["-h, --help", "show this help"] as const,
  ];
  const parts = [`${summary}\n\nUsage: cloche ${usage}`, `Options:\n${table(rows)}`];
  return `${[...parts, ...(details === undefined ? [] : [details.trim()])].join("\n\n")}\n`;
}

/** Rows of two columns, indented. */
export function table(rows: readonly (readonly [string, string])[]): string {
  const width = Math.max(...rows.map(([left]) => left.length));
  return rows.map(([left, right]) => `  ${left.padEnd(width)}  ${right}`.trimEnd()).join("\n");
}
