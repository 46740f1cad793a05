/** Bytes as hexadecimal digits. */

const PAIR = /[0-9a-f]{2}/gi;

export function hexOf(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** Reads pairs of digits, with white space between them; `undefined` for anything else. */
export function bytesOfHex(text: string): Uint8Array<ArrayBuffer> | undefined {
  const digits = text.replace(/\s+/g, "");
  const pairs = digits.match(PAIR) ?? [];
  if (pairs.length * 2 !== digits.length) return undefined;
  return Uint8Array.from(pairs, (pair) => Number.parseInt(pair, 16));
}
