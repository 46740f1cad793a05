const DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/** Decodes base64 without padding. The worker has no `atob` any more, and not every engine has `fromBase64`. */
export function decodeBase64(text: string): Uint8Array<ArrayBuffer> {
  const { fromBase64 } = Uint8Array as { fromBase64?: (text: string) => Uint8Array<ArrayBuffer> };
  if (fromBase64 !== undefined) return fromBase64.call(Uint8Array, text);
  const bytes = new Uint8Array(Math.floor((text.length * 3) / 4));
  let bits = 0;
  let known = 0;
  let length = 0;
  for (const digit of text) {
    bits = (bits << 6) | DIGITS.indexOf(digit);
    known += 6;
    if (known < 8) continue;
    known -= 8;
    bytes[length++] = bits >> known;
  }
  return bytes;
}
