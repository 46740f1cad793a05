/** The program `cloche`. */

import { readFileSync } from "node:fs";
import { CodecError, PluginError, PluginTimeoutError } from "cloche";
import { type Command, printHelp, table } from "./command-line.ts";
import { buildCommand } from "./commands/build.ts";
import { devCommand } from "./commands/dev.ts";
import { doctorCommand } from "./commands/doctor.ts";
import { inspectCommand } from "./commands/inspect.ts";
import { newCommand } from "./commands/new.ts";
import { replayCommand } from "./commands/replay.ts";
import { runModule } from "./commands/run.ts";
import { typesCommand } from "./commands/types.ts";
import { EXIT_CODES, Failure, messageOf } from "./failure.ts";
import { writeOut } from "./terminal/output.ts";
import { printable } from "./terminal/printable.ts";

const COMMANDS: ReadonlyMap<string, Command> = new Map([
  ["new", newCommand],
  ["build", buildCommand],
  ["dev", devCommand],
  ["inspect", inspectCommand],
  ["types", typesCommand],
  ["run", runModule],
  ["doctor", doctorCommand],
  ["replay", replayCommand],
]);

/** Runs the program and exits. Output that nobody reads any more ends it without an error. */
export async function main(args: readonly string[]): Promise<never> {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on("error", (error: NodeJS.ErrnoException) => {
      if (error.code === "EPIPE") process.exit(EXIT_CODES.done);
      throw error;
    });
  }
  const exitCode = await run(args).catch(report);
  await Promise.all([process.stdout, process.stderr].map(flushed));
  // Input that is still open would keep the process.
  process.exit(exitCode);
}

async function run([name, ...args]: readonly string[]): Promise<number> {
  if (name === undefined || name === "help" || isHelp(name)) {
    const wanted = COMMANDS.get(args[0] ?? "");
    await writeOut(wanted === undefined ? overview() : printHelp(wanted));
    return name === undefined ? EXIT_CODES.usage : EXIT_CODES.done;
  }
  if (name === "--version" || name === "-v") {
    await writeOut(`${version()}\n`);
    return EXIT_CODES.done;
  }
  const command = COMMANDS.get(name);
  if (command === undefined) {
    const names = [...COMMANDS.keys()].join(", ");
    throw new Failure(`Unknown command "${name}" (must be one of ${names})`, EXIT_CODES.usage);
  }
  const end = args.indexOf("--");
  if (args.slice(0, end === -1 ? undefined : end).some(isHelp)) {
    await writeOut(printHelp(command));
    return EXIT_CODES.done;
  }
  try {
    return await command.run(args);
  } catch (error) {
    if (!(error instanceof Failure) || error.exitCode !== EXIT_CODES.usage) throw error;
    throw new Failure(`${error.message}\nSee cloche ${name} --help`, EXIT_CODES.usage, error);
  }
}

function isHelp(arg: string): boolean {
  return arg === "--help" || arg === "-h";
}

function overview(): string {
  const rows = [...COMMANDS].map(([name, { summary }]) => [name, summary] as const);
  return `Wasm plugins under glass\n\nUsage: cloche <command> [options]\n\nCommands:\n${table(rows)}\n\ncloche <command> --help tells more of one.\n`;
}

/** Prints what went wrong. A mistake of the program itself comes with its stack. */
function report(error: unknown): number {
  const isExpected = error instanceof Failure || isOfCloche(error) || !(error instanceof Error);
  process.stderr.write(printable(`cloche: ${isExpected ? messageOf(error) : error.stack}\n`));
  if (error instanceof Failure) return error.exitCode;
  return error instanceof PluginTimeoutError ? EXIT_CODES.timeout : EXIT_CODES.failed;
}

/** Whether it is an error of the library, whose message is for its caller: options may be invalid. */
function isOfCloche(error: unknown): boolean {
  if (error instanceof PluginError || error instanceof CodecError) return true;
  return error instanceof TypeError && error.message.startsWith("Invalid ");
}

function version(): string {
  const path = new URL("../package.json", import.meta.url);
  return (JSON.parse(readFileSync(path, "utf8")) as { version: string }).version;
}

function flushed(stream: NodeJS.WriteStream): Promise<void> {
  return new Promise((done) => stream.write("", () => done()));
}
