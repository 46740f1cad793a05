import { printError } from "./streams";

/** `ASC_RUNTIME` of the runtime that has a stack of references. */
// @ts-ignore: decorator
@lazy const INCREMENTAL: i32 = 2;
/** Bytes of the stack of references that printing a message needs, with much to spare. */
// @ts-ignore: decorator
@lazy const STACK_TO_PRINT: isize = 1024;

// @ts-ignore: decorator
@lazy let isAborting = false;

/** Prints a message to standard error and traps. */
export function fail(message: string): void {
  startAborting();
  printError(message + "\n");
  unreachable();
}

/**
 * What the compiler calls for `throw`, `assert` and errors of the runtime. After a stack overflow there
 * is no room for references, and those it was given are overwritten: it has none until there is room.
 */
export function abortPlugin(
  message: string | null = null,
  fileName: string | null = null,
  line: u32 = 0,
  column: u32 = 0,
): void {
  startAborting();
  if (ASC_RUNTIME == INCREMENTAL) {
    const left = <isize>(__stack_pointer - __data_end);
    if (left < STACK_TO_PRINT) __stack_pointer = __heap_base;
    if (left < 0) {
      printError("Aborted: stack overflow\n");
      unreachable();
    }
  }
  printAbort(changetype<usize>(message), changetype<usize>(fileName), line, column);
  unreachable();
}

/** Traps at once if printing a message failed, as it does without memory. */
function startAborting(): void {
  if (isAborting) unreachable();
  isAborting = true;
}

function printAbort(messageAddress: usize, fileNameAddress: usize, line: u32, column: u32): void {
  const message = changetype<string | null>(messageAddress);
  const fileName = changetype<string | null>(fileNameAddress);
  let text = "Aborted";
  if (message !== null) text += ": " + message;
  if (fileName !== null) {
    text += " at " + fileName + ":" + line.toString() + ":" + column.toString();
  }
  printError(text + "\n");
}
