/** Writing to standard output at the pace of its reader. */

/** Writes, and waits until the reader has taken it. */
export function writeOut(data: string | Uint8Array): Promise<void> {
  return new Promise((done) => process.stdout.write(data, () => done()));
}

/** Writes JSON: on lines for a reader at a terminal, on one line for a program. */
export function writeJson(value: unknown): Promise<void> {
  const indent = process.stdout.isTTY ? 2 : undefined;
  return writeOut(`${JSON.stringify(value, undefined, indent)}\n`);
}
