/** What the examples of the documentation assert with, on the page. */

/** @throws when two values differ, in a list, a map or an object too */
export function equals(actual: unknown, expected: unknown, place: string): void {
  if (shown(actual) !== shown(expected)) {
    throw new Error(`${place}: the value is ${shown(actual)}, the comment says ${shown(expected)}`);
  }
}

/** @throws when `run` does not throw an error whose name, or name and message, is `expected` */
export async function throws(
  run: () => Promise<void>,
  expected: string,
  place: string,
): Promise<void> {
  let found = "nothing";
  try {
    await run();
  } catch (error) {
    found = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
    if (found === expected || found.split(":")[0] === expected) return;
  }
  throw new Error(`${place}: threw ${found}, the comment says ${expected}`);
}

function shown(value: unknown): string {
  return JSON.stringify(value, (_, part: unknown) => {
    if (part === undefined || typeof part === "bigint" || typeof part === "number") {
      return Object.is(part, -0) ? "-0" : `${typeof part} ${String(part)}`;
    }
    if (part instanceof Map || part instanceof Set) return [part.constructor.name, ...part];
    if (ArrayBuffer.isView(part)) return [part.constructor.name, ...(part as Uint8Array)];
    return part;
  });
}
