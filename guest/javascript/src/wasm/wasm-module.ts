import { BinaryReader } from "./binary-reader.ts";
import { BinaryWriter } from "./binary-writer.ts";

/** The kinds of imports and exports. */
export const KIND = { function: 0, table: 1, memory: 2, global: 3 } as const;

export interface Import {
  readonly module: string;
  readonly name: string;
  readonly kind: number;
  /** Of a function the index of its type, else 0. */
  readonly type: number;
}

export interface Export {
  readonly name: string;
  readonly kind: number;
  readonly index: number;
}

export interface Global {
  /** The type and the mutability. */
  readonly type: Uint8Array;
  /** A constant expression with its `end`. */
  readonly value: Uint8Array;
}

export interface Segment {
  readonly offset: number;
  readonly bytes: Uint8Array;
}

/** A module with one memory and one table, both without a maximum. Sections of other tools are left out. */
export interface WasmModule {
  /** Each with its form byte, `0x60`. */
  types: Uint8Array[];
  imports: Import[];
  /** The index of the type of each function that is not imported. */
  functions: number[];
  tableSize: number;
  memoryPages: number;
  globals: Global[];
  exports: Export[];
  /** Functions at places of the table. */
  elements: { readonly offset: number; readonly functions: readonly number[] }[];
  /** For each of {@link functions} its locals and instructions. */
  bodies: Uint8Array[];
  data: Segment[];
}

const SECTION = {
  custom: 0,
  type: 1,
  import: 2,
  function: 3,
  table: 4,
  memory: 5,
  global: 6,
  export: 7,
  element: 9,
  code: 10,
  data: 11,
} as const;

const FUNCREF = 0x70;
const I32_CONST = 0x41;
const END = 0x0b;

/** Reads a module of the kind that linkers of C make. The result has views of `bytes`. */
export function readModule(bytes: Uint8Array): WasmModule {
  const sections = new Map<number, BinaryReader>();
  const reader = new BinaryReader(bytes);
  reader.take(8);
  while (!reader.isAtEnd) sections.set(reader.byte(), new BinaryReader(reader.take(reader.u32())));
  const items = <Item>(section: number, read: (reader: BinaryReader) => Item): Item[] =>
    sections.get(section)?.items(read) ?? [];
  return {
    types: items(SECTION.type, readType),
    imports: items(SECTION.import, readImport),
    functions: items(SECTION.function, (each) => each.u32()),
    tableSize: items(SECTION.table, (each) => readLimits(each, each.byte()))[0] ?? 0,
    memoryPages: items(SECTION.memory, (each) => readLimits(each))[0] ?? 0,
    globals: items(SECTION.global, (each) => ({ type: each.take(2), value: readValue(each) })),
    exports: items(SECTION.export, (each) => ({
      name: each.name(),
      kind: each.byte(),
      index: each.u32(),
    })),
    elements: items(SECTION.element, (each) => {
      expect(each.u32(), 0, "a kind of table segments");
      return { offset: offsetOf(readValue(each)), functions: each.items((one) => one.u32()) };
    }),
    bodies: items(SECTION.code, (each) => each.take(each.u32())),
    data: items(SECTION.data, (each) => {
      expect(each.u32(), 0, "a kind of data segments");
      return { offset: offsetOf(readValue(each)), bytes: each.take(each.u32()) };
    }),
  };
}

/** The index of what a module exports by a name. */
export function exported({ exports }: WasmModule, name: string): number {
  const found = exports.find((each) => each.name === name);
  if (found === undefined) throw new Error(`Cannot link: "${name}" is not exported`);
  return found.index;
}

function expect(found: number, expected: number, what: string): void {
  if (found !== expected) throw new Error(`Cannot link: ${what} that is not supported (${found})`);
}

function readType(reader: BinaryReader): Uint8Array {
  const start = reader.position;
  reader.byte();
  reader.take(reader.u32());
  reader.take(reader.u32());
  return reader.since(start);
}

function readLimits(reader: BinaryReader, _type?: number): number {
  const hasMaximum = reader.byte() === 1;
  const minimum = reader.u32();
  if (hasMaximum) reader.u32();
  return minimum;
}

function readImport(reader: BinaryReader): Import {
  const [module, name, kind] = [reader.name(), reader.name(), reader.byte()];
  if (kind === KIND.function) return { module, name, kind, type: reader.u32() };
  if (kind === KIND.global) reader.take(2);
  else readLimits(reader, kind === KIND.table ? reader.byte() : undefined);
  return { module, name, kind, type: 0 };
}

/** Reads `i32.const`, the only constant in such a module. */
function readValue(reader: BinaryReader): Uint8Array {
  const start = reader.position;
  expect(reader.byte(), I32_CONST, "a constant");
  reader.skipLeb();
  expect(reader.byte(), END, "a constant");
  return reader.since(start);
}

function offsetOf(value: Uint8Array): number {
  // An offset above 2 GiB would be negative; a compiler places nothing there.
  return new BinaryReader(value.subarray(1)).u32();
}

export function valueOf(offset: number): Uint8Array {
  return new BinaryWriter().byte(I32_CONST).i32(offset).byte(END).finish();
}

/** Writes a module, and custom sections after it. */
export function writeModule(
  module: WasmModule,
  custom: ReadonlyMap<string, Uint8Array> = new Map(),
): Uint8Array<ArrayBuffer> {
  const writer = new BinaryWriter().raw(Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0));
  const section = (id: number, write: (content: BinaryWriter) => void): void => {
    const content = new BinaryWriter();
    write(content);
    writer.byte(id).sized(content.finish());
  };
  section(SECTION.type, (to) => to.items(module.types, (type) => to.raw(type)));
  section(SECTION.import, (to) =>
    to.items(module.imports, (each) =>
      to.name(each.module).name(each.name).byte(each.kind).u32(each.type),
    ),
  );
  section(SECTION.function, (to) => to.items(module.functions, (type) => to.u32(type)));
  section(SECTION.table, (to) => to.u32(1).byte(FUNCREF).byte(0).u32(module.tableSize));
  section(SECTION.memory, (to) => to.u32(1).byte(0).u32(module.memoryPages));
  section(SECTION.global, (to) =>
    to.items(module.globals, ({ type, value }) => to.raw(type).raw(value)),
  );
  section(SECTION.export, (to) =>
    to.items(module.exports, ({ name, kind, index }) => to.name(name).byte(kind).u32(index)),
  );
  section(SECTION.element, (to) =>
    to.items(module.elements, ({ offset, functions }) =>
      to
        .byte(0)
        .raw(valueOf(offset))
        .items(functions, (index) => to.u32(index)),
    ),
  );
  section(SECTION.code, (to) => to.items(module.bodies, (body) => to.sized(body)));
  section(SECTION.data, (to) =>
    to.items(module.data, ({ offset, bytes }) => to.byte(0).raw(valueOf(offset)).sized(bytes)),
  );
  for (const [name, bytes] of custom) {
    section(SECTION.custom, (to) => to.name(name).raw(bytes));
  }
  return writer.finish();
}
