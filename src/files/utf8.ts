import { Errno } from "./errno.ts";
import { WasiError } from "./wasi-error.ts";

const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** Up to this many bytes, decoding ASCII by hand is faster than a `TextDecoder`. */
const SHORT_BYTES = 48;

/**
 * Decodes the `length` bytes at `start`.
 *
 * @throws WasiError EILSEQ (not UTF-8), EINVAL (it contains a NUL)
 */
export function decodeUtf8(bytes: Uint8Array, start: number, length: number): string {
  if (length > SHORT_BYTES) return decodeAnyUtf8(bytes, start, length);
  let text = "";
  for (let at = start; at < start + length; at++) {
    const byte = bytes[at] ?? 0;
    if (byte === 0) throw new WasiError(Errno.EINVAL);
    if (byte > 0x7f) return decodeAnyUtf8(bytes, start, length);
    text += String.fromCharCode(byte);
  }
  return text;
}

function decodeAnyUtf8(bytes: Uint8Array, start: number, length: number): string {
  // A copy, because TextDecoder rejects views of shared memory.
  const copy = bytes.slice(start, start + length);
  if (copy.includes(0)) throw new WasiError(Errno.EINVAL);
  try {
    return decoder.decode(copy);
  } catch {
    throw new WasiError(Errno.EILSEQ);
  }
}

/** Encodes `text` into a new array. */
export function encodeUtf8(text: string): Uint8Array<ArrayBuffer> {
  return encoder.encode(text);
}

/** Returns the number of bytes of `text` in UTF-8; some number above `max` when it is more than `max`. */
export function utf8Length(text: string, max: number): number {
  if (text.length > max || text.length * 3 <= max) return text.length;
  return encoder.encode(text).length;
}
