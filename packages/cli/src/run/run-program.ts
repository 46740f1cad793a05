/** Runs a command with the streams of this process. */

import { type CommandOptions, PluginTrapError, runCommand } from "cloche";
import { EXIT_CODES, Failure, messageOfTrap } from "../failure.ts";
import { type Folder, saveFolder } from "../files/folder.ts";
import type { ReadModule } from "../module/read-module.ts";
import { ExactOutput } from "../terminal/exact-output.ts";
import { writeRecording } from "./write-recording.ts";

/** What the command gets. */
export interface ProgramRequest {
  readonly module: ReadModule;
  readonly options: CommandOptions;
  /** Without the program's name. */
  readonly args: readonly string[];
  readonly timeoutMs: number | undefined;
  /** The file that gets a recording. */
  readonly recordTo: string | undefined;
  /** The folders that get the files back. */
  readonly writeTo: readonly Folder[];
}

/** The largest exit code that a shell sees. */
const MAX_EXIT_CODE = 255;

/** @returns The exit code of the command. */
export async function runProgram({
  module,
  options,
  args,
  timeoutMs,
  recordTo,
  writeTo,
}: ProgramRequest): Promise<number> {
  const { stdin, stdout, stderr } = process;
  const outputs = { stdout: new ExactOutput(stdout), stderr: new ExactOutput(stderr) };
  try {
    const running = runCommand(module.bytes.slice(), {
      ...options,
      record: recordTo !== undefined,
      args: [module.name, ...args],
      stdin: stdin as AsyncIterable<Uint8Array>,
      stdout: outputs.stdout.write,
      stderr: outputs.stderr.write,
      terminal: { stdin: stdin.isTTY, stdout: stdout.isTTY, stderr: stderr.isTTY },
      ...(timeoutMs !== undefined && { timeoutMs }),
    });
    if (recordTo !== undefined) await writeRecording(running, recordTo);
    const result = await running;
    outputs.stdout.finish(result.stdoutBytes);
    outputs.stderr.finish(result.stderrBytes);
    for (const [name, isTruncated] of Object.entries(result.truncated)) {
      if (isTruncated) stderr.write(`cloche: ${name} was cut off (--limit outputBytes=…)\n`);
    }
    for (const folder of writeTo) await saveFolder(folder, result.files);
    return Math.min(result.exitCode, MAX_EXIT_CODE);
  } catch (error) {
    for (const output of Object.values(outputs)) output.finish(undefined);
    if (!(error instanceof PluginTrapError)) throw error;
    throw new Failure(messageOfTrap(error), EXIT_CODES.trapped, error);
  }
}
