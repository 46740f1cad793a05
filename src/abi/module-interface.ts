/**
 * What a module offers and wants, with types.
 *
 * `WebAssembly.Module.exports()` tells kinds but no types, and the ABI is about types, so this reads
 * the type, import, function and export sections of the binary. It runs after the engine has
 * validated the module: what it meets is well-formed, or new to it.
 *
 * Source: https://webassembly.github.io/spec/core/binary/modules.html
 */

/** The kind of an export or import, as in the JavaScript API. */
export type ExternKind = "function" | "table" | "memory" | "global" | "tag";

/** A function's type; reference types all read as `"ref"`. */
export interface FunctionType {
  readonly params: readonly string[];
  readonly results: readonly string[];
}

export interface ModuleExport {
  readonly name: string;
  readonly kind: ExternKind;
  /** Known for functions of a module that was read from bytes. */
  readonly type: FunctionType | undefined;
}

export interface ModuleImport extends ModuleExport {
  readonly module: string;
}

export interface ModuleInterface {
  readonly imports: readonly ModuleImport[];
  readonly exports: readonly ModuleExport[];
}

/** Writes a type as the specification's text format reads: `(i64) -> i64`. */
export function describeType(type: FunctionType): string {
  const [result, ...more] = type.results;
  const results =
    result !== undefined && more.length === 0 ? result : `(${type.results.join(", ")})`;
  return `(${type.params.join(", ")}) -> ${results}`;
}

/** The interface of a compiled module whose bytes are not at hand: kinds without types. */
export function interfaceOfModule(module: WebAssembly.Module): ModuleInterface {
  const untyped = <T extends { kind: string; name: string }>(extern: T) => ({
    ...extern,
    kind: extern.kind as ExternKind,
    type: undefined,
  });
  return {
    imports: WebAssembly.Module.imports(module).map(untyped),
    exports: WebAssembly.Module.exports(module).map(untyped),
  };
}

/**
 * Reads the interface out of a module's binary.
 *
 * @param bytes A module that has passed `WebAssembly.compile` or `WebAssembly.validate`.
 * @throws {TypeError} when the binary has a form that this reader does not know.
 */
export function readModuleInterface(bytes: Uint8Array): ModuleInterface {
  const types: (FunctionType | undefined)[] = [];
  const functions: (FunctionType | undefined)[] = [];
  const imports: ModuleImport[] = [];
  const exports: ModuleExport[] = [];

  const reader = new BinaryReader(bytes, MAGIC_AND_VERSION_BYTES);
  while (!reader.done) {
    const id = reader.byte();
    const end = reader.u32() + reader.position;
    if (id === SECTION.type) {
      reader.repeat(() => readRecursiveTypes(reader, types));
    } else if (id === SECTION.import) {
      reader.repeat(() => {
        const module = reader.name();
        const name = reader.name();
        const kind = reader.kind();
        const type = readImportType(reader, kind, types);
        if (kind === "function") functions.push(type);
        imports.push({ module, name, kind, type });
      });
    } else if (id === SECTION.function) {
      reader.repeat(() => functions.push(types[reader.u32()]));
    } else if (id === SECTION.export) {
      reader.repeat(() => {
        const name = reader.name();
        const kind = reader.kind();
        const index = reader.u32();
        exports.push({ name, kind, type: kind === "function" ? functions[index] : undefined });
      });
    }
    reader.position = end;
  }
  return { imports, exports };
}

const MAGIC_AND_VERSION_BYTES = 8;
const SECTION = { type: 1, import: 2, function: 3, export: 7 } as const;
const KINDS: readonly ExternKind[] = ["function", "table", "memory", "global", "tag"];

const NUMERIC_TYPES: ReadonlyMap<number, string> = new Map([
  [0x7f, "i32"],
  [0x7e, "i64"],
  [0x7d, "f32"],
  [0x7c, "f64"],
  [0x7b, "v128"],
]);
/** Packed field types and abstract heap types: one byte each, of no interest to the ABI. */
const FIRST_ONE_BYTE_TYPE = 0x65;
const REFERENCE_TYPES = [0x63, 0x64];

const FORM = {
  rec: 0x4e,
  subFinal: 0x4f,
  sub: 0x50,
  array: 0x5e,
  struct: 0x5f,
  func: 0x60,
} as const;

/** One entry of the type section: a single type or a recursive group, each with an index of its own. */
function readRecursiveTypes(reader: BinaryReader, types: (FunctionType | undefined)[]): void {
  const form = reader.byte();
  if (form === FORM.rec) {
    reader.repeat(() => types.push(readSubtype(reader, reader.byte())));
  } else {
    types.push(readSubtype(reader, form));
  }
}

function readSubtype(reader: BinaryReader, form: number): FunctionType | undefined {
  if (form === FORM.sub || form === FORM.subFinal) {
    reader.repeat(() => reader.u32());
    return readSubtype(reader, reader.byte());
  }
  if (form === FORM.func) {
    return {
      params: reader.repeat(() => readValueType(reader)),
      results: reader.repeat(() => readValueType(reader)),
    };
  }
  if (form === FORM.struct) {
    reader.repeat(() => readField(reader));
    return undefined;
  }
  if (form === FORM.array) {
    readField(reader);
    return undefined;
  }
  throw reader.unknown("type form", form);
}

function readField(reader: BinaryReader): void {
  readValueType(reader);
  reader.byte(); // mutability
}

function readValueType(reader: BinaryReader): string {
  const code = reader.byte();
  const numeric = NUMERIC_TYPES.get(code);
  if (numeric !== undefined) return numeric;
  if (REFERENCE_TYPES.includes(code))
    reader.skipLeb(); // the heap type
  else if (code < FIRST_ONE_BYTE_TYPE || code > 0x7f) throw reader.unknown("value type", code);
  return "ref";
}

function readImportType(
  reader: BinaryReader,
  kind: ExternKind,
  types: readonly (FunctionType | undefined)[],
): FunctionType | undefined {
  switch (kind) {
    case "function":
      return types[reader.u32()];
    case "table":
      readValueType(reader);
      readLimits(reader);
      return undefined;
    case "memory":
      readLimits(reader);
      return undefined;
    case "global":
      readField(reader);
      return undefined;
    case "tag":
      reader.byte();
      reader.u32();
      return undefined;
  }
}

/** Limits of a table or memory, shared, 64-bit and custom page sizes included. */
function readLimits(reader: BinaryReader): void {
  const flags = reader.byte();
  reader.skipLeb();
  if ((flags & 1) !== 0) reader.skipLeb();
  if ((flags & 8) !== 0) reader.skipLeb();
}

/** Reads the primitives of the binary format, front to back. */
class BinaryReader {
  position: number;
  readonly #bytes: Uint8Array;
  readonly #text: TextDecoder = new TextDecoder();

  constructor(bytes: Uint8Array, position: number) {
    this.#bytes = bytes;
    this.position = position;
  }

  get done(): boolean {
    return this.position >= this.#bytes.length;
  }

  byte(): number {
    const byte = this.#bytes[this.position];
    if (byte === undefined) {
      throw new TypeError(`Cannot read module: its end at byte ${this.position}, expected more`);
    }
    this.position += 1;
    return byte;
  }

  u32(): number {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = this.byte();
      value |= (byte & 0x7f) << shift;
      if (byte < 0x80) return value >>> 0;
    }
  }

  skipLeb(): void {
    while (this.byte() >= 0x80);
  }

  name(): string {
    const length = this.u32();
    this.position += length;
    return this.#text.decode(this.#bytes.subarray(this.position - length, this.position));
  }

  kind(): ExternKind {
    const code = this.byte();
    const kind = KINDS[code];
    if (kind === undefined) throw this.unknown("kind", code);
    return kind;
  }

  repeat<T>(read: () => T): T[] {
    const items: T[] = [];
    for (let left = this.u32(); left > 0; left -= 1) items.push(read());
    return items;
  }

  unknown(what: string, code: number): TypeError {
    const found = `${what} 0x${code.toString(16)} at byte ${this.position - 1}`;
    return new TypeError(
      `Cannot read module: ${found}, expected one of the Wasm 3.0 specification`,
    );
  }
}
