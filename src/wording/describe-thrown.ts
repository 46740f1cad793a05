/** What was thrown, in words. A page's own code may throw anything, also what has no text. */
export function describeThrown(thrown: unknown): string {
  try {
    const told: unknown = thrown instanceof Error ? thrown.message : thrown;
    return String(told);
  } catch {
    return "something that cannot be told";
  }
}
