/**
 * Writes a string as UTF-8 at `target`, which has room for `String.UTF8.byteLength(text)` bytes. A lone
 * surrogate becomes U+FFFD, which has as many bytes.
 */
export function encodeUtf8(text: string, target: usize): void {
  String.UTF8.encodeUnsafe(
    changetype<usize>(text),
    text.length,
    target,
    false,
    String.UTF8.ErrorMode.REPLACE,
  );
}

/** Whether bytes are well-formed UTF-8: no overlong forms, no surrogates, nothing above U+10FFFF. */
export function isUtf8(start: usize, length: usize): bool {
  const end = start + length;
  while (start < end) {
    const first = <u32>load<u8>(start++);
    if (first < 0x80) continue;
    let rest: usize;
    let least: u32;
    let code: u32;
    if (first >= 0xc2 && first < 0xe0) {
      rest = 1;
      least = 0x80;
      code = first & 0x1f;
    } else if (first >= 0xe0 && first < 0xf0) {
      rest = 2;
      least = 0x800;
      code = first & 0x0f;
    } else if (first >= 0xf0 && first < 0xf5) {
      rest = 3;
      least = 0x10000;
      code = first & 0x07;
    } else {
      return false;
    }
    if (end - start < rest) return false;
    for (const last = start + rest; start < last; ++start) {
      const byte = <u32>load<u8>(start);
      if ((byte & 0xc0) != 0x80) return false;
      code = (code << 6) | (byte & 0x3f);
    }
    if (code < least || code > 0x10ffff || (code & 0xfffff800) == 0xd800) return false;
  }
  return true;
}
