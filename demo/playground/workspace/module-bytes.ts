/** The bytes of a module that is about to be opened. */

import type { Program } from "./program.ts";

/**
 * Fetches a module, or takes its bytes.
 *
 * @returns `undefined` when it cannot be had; the library says why.
 */
export async function moduleBytesOf({
  source,
}: Program): Promise<Uint8Array<ArrayBuffer> | undefined> {
  if (source instanceof Uint8Array) return source;
  try {
    const response = await fetch(source);
    return response.ok ? new Uint8Array(await response.arrayBuffer()) : undefined;
  } catch {
    return undefined;
  }
}
