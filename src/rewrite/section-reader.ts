/** Reads the sections of a module that a rewriter changes, and extends their vectors. */

import { BinaryReader } from "../abi/binary-reader.ts";
import { SECTION, type Section } from "../abi/module-layout.ts";
import { readSizeLimits, type SizeLimits } from "../abi/size-limits.ts";
import { readValueType } from "../abi/value-types.ts";
import { BinaryWriter } from "./binary-writer.ts";
import type { CodeRewriter } from "./code-rewriter.ts";

/** A table, with the bytes before and after its size: its type, and its initial value. */
export interface WrittenTable {
  readonly type: string;
  readonly head: Uint8Array;
  readonly size: SizeLimits;
  readonly tail: Uint8Array;
}

/** Begins a table that has an initial value. */
const WITH_INITIALIZER = 0x40;

export class SectionReader {
  readonly bytes: Uint8Array;
  /** All sections, in the order of the module. */
  readonly all: readonly Section[];
  readonly #code: CodeRewriter;
  readonly #sections: ReadonlyMap<number, Section>;

  /** @param bytes Of the whole module. @param code Reads its code. */
  constructor(bytes: Uint8Array, sections: readonly Section[], code: CodeRewriter) {
    this.#code = code;
    this.bytes = bytes;
    this.all = sections;
    this.#sections = new Map(sections.map((section) => [section.id, section]));
  }

  /** The bytes of a section; none where the module lacks it. */
  content(id: number): Uint8Array {
    const section = this.#sections.get(id);
    return section ? this.bytes.subarray(section.start, section.end) : new Uint8Array();
  }

  /** Reads the items of a section's vector, at their positions in the module. */
  items<T>(id: number, read: (reader: BinaryReader) => T): T[] {
    const section = this.#sections.get(id);
    if (section === undefined) return [];
    const reader = new BinaryReader(this.bytes, section.start, section.end);
    return reader.repeat(() => read(reader));
  }

  /** Where the items of a section's vector are, and how many. */
  vector(id: number): { readonly count: number; readonly start: number; readonly end: number } {
    const section = this.#sections.get(id);
    if (section === undefined) return { count: 0, start: 0, end: 0 };
    const reader = new BinaryReader(this.bytes, section.start, section.end);
    const count = reader.count();
    return { count, start: reader.position, end: section.end };
  }

  /** The number of items in a section's vector. */
  count(id: number): number {
    const content = this.content(id);
    return content.length === 0 ? 0 : new BinaryReader(content).u32();
  }

  tables(): WrittenTable[] {
    return this.items(SECTION.table, (reader) => {
      const start = reader.position;
      const hasInitializer = reader.byte() === WITH_INITIALIZER;
      if (hasInitializer) reader.skip(1);
      else reader.position = start;
      const type = readValueType(reader);
      const head = this.bytes.subarray(start, reader.position);
      const size = readSizeLimits(reader);
      const tailStart = reader.position;
      if (hasInitializer) {
        reader.position = this.#code.passExpression(reader.position, reader.end);
      }
      return { type, head, size, tail: this.bytes.subarray(tailStart, reader.position) };
    });
  }

  /** A section's content, with more items at the end of its vector. */
  extended(id: number, items: readonly (readonly number[])[]): Uint8Array {
    if (items.length === 0) return this.content(id);
    const content = new BinaryReader(this.content(id));
    const count = content.done ? 0 : content.u32();
    const writer = new BinaryWriter(content.end + 1024);
    writer.bytes(content.bytes.subarray(content.position));
    for (const item of items) writer.bytes(item);
    return vectorOf(count + items.length, writer.written);
  }
}

/** A section's content: a vector of `count` encoded items. Empty where there are none. */
export function vectorOf(count: number, items: Uint8Array): Uint8Array {
  if (count === 0) return new Uint8Array();
  const writer = new BinaryWriter(items.length + 5);
  writer.u32(count);
  writer.bytes(items);
  return writer.written;
}

export function writeSizeLimits(writer: BinaryWriter, size: SizeLimits): void {
  const { minimum, maximum, isShared, is64 } = size;
  writer.byte((maximum === undefined ? 0 : 1) | (isShared ? 2 : 0) | (is64 ? 4 : 0));
  writer.u32(minimum);
  if (maximum !== undefined) writer.u32(maximum);
}
