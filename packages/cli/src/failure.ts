/** How a command ends without success. */

import type { PluginTrapError } from "cloche";

/** What the process exits with. Documented in README.md. */
export const EXIT_CODES = {
  done: 0,
  /** The plugin, the build or the check failed. */
  failed: 1,
  /** The command line is wrong. */
  usage: 2,
  /** A toolchain or a package is not installed. */
  missing: 3,
  timeout: 124,
  /** A command trapped: as a shell tells it of a program that was aborted. */
  trapped: 134,
} as const;

/** A failure that its message explains in full: it is printed without a stack. */
export class Failure extends Error {
  readonly exitCode: number;

  constructor(message: string, exitCode: number = EXIT_CODES.failed, cause?: unknown) {
    super(message, { cause });
    this.exitCode = exitCode;
  }
}

/** A failure of the command line. */
export function usageFailure(message: string): Failure {
  return new Failure(message, EXIT_CODES.usage);
}

/** The message of whatever was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** What was thrown by a guest that trapped, with the frames that it came from. */
export function messageOfTrap({ message, guestStack }: PluginTrapError): string {
  const frames = guestStack === "" ? [] : guestStack.split("\n");
  return [message, ...frames.map((frame) => `  ${frame}`)].join("\n");
}
