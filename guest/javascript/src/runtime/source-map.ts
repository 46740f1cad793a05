import { SCRIPT_FILE } from "./file-names.ts";

/** Where the code of a plugin comes from, as a source map says it. */
export interface SourceMap {
  readonly sources: readonly string[];
  /** Empty if the script is the only source, from its second line on. */
  readonly mappings: string;
}

type Segment = readonly [column: number, source: number, line: number, sourceColumn: number];

const DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/** A place in the script of the plugin. */
const PLACE = new RegExp(`${SCRIPT_FILE}:(\\d+):(\\d+)`, "g");

/** Replaces the places of a stack by those of the sources, and leaves out the frames of the runtime. */
export function mapStack(stack: string, { sources, mappings }: SourceMap): string {
  const lines = decode(mappings);
  return stack
    .split("\n")
    .filter((frame) => frame.includes(SCRIPT_FILE))
    .map((frame) =>
      frame.replace(PLACE, (place, line: string, column: string) => {
        if (mappings === "") return `${sources[0]}:${Number(line) - 1}:${column}`;
        const segments = lines[Number(line) - 1] ?? [];
        const found = segments.findLast(([from]) => from < Number(column));
        return found === undefined ? place : `${sources[found[1]]}:${found[2] + 1}:${found[3] + 1}`;
      }),
    )
    .join("\n");
}

/** https://tc39.es/ecma426/: for each line its segments, in variable-length quantities of base 64. */
function decode(mappings: string): Segment[][] {
  let [source, line, sourceColumn] = [0, 0, 0];
  return mappings.split(";").map((text) => {
    let column = 0;
    return text
      .split(",")
      .filter((segment) => segment.length > 1)
      .map((segment) => {
        const numbers = quantities(segment);
        column += numbers[0] ?? 0;
        source += numbers[1] ?? 0;
        line += numbers[2] ?? 0;
        sourceColumn += numbers[3] ?? 0;
        return [column, source, line, sourceColumn] as const;
      });
  });
}

function quantities(segment: string): number[] {
  const numbers: number[] = [];
  let [value, shift] = [0, 0];
  for (const digit of segment) {
    const bits = DIGITS.indexOf(digit);
    value |= (bits & 31) << shift;
    shift += 5;
    if (bits >= 32) continue;
    numbers.push(value & 1 ? -(value >>> 1) : value >>> 1);
    [value, shift] = [0, 0];
  }
  return numbers;
}
