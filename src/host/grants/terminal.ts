/** Whether a guest's standard streams are terminals to it. */

import type { Terminals } from "../../wasi/streams.ts";
import { describeValue } from "../../wording/describe-value.ts";
import type { StdinSource } from "./stdin.ts";

/**
 * Which streams a guest takes for a terminal: programs then prompt, color and buffer by lines. By
 * default stdout and stderr are, and stdin if it is a function, which somebody may type into.
 */
export type TerminalOptions = Partial<Terminals>;

/** @throws {TypeError} for anything but an object of booleans with the names of streams. */
export function resolveTerminal(
  terminal: TerminalOptions | undefined,
  stdin: StdinSource | undefined,
): Terminals {
  const defaults: Terminals = { stdin: typeof stdin === "function", stdout: true, stderr: true };
  if (terminal === undefined) return defaults;
  if (typeof terminal !== "object" || terminal === null) {
    throw invalid("options.terminal", terminal, "an object such as { stdin: true }");
  }
  for (const [name, value] of Object.entries(terminal)) {
    const place = `options.terminal.${name}`;
    if (!Object.hasOwn(defaults, name)) throw invalid(place, value, "one of stdin, stdout, stderr");
    if (value !== undefined && typeof value !== "boolean") throw invalid(place, value, "a boolean");
  }
  const { stdin: isIn = defaults.stdin, stdout = true, stderr = true } = terminal;
  return { stdin: isIn, stdout, stderr };
}

function invalid(place: string, value: unknown, allowed: string): TypeError {
  return new TypeError(`Invalid ${place}: ${describeValue(value)} (must be ${allowed})`);
}
