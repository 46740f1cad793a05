/**
 * Whether an error is the JavaScript engine's stack overflow. A guest decides how much stack is left
 * for a system call, so the overflow can happen anywhere in it and leave its work half done.
 */
export function isStackOverflow(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  // The first is the message in V8 and JavaScriptCore, the second the name in SpiderMonkey.
  return error.message.startsWith("Maximum call stack size") || error.name === "InternalError";
}
