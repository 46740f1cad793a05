/**
 * What lies where in a module's binary: its sections, types, functions, imports and exports.
 *
 * Source: https://webassembly.github.io/spec/core/binary/modules.html
 */

import { BinaryReader } from "./binary-reader.ts";
import { readSizeLimits, type SizeLimits } from "./size-limits.ts";
import { readField, readRecursiveTypes, type WrittenFunctionType } from "./type-section.ts";
import { readValueType } from "./value-types.ts";

/** The kind of an export or import, as in the JavaScript API. */
export type ExternKind = "function" | "table" | "memory" | "global" | "tag";

export interface ImportEntry {
  readonly module: string;
  readonly name: string;
  readonly kind: ExternKind;
  /** For functions and tags. */
  readonly type: WrittenFunctionType | undefined;
  /** For tables and memories. */
  readonly size: SizeLimits | undefined;
}

export interface ExportEntry {
  readonly name: string;
  readonly kind: ExternKind;
  readonly index: number;
}

/** One section: what it is, and where its contents are. */
export interface Section {
  readonly id: number;
  /** Where the byte with the id is. */
  readonly headStart: number;
  readonly start: number;
  readonly end: number;
}

/** What a module has, by its sections. */
export interface ModuleLayout {
  /** All sections, in their order. */
  readonly sections: readonly Section[];
  /** By type index; `undefined` for what is no function type. */
  readonly types: readonly (WrittenFunctionType | undefined)[];
  /** The types of all exceptions' tags by index, imported ones first. */
  readonly tags: readonly (WrittenFunctionType | undefined)[];
  /** The imports, in their order. */
  readonly imports: readonly ImportEntry[];
  /** The types of all functions by index, imported ones first. */
  readonly functions: readonly (WrittenFunctionType | undefined)[];
  /** The exports, in their order. */
  readonly exports: readonly ExportEntry[];
}

/** Ids of sections. They are not in the order in which sections stand. */
export const SECTION = {
  custom: 0,
  type: 1,
  import: 2,
  function: 3,
  table: 4,
  memory: 5,
  global: 6,
  export: 7,
  start: 8,
  element: 9,
  code: 10,
  data: 11,
  dataCount: 12,
  tag: 13,
} as const;

export const MAGIC_AND_VERSION_BYTES = 8;
const KINDS: readonly ExternKind[] = ["function", "table", "memory", "global", "tag"];

/**
 * Reads the layout of a module.
 *
 * @param bytes Of a module that has passed `WebAssembly.validate`, or of anything else.
 * @param sections Of the same bytes, where they are known already.
 * @throws {TypeError} when the binary has a form that this reader does not know.
 */
export function readModuleLayout(
  bytes: Uint8Array,
  sections: readonly Section[] = readSections(bytes),
): ModuleLayout {
  const types: (WrittenFunctionType | undefined)[] = [];
  const functions: (WrittenFunctionType | undefined)[] = [];
  const tags: (WrittenFunctionType | undefined)[] = [];
  let imports: ImportEntry[] = [];
  let exports: ExportEntry[] = [];

  for (const { id, start, end } of sections) {
    const reader = new BinaryReader(bytes, start, end);
    if (id === SECTION.type) {
      reader.repeat(() => readRecursiveTypes(reader, types));
    } else if (id === SECTION.import) {
      imports = reader.repeat(() => readImport(reader, types));
      for (const { kind, type } of imports) {
        if (kind === "function") functions.push(type);
        if (kind === "tag") tags.push(type);
      }
    } else if (id === SECTION.function) {
      reader.repeat(() => functions.push(types[reader.u32()]));
    } else if (id === SECTION.tag) {
      reader.repeat(() => tags.push(readTag(reader, types)));
    } else if (id === SECTION.export) {
      exports = reader.repeat(() => ({
        name: reader.name(),
        kind: readKind(reader),
        index: reader.u32(),
      }));
    }
  }
  return { sections, types, tags, imports, functions, exports };
}

/** More than any tool writes; a hostile module could have one for each two bytes. */
const MAX_SECTIONS = 10_000;

/**
 * Finds a module's sections, without a look into them.
 *
 * @throws {TypeError} for one that no specification knows.
 * @throws {RangeError} when there are more than 10,000.
 */
export function readSections(bytes: Uint8Array): Section[] {
  const sections: Section[] = [];
  const reader = new BinaryReader(bytes, MAGIC_AND_VERSION_BYTES);
  while (!reader.done) {
    const headStart = reader.position;
    const id = reader.byte();
    if (id > SECTION.tag) throw reader.unknown("section", id);
    if (sections.length === MAX_SECTIONS) {
      throw reader.excessive(`${MAX_SECTIONS} sections`, headStart);
    }
    const length = reader.u32();
    const start = reader.position;
    reader.skip(length);
    sections.push({ id, headStart, start, end: reader.position });
  }
  return sections;
}

function readTag(
  reader: BinaryReader,
  types: readonly (WrittenFunctionType | undefined)[],
): WrittenFunctionType | undefined {
  reader.byte(); // attribute
  return types[reader.u32()];
}

function readImport(
  reader: BinaryReader,
  types: readonly (WrittenFunctionType | undefined)[],
): ImportEntry {
  const entry = { module: reader.name(), name: reader.name(), kind: readKind(reader) };
  const none = { type: undefined, size: undefined };
  switch (entry.kind) {
    case "function":
      return { ...entry, ...none, type: types[reader.u32()] };
    case "table":
      readValueType(reader);
      return { ...entry, ...none, size: readSizeLimits(reader) };
    case "memory":
      return { ...entry, ...none, size: readSizeLimits(reader) };
    case "global":
      readField(reader);
      return { ...entry, ...none };
    case "tag":
      return { ...entry, ...none, type: readTag(reader, types) };
  }
}

function readKind(reader: BinaryReader): ExternKind {
  const code = reader.byte();
  const kind = KINDS[code];
  if (kind === undefined) throw reader.unknown("kind", code);
  return kind;
}
