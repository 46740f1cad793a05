/** An amount of bytes as text: `312 bytes`, `4.2 KB`, `1.5 MB`. */
export function byteText(bytes: number): string {
  if (bytes < 1000) return `${bytes} ${bytes === 1 ? "byte" : "bytes"}`;
  const [unit, size] = bytes < 999_500 ? ["KB", bytes / 1000] : ["MB", bytes / 1_000_000];
  return `${size.toFixed(size < 9.95 ? 1 : 0)} ${unit}`;
}
