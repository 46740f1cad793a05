/** Bytes that are too long to stand in JSON: files and pictures, by the name that the JSON has. */

/** What is kept of earlier calls; each may hold megabytes. */
const KEPT = 12;

const kept = new Map<string, Uint8Array<ArrayBuffer>>();

/** Keeps bytes under a name, or one like it where that is taken. Returns the name. */
export function attach(name: string, bytes: Uint8Array<ArrayBuffer>): string {
  let free = name;
  for (let number = 2; kept.has(free); number += 1) free = `${name} (${number})`;
  kept.set(free, bytes);
  for (const oldest of kept.keys()) {
    if (kept.size <= KEPT) break;
    kept.delete(oldest);
  }
  return free;
}

export function attachment(name: string): Uint8Array<ArrayBuffer> | undefined {
  return kept.get(name);
}
