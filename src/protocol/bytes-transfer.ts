/** Decides whether bytes are moved or copied to the other thread. */

/**
 * From this size on bytes are moved. Below it a structured clone is faster: handing over an
 * `ArrayBuffer` costs a few microseconds whatever its size (`npm run bench`).
 */
const TRANSFER_FROM_BYTES = 16 * 1024;

/** Bytes in the form they are posted in, and what goes with them. */
export interface PostedBytes {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly transfer: Transferable[];
}

/**
 * Prepares bytes for `postMessage`. The caller gives the bytes up: large ones arrive detached.
 *
 * Cloning a view clones the whole buffer under it, so a small part of a large buffer is cut out first.
 */
export function postedBytes(bytes: Uint8Array): PostedBytes {
  const whole =
    bytes.buffer instanceof ArrayBuffer ? (bytes as Uint8Array<ArrayBuffer>) : undefined;
  if (whole === undefined || bytes.length * 2 < bytes.buffer.byteLength) {
    return { bytes: bytes.slice(), transfer: [] };
  }
  return { bytes: whole, transfer: bytes.length >= TRANSFER_FROM_BYTES ? [whole.buffer] : [] };
}
