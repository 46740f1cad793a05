/** Reports an error as an uncaught one: to the page's `error` event, or to the process. */
export function reportUncaught(error: unknown): void {
  if (typeof globalThis.reportError === "function") reportError(error);
  else {
    // What is thrown here reaches nobody else. Node has no `reportError`.
    queueMicrotask(() => {
      throw error;
    });
  }
}
