/** Puts a rewritten module together: the sections of the original, with what changed in them. */

import { BinaryReader } from "../abi/binary-reader.ts";
import { MAGIC_AND_VERSION_BYTES, SECTION, type Section } from "../abi/module-layout.ts";
import type { SizeLimits } from "../abi/size-limits.ts";
import { BinaryWriter } from "./binary-writer.ts";
import type { ModuleBuilder } from "./module-builder.ts";
import type { ModuleHooks } from "./module-hooks.ts";
import {
  type SectionReader,
  vectorOf,
  type WrittenTable,
  writeSizeLimits,
} from "./section-reader.ts";

/** How a rewritten module differs from the original. */
export interface ModuleChanges {
  /** What is added. */
  readonly builder: ModuleBuilder;
  readonly hooks: ModuleHooks;
  /** Its own tables and memories, bounded. */
  readonly tables: readonly WrittenTable[];
  readonly memories: readonly SizeLimits[];
  /** The content of the code section, in parts. */
  readonly code: readonly Uint8Array[];
}

/** The sections in their required order, without custom ones. */
const SECTION_ORDER = [
  SECTION.type,
  SECTION.import,
  SECTION.function,
  SECTION.table,
  SECTION.memory,
  SECTION.tag,
  SECTION.global,
  SECTION.export,
  SECTION.element,
  SECTION.dataCount,
  SECTION.code,
  SECTION.data,
] as const;

/** Custom sections that refer to positions in the code, which change. */
const SECTIONS_ABOUT_CODE = /^(metadata\.code\.|\.debug_|reloc\.|linking$|sourceMappingURL$)/;

/** Returns the binary of the rewritten module. */
export function assembleModule(
  sections: SectionReader,
  changes: ModuleChanges,
): Uint8Array<ArrayBuffer> {
  const { bytes } = sections;
  const { builder, code } = changes;
  const contents = new Map<number, readonly Uint8Array[]>([
    [SECTION.type, [sections.extended(SECTION.type, builder.types)]],
    [SECTION.import, [imports(sections, changes)]],
    [SECTION.function, [functionTypes(sections, changes)]],
    [SECTION.table, [tableSection(changes)]],
    [SECTION.memory, [memorySection(changes)]],
    [SECTION.global, [sections.extended(SECTION.global, builder.globals)]],
    [SECTION.export, [exports(sections, changes)]],
    [SECTION.code, code],
  ]);
  const parts = [bytes.subarray(0, MAGIC_AND_VERSION_BYTES)];
  for (const id of SECTION_ORDER) {
    const content = contents.get(id) ?? [sections.content(id)];
    const length = lengthOf(content);
    if (length === 0) continue;
    const head = new BinaryWriter(6);
    head.byte(id);
    head.u32(length);
    parts.push(head.written, ...content);
  }
  for (const section of sections.all) {
    if (isKept(section, bytes)) parts.push(bytes.subarray(section.headStart, section.end));
  }
  return joined(parts);
}

/** Joins parts, which may be megabytes: each byte is copied once. */
function joined(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(lengthOf(parts));
  let length = 0;
  for (const part of parts) {
    whole.set(part, length);
    length += part.length;
  }
  return whole;
}

function lengthOf(parts: readonly Uint8Array[]): number {
  return parts.reduce((sum, part) => sum + part.length, 0);
}

function functionTypes(sections: SectionReader, { builder }: ModuleChanges): Uint8Array {
  const writers = builder.functions.map(({ type }) => {
    const writer = new BinaryWriter(5);
    writer.u32(type);
    return [...writer.written];
  });
  return sections.extended(SECTION.function, writers);
}

function imports(sections: SectionReader, { hooks }: ModuleChanges): Uint8Array {
  const entry = (name: string, size: SizeLimits) => {
    const writer = new BinaryWriter();
    writer.name(hooks.importModule);
    writer.name(name);
    writer.byte(2);
    writeSizeLimits(writer, size);
    return [...writer.written];
  };
  const own = Object.entries(hooks.memories).map(([name, size]) => entry(name, size));
  const flag = { minimum: 1, maximum: 1, isShared: true, is64: false };
  const flags = hooks.flagMemory === undefined ? [] : [entry(hooks.flagMemory, flag)];
  return sections.extended(SECTION.import, [...own, ...flags]);
}

function tableSection({ builder, tables }: ModuleChanges): Uint8Array {
  const writer = new BinaryWriter();
  for (const { head, size, tail } of tables) {
    writer.bytes(head);
    writeSizeLimits(writer, size);
    writer.bytes(tail);
  }
  for (const table of builder.tables) writer.bytes(table);
  return vectorOf(tables.length + builder.tables.length, writer.written);
}

function memorySection({ hooks, memories }: ModuleChanges): Uint8Array {
  if (hooks.flagMemory !== undefined) return new Uint8Array();
  const writer = new BinaryWriter();
  for (const memory of memories) writeSizeLimits(writer, memory);
  return vectorOf(memories.length, writer.written);
}

function exports(sections: SectionReader, { builder }: ModuleChanges): Uint8Array {
  const items = builder.exports.map(({ name, kind, index }) => {
    const writer = new BinaryWriter();
    writer.name(name);
    writer.byte(kind);
    writer.u32(index);
    return [...writer.written];
  });
  return sections.extended(SECTION.export, items);
}

/** Whether a section is a custom one that is still true of the rewritten module. */
function isKept({ id, start, end }: Section, bytes: Uint8Array): boolean {
  if (id !== SECTION.custom) return false;
  return !SECTIONS_ABOUT_CODE.test(new BinaryReader(bytes, start, end).name());
}
