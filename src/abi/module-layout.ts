/**
 * What lies where in a module's binary: its sections, types, functions, imports and exports.
 *
 * Source: https://webassembly.github.io/spec/core/binary/modules.html
 */

import { BinaryReader } from "./binary-reader.ts";

/** The kind of an export or import, as in the JavaScript API. */
export type ExternKind = "function" | "table" | "memory" | "global" | "tag";

/** A function's type; reference types all read as `"ref"`. */
export interface FunctionType {
  readonly params: readonly string[];
  readonly results: readonly string[];
}

/** A function's type, and where its results are written in the binary, as a vector. */
export interface WrittenFunctionType extends FunctionType {
  readonly resultsStart: number;
  readonly resultsEnd: number;
}

/** The size of a table in elements or of a memory in pages, as it is written in the binary. */
export interface SizeLimits {
  readonly minimum: number;
  readonly maximum: number | undefined;
  readonly isShared: boolean;
  /** Whether it is indexed by i64. */
  readonly is64: boolean;
}

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

export interface ModuleLayout {
  readonly sections: readonly Section[];
  /** By type index; `undefined` for what is no function type. */
  readonly types: readonly (WrittenFunctionType | undefined)[];
  /** The types of all exceptions' tags by index, imported ones first. */
  readonly tags: readonly (WrittenFunctionType | undefined)[];
  readonly imports: readonly ImportEntry[];
  /** The types of all functions by index, imported ones first. */
  readonly functions: readonly (WrittenFunctionType | undefined)[];
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

const MAGIC_AND_VERSION_BYTES = 8;
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
 * @throws {TypeError} when there are more than 10,000, or one that no specification knows.
 */
function readSections(bytes: Uint8Array): Section[] {
  const sections: Section[] = [];
  const reader = new BinaryReader(bytes, MAGIC_AND_VERSION_BYTES);
  while (!reader.done) {
    const headStart = reader.position;
    const id = reader.byte();
    if (id > SECTION.tag) throw reader.unknown("section", id);
    if (sections.length === MAX_SECTIONS) {
      throw reader.malformed(`more than ${MAX_SECTIONS} sections`, headStart);
    }
    const length = reader.u32();
    const start = reader.position;
    reader.skip(length);
    sections.push({ id, headStart, start, end: reader.position });
  }
  return sections;
}

const NUMERIC_TYPES: ReadonlyMap<number, string> = new Map([
  [0x7f, "i32"],
  [0x7e, "i64"],
  [0x7d, "f32"],
  [0x7c, "f64"],
  [0x7b, "v128"],
]);
const PACKED_TYPES = { first: 0x77, last: 0x78 };
/** Of one byte each: from exceptions to what no exception is. */
const ABSTRACT_HEAP_TYPES = { first: 0x69, last: 0x74 };
const REFERENCE_TYPES = [0x63, 0x64];
/** Of a signed integer that is negative, in its last byte. */
const SIGN_BIT = 0x40;
const CONTINUES_BIT = 0x80;

/** The most parameters, and results, of one function that browsers support. */
const MAX_VALUES = 1000;

/** The most types that browsers support, those in recursive groups included. */
const MAX_TYPES = 1_000_000;

const FORM = {
  rec: 0x4e,
  subFinal: 0x4f,
  sub: 0x50,
  array: 0x5e,
  struct: 0x5f,
  func: 0x60,
} as const;

/** One entry of the type section: a single type or a recursive group, each with an index of its own. */
function readRecursiveTypes(
  reader: BinaryReader,
  types: (WrittenFunctionType | undefined)[],
): void {
  const form = reader.byte();
  const add = (form: number): void => {
    if (types.length === MAX_TYPES) {
      throw reader.malformed(`more than ${MAX_TYPES} types`);
    }
    types.push(readSubtype(reader, form));
  };
  if (form === FORM.rec) reader.repeat(() => add(reader.byte()));
  else add(form);
}

function readSubtype(reader: BinaryReader, form: number): WrittenFunctionType | undefined {
  switch (form) {
    case FORM.sub:
    case FORM.subFinal:
      reader.repeat(() => reader.u32());
      return readCompositeType(reader, reader.byte());
    default:
      return readCompositeType(reader, form);
  }
}

function readCompositeType(reader: BinaryReader, form: number): WrittenFunctionType | undefined {
  switch (form) {
    case FORM.func: {
      const params = reader.repeat(() => readValueType(reader), MAX_VALUES);
      const resultsStart = reader.position;
      const results = reader.repeat(() => readValueType(reader), MAX_VALUES);
      return { params, results, resultsStart, resultsEnd: reader.position };
    }
    case FORM.struct:
      reader.repeat(() => readField(reader));
      return undefined;
    case FORM.array:
      readField(reader);
      return undefined;
    default:
      throw reader.unknown("type form", form);
  }
}

function readField(reader: BinaryReader): void {
  const code = reader.bytes[reader.position] ?? 0;
  if (code >= PACKED_TYPES.first && code <= PACKED_TYPES.last) reader.byte();
  else readValueType(reader);
  reader.byte(); // mutability
}

/**
 * Reads a value type: the name of a number's type, `"exn"` for exceptions, or `"ref"`.
 *
 * Whatever is not known is refused: a type that was read as shorter than it is would put all that
 * follows out of step, and checks with it.
 */
export function readValueType(reader: BinaryReader): string {
  const code = reader.byte();
  const numeric = NUMERIC_TYPES.get(code);
  if (numeric !== undefined) return numeric;
  if (!REFERENCE_TYPES.includes(code)) reader.position -= 1;
  return readHeapType(reader);
}

/** Reads a heap type: one that has a name, or the index of a type. */
export function readHeapType(reader: BinaryReader): string {
  const code = reader.byte();
  const { first, last } = ABSTRACT_HEAP_TYPES;
  if (code === first) return "exn";
  if (code > first && code <= last) return "ref";
  reader.position -= 1;
  readTypeIndex(reader);
  return "ref";
}

/** Reads the index of a type where one that has a name could stand, which would be negative. */
export function readTypeIndex(reader: BinaryReader): number {
  const start = reader.position;
  let byte = reader.byte();
  while (byte >= CONTINUES_BIT) byte = reader.byte();
  if ((byte & SIGN_BIT) !== 0) throw reader.unknown("type", byte);
  reader.position = start;
  return reader.u32();
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

const LIMITS_FLAG = { hasMaximum: 1, isShared: 2, is64: 4 } as const;

/** Reads the limits of a table or a memory. */
export function readSizeLimits(reader: BinaryReader): SizeLimits {
  const flags = reader.byte();
  if (flags > 7) throw reader.unknown("limits", flags);
  const minimum = reader.u64();
  const maximum = (flags & LIMITS_FLAG.hasMaximum) === 0 ? undefined : reader.u64();
  return {
    minimum,
    maximum,
    isShared: (flags & LIMITS_FLAG.isShared) !== 0,
    is64: (flags & LIMITS_FLAG.is64) !== 0,
  };
}
