/** Whether a guest's standard streams are terminals to it. */

import type { Terminals } from "../../wasi/streams.ts";
import { checkFlag } from "./checks.ts";
import { type Check, readOptions } from "./read-options.ts";
import type { StdinSource } from "./stdin.ts";

/**
 * Which streams a guest takes for a terminal: programs then prompt, color and buffer by lines. By
 * default stdout and stderr are, and stdin if it is a function, which somebody may type into.
 */
export type TerminalOptions = Partial<Terminals>;

export const checkTerminal: Check<TerminalOptions> = (value, place) => {
  const checks = { stdin: checkFlag, stdout: checkFlag, stderr: checkFlag };
  const given = Object.entries(readOptions(value, checks, place));
  return Object.fromEntries(given.filter(([, isTerminal]) => isTerminal !== undefined));
};

/** What each stream is: what the option says, or the default. */
export function resolveTerminal(
  terminal: TerminalOptions | undefined,
  stdin: StdinSource | undefined,
): Terminals {
  return { stdin: typeof stdin === "function", stdout: true, stderr: true, ...terminal };
}
