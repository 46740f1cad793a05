/** Tells values that cross the boundary apart, in words. */

/** A value as text: the same for what a guest could not tell apart, NaNs aside. */
export function describe(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(describe).join(", ")}]`;
  if (Object.is(value, -0)) return "-0";
  if (typeof value === "bigint") return `${value}n`;
  if (typeof value === "string") return JSON.stringify(value);
  if (typeof value === "number" || value === undefined || value === null) return String(value);
  // A function's name is its index, and what a rewriter adds may move those of other functions.
  return `a value of type ${typeof value}`;
}

/** What running something came to. */
export type Outcome =
  | { readonly kind: "returned"; readonly text: string }
  | { readonly kind: "threw"; readonly text: string }
  /** How deep a stack is before it overflows depends on the code, and so does what has been done by then. */
  | { readonly kind: "overflow"; readonly text: string };

export function outcomeOf(run: () => unknown): Outcome {
  try {
    return { kind: "returned", text: describe(run()) };
  } catch (error) {
    const text = error instanceof Error ? `${error.name}: ${error.message}` : describe(error);
    return { kind: isStackOverflow(error) ? "overflow" : "threw", text: `threw ${text}` };
  }
}

/** Engines agree neither on the class nor on the words. */
export function isStackOverflow(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const { name, message } = error;
  return name === "InternalError" || (name === "RangeError" && message.includes("call stack"));
}
