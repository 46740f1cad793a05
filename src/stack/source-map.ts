/**
 * Reads the lines of the source from a source map of a module, whose bytes are the columns of one line.
 *
 * Source: https://tc39.es/ecma426/
 */

import type { SourceLocation } from "../errors.ts";
import { indexFrom } from "./positions.ts";

/** A guest may have written it, and it takes tens of times as much memory while it is read. */
const MAX_DATA_URL_CHARS = 4 * 1024 * 1024;

const DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/** The source map that a `data:` URL contains. No other is followed, since the guest has chosen it. */
export function sourceMapOfUrl(url: string): string | undefined {
  if (url.length > MAX_DATA_URL_CHARS) return undefined;
  const [, type = "", data] = /^data:([^,]*),(.*)$/s.exec(url) ?? [];
  if (data === undefined) return undefined;
  if (!type.endsWith(";base64")) return decodeURIComponent(data);
  const bytes = Uint8Array.from(atob(data), (char) => char.charCodeAt(0));
  return new TextDecoder().decode(bytes);
}

/**
 * Finds the lines of positions in a module.
 *
 * @param positions In ascending order, without duplicates.
 * @throws when the source map is malformed.
 */
export function readSourceMap(
  text: string,
  positions: readonly number[],
): ReadonlyMap<number, SourceLocation> {
  // Where the sources are served from, `sourceRoot`, is not a part of their names.
  const { mappings, sources } = JSON.parse(text) as Partial<Record<string, unknown>>;
  if (typeof mappings !== "string" || !Array.isArray(sources)) {
    throw new TypeError("Cannot read source map: it has no mappings or no sources");
  }
  const found = new Map<number, SourceLocation>();
  let [start, source, line, column] = [0, 0, 0, 0];
  let hasSource = false;
  const passTo = (end: number) => {
    const file: unknown = hasSource ? sources[source] : undefined;
    let index = typeof file === "string" ? indexFrom(positions, start) : positions.length;
    for (; (positions[index] ?? Infinity) < end; index += 1) {
      const location = { file: String(file), line: line + 1, column: column + 1 };
      found.set(positions[index] as number, location);
    }
    start = end;
  };
  for (const segment of (mappings.split(";", 1)[0] ?? "").split(",")) {
    const [step = 0, sourceStep, lineStep = 0, columnStep = 0] = numbersOf(segment);
    passTo(start + step);
    hasSource = sourceStep !== undefined;
    source += sourceStep ?? 0;
    line += lineStep;
    column += columnStep;
  }
  passTo(Infinity);
  return found;
}

/** The numbers of a segment, each five bits a digit, its sign last. */
function numbersOf(segment: string): number[] {
  const numbers: number[] = [];
  let [value, weight] = [0, 1];
  for (const char of segment) {
    const digit = DIGITS.indexOf(char);
    if (digit < 0) throw new TypeError("Cannot read source map: unknown digit in its mappings");
    value += (digit % 32) * weight;
    weight *= 32;
    if (digit >= 32) continue;
    numbers.push(value % 2 === 0 ? value / 2 : (1 - value) / 2);
    [value, weight] = [0, 1];
  }
  return numbers;
}
