/** Bytes and text that a caller passes as contents: of files, archives and standard input. */

import { isBlob, isBufferSource, isSharedArrayBuffer, viewOf } from "../../brands.ts";
import { MAX_COPY_BYTES } from "../../files/file-node.ts";
import { invalid, invalidValue, unreadable } from "../../wording/invalid-value.ts";

/**
 * Contents of a file: text (stored as UTF-8), the bytes of an `ArrayBuffer` or of any view, also of
 * shared memory, or a `Blob`. Buffers are copied at once, a blob is read before anything is written.
 */
export type FileContents = string | AllowSharedBufferSource | Blob;

/** What contents must be, for messages. */
export const CONTENTS = "text, an ArrayBuffer, a view of one or a Blob";

/** Text and buffers as bytes, and blobs, which are still to be read. */
export type CopiedContents = Uint8Array<ArrayBuffer> | Blob;

/**
 * Copies contents: a view gives the bytes it covers, whatever its elements are.
 *
 * @returns A copy that the caller may not change any more, or `undefined` when `value` is no contents.
 * @throws {TypeError} when a buffer is detached, or too large to be copied or posted.
 */
export function copyContents(value: unknown, place: string): CopiedContents | undefined {
  return copyBytes(value, place) ?? (isBlob(value) ? value : undefined);
}

/** The same without blobs. */
export function copyBytes(value: unknown, place: string): Uint8Array<ArrayBuffer> | undefined {
  try {
    if (typeof value === "string") return new TextEncoder().encode(value);
    if (!isBufferSource(value) && !isSharedArrayBuffer(value)) return undefined;
    const view = viewOf(value as BufferSource);
    checkSize(view.length, place);
    // A copy of shared memory is not shared.
    return new Uint8Array(view);
  } catch (cause) {
    throw unreadable(place, cause);
  }
}

/** Reads contents to their end. Synchronously but for a blob. @throws {TypeError} when `value` is none */
export function readContents(
  value: unknown,
  place: string,
): Uint8Array<ArrayBuffer> | Promise<Uint8Array<ArrayBuffer>> {
  const contents = copyContents(value, place);
  if (contents === undefined) throw invalidValue(place, value, CONTENTS);
  return contents instanceof Uint8Array ? contents : readBlob(contents, place);
}

/** @throws {TypeError} when it is too large, or cannot be read, as a file that has changed on the disk */
export async function readBlob(source: Blob, place: string): Promise<Uint8Array<ArrayBuffer>> {
  try {
    // A blob of this realm: one of an iframe is never read to its end once the iframe is removed.
    const blob = new Blob([source]);
    checkSize(blob.size, place);
    return new Uint8Array(await blob.arrayBuffer());
  } catch (cause) {
    throw unreadable(place, cause);
  }
}

/** @throws {TypeError} when a browser cannot post so many bytes to a worker */
function checkSize(bytes: number, place: string): void {
  if (bytes <= MAX_COPY_BYTES) return;
  throw invalid(place, `${bytes} bytes are too large for a worker (at most ${MAX_COPY_BYTES})`);
}
