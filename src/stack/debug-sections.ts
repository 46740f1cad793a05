/** The parts of a module that say which line of the source its code is from. */

import { BinaryReader } from "../abi/binary-reader.ts";
import { SECTION, type Section } from "../abi/module-layout.ts";

/** 8 MiB of each: the page reads all of it after a trap, in a third of a second. Ruby, 50 MB, has 5.6. */
const MAX_DEBUG_BYTES = 8 * 1024 * 1024;

export interface DebugSections {
  /** Where the contents of the code section begin, from which lines are counted. */
  readonly codeStart: number;
  /** DWARF's `.debug_line`, and the strings it refers to; empty if there is none. */
  readonly lineTable: Uint8Array<ArrayBuffer>;
  readonly lineStrings: Uint8Array<ArrayBuffer>;
  /** The address of a source map, or an empty text. */
  readonly sourceMapUrl: string;
}

/** Copies these parts; `undefined` if there are none. */
export function findDebugSections(
  bytes: Uint8Array,
  sections: readonly Section[],
): DebugSections | undefined {
  const custom = new Map<string, Section>();
  for (const section of sections) {
    if (section.id !== SECTION.custom) continue;
    const reader = new BinaryReader(bytes, section.start, section.end);
    const name = reader.name();
    if (!custom.has(name)) custom.set(name, { ...section, start: reader.position });
  }
  const read = (name: string): BinaryReader => {
    const { start = 0, end = 0 } = custom.get(name) ?? {};
    return new BinaryReader(bytes, start, end - start > MAX_DEBUG_BYTES ? start : end);
  };
  const copy = ({ position, end }: BinaryReader) => bytes.slice(position, end);
  const lineTable = copy(read(".debug_line"));
  const mapUrl = read("sourceMappingURL");
  const sourceMapUrl = mapUrl.done ? "" : mapUrl.name();
  if (lineTable.length === 0 && sourceMapUrl === "") return undefined;
  const codeStart = sections.find(({ id }) => id === SECTION.code)?.start ?? 0;
  return { codeStart, lineTable, lineStrings: copy(read(".debug_line_str")), sourceMapUrl };
}
