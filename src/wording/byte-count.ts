const MIB = 1024 * 1024;

/** A number of bytes, exactly: `128 MB` (of 1,024 × 1,024 bytes), `64 KB` or `1000 bytes`. */
export function shownBytes(count: number): string {
  if (count > 0 && count % MIB === 0) return `${count / MIB} MB`;
  if (count > 0 && count % 1024 === 0) return `${count / 1024} KB`;
  return count === 1 ? "1 byte" : `${count} bytes`;
}
