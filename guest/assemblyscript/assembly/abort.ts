import { printError } from "./streams";

// @ts-ignore: decorator
@lazy let isAborting = false;

/** Prints a message to standard error and traps. */
export function fail(message: string): void {
  // Aborting allocates: out of memory must not abort again.
  if (!isAborting) {
    isAborting = true;
    printError(message + "\n");
  }
  unreachable();
}

/** What the compiler calls for `throw`, `assert` and errors of the runtime. */
export function abortPlugin(
  message: string | null = null,
  fileName: string | null = null,
  line: u32 = 0,
  column: u32 = 0,
): void {
  let text = message === null ? "Aborted" : "Aborted: " + message;
  if (fileName !== null) {
    text += " at " + fileName + ":" + line.toString() + ":" + column.toString();
  }
  fail(text);
}
