/** Bytes in JSON. */

/** Bytes that are converted at once: more would be too many arguments of a function. */
const PART_BYTES = 0x8000;

export function base64Of(bytes: Uint8Array): string {
  let text = "";
  for (let start = 0; start < bytes.length; start += PART_BYTES) {
    text += String.fromCharCode(...bytes.subarray(start, start + PART_BYTES));
  }
  return btoa(text);
}

/** `undefined` for what is no base64. Padding may be left out. */
export function base64Bytes(text: string): Uint8Array<ArrayBuffer> | undefined {
  // `atob` skips white space.
  if (/\s/.test(text)) return undefined;
  try {
    return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
  } catch {
    return undefined;
  }
}
