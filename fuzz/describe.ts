/** Describes values and outcomes as text, for comparison. */

/** A value as text: the same for values that a guest cannot distinguish, except NaNs. */
export function describe(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(describe).join(", ")}]`;
  if (Object.is(value, -0)) return "-0";
  if (typeof value === "bigint") return `${value}n`;
  if (typeof value === "string") return JSON.stringify(value);
  if (typeof value === "number" || value === undefined || value === null) return String(value);
  // Not a function's name: it is an index, which the rewriter may change.
  return `a value of type ${typeof value}`;
}

/** The outcome of a run. */
export type Outcome =
  | { readonly kind: "returned"; readonly text: string }
  | { readonly kind: "threw"; readonly text: string }
  /** The depth of a stack overflow depends on the code, and so does the state after it. */
  | { readonly kind: "overflow"; readonly text: string };

export function outcomeOf(run: () => unknown): Outcome {
  try {
    return { kind: "returned", text: describe(run()) };
  } catch (error) {
    const text = error instanceof Error ? `${error.name}: ${error.message}` : describe(error);
    return { kind: isStackOverflow(error) ? "overflow" : "threw", text: `threw ${text}` };
  }
}

/** Engines use different classes and messages. */
export function isStackOverflow(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const { name, message } = error;
  return name === "InternalError" || (name === "RangeError" && message.includes("call stack"));
}
