/** Finds the lines of the source that a rewritten module's code is from. */

import type { SourceLocation } from "../errors.ts";
import type { DebugSections } from "./debug-sections.ts";
import { readLineTable } from "./line-table.ts";
import { readSourceMap, sourceMapOfUrl } from "./source-map.ts";

/** What is kept of a module to find lines of its source. */
export interface ModuleLines extends DebugSections {
  /**
   * Where the pieces of code are that were copied as they are: in pairs, the position in the rewritten
   * module and the one in the original, in order. The last pair is where the code ends.
   */
  readonly pieces: Uint32Array<ArrayBuffer>;
}

/** Finds the lines of positions in a module, where they are known. */
export type LocateSource = (positions: readonly number[]) => ReadonlyMap<number, SourceLocation>;

/** @param sourceMap The text of a source map that the page has. */
export function sourceLocator(lines: ModuleLines, sourceMap: string | undefined): LocateSource {
  return (positions) => {
    const originals = new Map(
      positions.map((position) => [position, originalPosition(lines.pieces, position)]),
    );
    const wanted = [...new Set(originals.values())].filter((position) => position !== undefined);
    const found = locate(
      lines,
      sourceMap,
      wanted.sort((first, second) => first - second),
    );
    const located = new Map<number, SourceLocation>();
    for (const [position, original] of originals) {
      const location = original === undefined ? undefined : found.get(original);
      if (location !== undefined && isLocation(location)) located.set(position, location);
    }
    return located;
  };
}

/** Whatever is malformed has no lines: nothing must hide the error that they are for. */
function locate(
  { codeStart, lineTable, lineStrings, sourceMapUrl }: DebugSections,
  sourceMap: string | undefined,
  positions: readonly number[],
): ReadonlyMap<number, SourceLocation> {
  try {
    if (sourceMap === undefined && lineTable.length > 0) {
      const addresses = positions.map((position) => position - codeStart);
      const found = readLineTable(lineTable, lineStrings, addresses);
      return new Map(Array.from(found, ([address, place]) => [address + codeStart, place]));
    }
    const text = sourceMap ?? sourceMapOfUrl(sourceMapUrl);
    return text === undefined ? new Map() : readSourceMap(text, positions);
  } catch {
    return new Map();
  }
}

/** Numbers that a guest has written may be anything. */
function isLocation({ line, column = 1 }: SourceLocation): boolean {
  return Number.isSafeInteger(line) && line > 0 && Number.isSafeInteger(column) && column > 0;
}

/**
 * The position in the original module of a position in the rewritten one: for what was inserted, where the
 * original goes on. `undefined` outside of its code.
 */
export function originalPosition(pieces: Uint32Array, position: number): number | undefined {
  let [low, high] = [0, pieces.length / 2];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((pieces[2 * middle] as number) <= position) low = middle + 1;
    else high = middle;
  }
  // The first piece behind the position.
  const [start, original] = [pieces[2 * low - 2], pieces[2 * low - 1]];
  const next = pieces[2 * low + 1];
  if (start === undefined || original === undefined || next === undefined) return undefined;
  return Math.min(original + position - start, next);
}
