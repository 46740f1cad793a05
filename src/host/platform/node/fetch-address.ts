/** Fetches a module by its address, which may be a path. */

import { open } from "node:fs/promises";
import { Readable } from "node:stream";
import { fileURLToPath } from "node:url";

/** Gets what is at a URL, or in a file, whose path is relative to the working directory. */
export function fetchAddress(address: string | URL, signal: AbortSignal): Promise<Response> {
  const path = pathOf(String(address));
  return path === undefined ? fetch(address, { signal }) : readFile(path, signal);
}

function pathOf(address: string): string | undefined {
  if (/^file:/i.test(address)) return fileURLToPath(address);
  // One letter is a drive.
  return /^[a-z][a-z0-9+.-]+:/i.test(address) ? undefined : address;
}

async function readFile(path: string, signal: AbortSignal): Promise<Response> {
  const file = await open(path);
  const stats = await file.stat();
  if (!stats.isFile() || signal.aborted) {
    await file.close();
    // A stream that is aborted from its start reports that to nobody, and so ends the process.
    signal.throwIfAborted();
    throw new Error("it is not a file");
  }
  const body = Readable.toWeb(file.createReadStream({ signal })) as ReadableStream<Uint8Array>;
  return new Response(body, { headers: { "content-length": String(stats.size) } });
}
