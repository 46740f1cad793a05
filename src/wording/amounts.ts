/** How amounts are shown in messages: exact, and no longer than they need to be. */

const BYTE_UNITS: readonly (readonly [name: string, bytes: number])[] = [
  ["GB", 2 ** 30],
  ["MB", 2 ** 20],
  ["KB", 2 ** 10],
];

/** A count with its thousands apart: `620,000`. */
export function showCount(count: number): string {
  const [whole = "", fraction] = String(count).split(".");
  const grouped = /^\d+$/.test(whole) ? whole.replace(/\B(?=(\d{3})+$)/g, ",") : whole;
  return fraction === undefined ? grouped : `${grouped}.${fraction}`;
}

/** A number of bytes, to one decimal: `128 MB` (of 1,024 × 1,024 bytes), `2.6 MB`, `1,000 bytes`. */
export function showBytes(bytes: number): string {
  const unit = BYTE_UNITS.find(([, size]) => bytes >= size);
  if (unit === undefined || !Number.isFinite(bytes)) return showExactBytes(bytes);
  const [name, size] = unit;
  return `${showCount(Math.round((bytes / size) * 10) / 10)} ${name}`;
}

/** Two numbers of bytes that differ, so that they differ in the text too. */
export function showBytesApart(bytes: number, others: number): readonly [string, string] {
  const [shown, shownOthers] = [showBytes(bytes), showBytes(others)];
  return shown === shownOthers
    ? [showExactBytes(bytes), showExactBytes(others)]
    : [shown, shownOthers];
}

/** A duration in milliseconds, in seconds where these are whole: `50 ms`, `10 s`. */
export function showDuration(ms: number): string {
  return ms >= 1000 && ms % 1000 === 0 ? `${showCount(ms / 1000)} s` : `${showCount(ms)} ms`;
}

/** A number of bytes in bytes: `1,000 bytes`. */
export function showExactBytes(bytes: number): string {
  return bytes === 1 ? "1 byte" : `${showCount(bytes)} bytes`;
}
