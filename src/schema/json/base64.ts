/** Bytes in JSON. */

export function base64Of(bytes: Uint8Array): string {
  return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
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
