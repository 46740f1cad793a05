/** A value of a plugin as text like JSON, also with what JSON lacks. `undefined` for no value. */
export function printValue(value: unknown): string | undefined {
  return JSON.stringify(value, (_, part: unknown) => {
    if (typeof part === "bigint") return String(part);
    if (typeof part === "number") return Number.isFinite(part) ? part : String(part);
    const isList = ArrayBuffer.isView(part) || part instanceof Map || part instanceof Set;
    return isList ? Array.from(part as unknown as Iterable<unknown>) : part;
  });
}
