/**
 * Whether an error is the engine's for a stack that is full. A guest chooses how much of it a call of
 * its gets, and so in the middle of what the call is cut off: nothing can be relied on after that.
 */
export function isStackOverflow(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  // What V8 and JavaScriptCore call it, and what SpiderMonkey does.
  return error.message.startsWith("Maximum call stack size") || error.name === "InternalError";
}
