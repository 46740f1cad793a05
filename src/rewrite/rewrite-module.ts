/** Makes a module that is bounded and can be interrupted out of one that is not. */

import { BinaryReader } from "../abi/binary-reader.ts";
import {
  type ModuleLayout,
  readSizeLimits,
  readValueType,
  SECTION,
  type Section,
  type SizeLimits,
} from "../abi/module-layout.ts";
import { BinaryWriter } from "./binary-writer.ts";
import { EpochForm } from "./epoch-form.ts";
import type { Form, Interruption } from "./form.ts";
import { FuelForm, REFILL_TABLE_SIZE } from "./fuel-form.ts";
import { FunctionScanner } from "./function-body.ts";
import { OP, skipExpression } from "./instructions.ts";
import { ModuleBounds, type ModuleLimits } from "./module-bounds.ts";
import { I32, I64, ModuleBuilder } from "./module-builder.ts";

export interface RewriteOptions {
  readonly pluginName: string;
  readonly limits: ModuleLimits;
  readonly interruption: Interruption;
  /** The address of the plugin's number in the flag memory, for `"epoch"`. */
  readonly flagAddress: number;
}

/** A rewritten module, and how it is to be instantiated. Plain data. */
export interface RewrittenModule {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly hooks: ModuleHooks;
}

/** What a rewritten module imports and exports besides what it did before. */
export interface ModuleHooks {
  /** The name of the module that its own memories and the flag memory are imported from. */
  readonly importModule: string;
  /** The memories it defined, which it imports now, by name, in pages of 64 KiB: for `"epoch"`. */
  readonly memories: Readonly<Record<string, SizeLimits>>;
  /** What the flag memory is imported as, for `"epoch"`. */
  readonly flagMemory: string | undefined;
  /** Exports the function that was its start section. */
  readonly start: string | undefined;
  /** Exports the global for the number that the flag has while the instance may run: for `"epoch"`. */
  readonly generation: string | undefined;
  /** Exports the global with the fuel that is left, for `"fuel"`. */
  readonly fuel: string | undefined;
  /** Exports the table for what refills it, see `fuel-form.ts`: for `"fuel"`. */
  readonly refill: string | undefined;
}

/** The sections in the order in which they have to stand, custom ones aside. */
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

/** Custom sections that speak of places in the code, which are others afterwards. */
const SECTIONS_ABOUT_CODE = /^(metadata\.code\.|\.debug_|reloc\.|linking$|sourceMappingURL$)/;

/**
 * Rewrites a module.
 *
 * @param bytes Of a module that has passed `WebAssembly.validate`: only so can a guest not name what
 *   is added here. Of anything else the result may be anything, or an error.
 * @param layout Of the same bytes.
 * @throws {PluginLimitError} when the module is larger than its limits.
 * @throws {TypeError} when the binary has a form that is not known here.
 */
export function rewriteModule(
  bytes: Uint8Array,
  layout: ModuleLayout,
  options: RewriteOptions,
): RewrittenModule {
  const bounds = new ModuleBounds(options.pluginName, options.limits);
  try {
    return new ModuleRewriter(bytes, layout, options, bounds).rewrite();
  } catch (error) {
    // The reader may have failed at what it would not have read within the limits.
    bounds.throwIfExceeded();
    throw error;
  }
}

class ModuleRewriter {
  readonly #bytes: Uint8Array;
  readonly #layout: ModuleLayout;
  readonly #options: RewriteOptions;
  readonly #bounds: ModuleBounds;
  readonly #sections: Map<number, Section>;
  readonly #tables: {
    readonly type: string;
    readonly head: Uint8Array;
    readonly size: SizeLimits;
    readonly tail: Uint8Array;
  }[];
  readonly #memories: readonly SizeLimits[];
  readonly #builder: ModuleBuilder;
  readonly #prefix: string;

  constructor(
    bytes: Uint8Array,
    layout: ModuleLayout,
    options: RewriteOptions,
    bounds: ModuleBounds,
  ) {
    this.#bytes = bytes;
    this.#layout = layout;
    this.#options = options;
    this.#bounds = bounds;
    this.#sections = new Map(layout.sections.map((section) => [section.id, section]));
    this.#tables = this.#readTables();
    this.#memories = this.#vector(SECTION.memory, readSizeLimits);
    const imported = (kind: string) => layout.imports.filter((each) => each.kind === kind);
    const sizes = (kind: string) => imported(kind).flatMap(({ size }) => size ?? []);
    this.#builder = new ModuleBuilder({
      types: layout.types.length,
      functions: layout.functions.length,
      tables: [...sizes("table"), ...this.#tables.map(({ size }) => size)],
      memories: [...sizes("memory"), ...this.#memories],
      globals: imported("global").length + this.#count(SECTION.global),
    });
    this.#prefix = unusedPrefix(layout.exports.map(({ name }) => name));
  }

  rewrite(): RewrittenModule {
    this.#bounds.checkDeclarations(this.#layout);
    const exceptionTables = this.#tables.filter(({ type }) => type === "exn").length;
    const objectTypes = this.#layout.types.filter((type) => type === undefined).length;
    this.#bounds.check("gcTypes", objectTypes + exceptionTables);
    const memories = this.#bounds.memories(this.#memories);
    const tables = this.#bounds.tables(this.#tables.map(({ size }) => size));
    const { form, hooks } = this.#createForm(memories);
    const code = this.#code(form);
    this.#bounds.throwIfExceeded();

    const writer = new BinaryWriter(this.#bytes.length + code.length + 1024);
    writer.bytes(this.#bytes.subarray(0, 8));
    const contents = new Map<number, Uint8Array>([
      [SECTION.type, this.#extended(SECTION.type, this.#builder.types)],
      [SECTION.import, this.#imports(hooks)],
      [SECTION.function, this.#functionTypes()],
      [SECTION.table, this.#tableSection(tables)],
      [SECTION.memory, this.#memorySection(hooks, memories)],
      [SECTION.global, this.#extended(SECTION.global, this.#builder.globals)],
      [SECTION.export, this.#exports()],
      [SECTION.code, code],
    ]);
    for (const id of SECTION_ORDER) {
      const content = contents.get(id) ?? this.#content(id);
      if (content.length === 0) continue;
      writer.byte(id);
      writer.sized(content);
    }
    for (const section of this.#layout.sections) this.#writeCustom(section, writer);
    return { bytes: writer.written.slice(), hooks };
  }

  #createForm(memories: readonly SizeLimits[]): {
    readonly form: Form | undefined;
    readonly hooks: ModuleHooks;
  } {
    const builder = this.#builder;
    const start = this.#startFunction();
    const hooks: ModuleHooks = {
      importModule: this.#prefix,
      memories: {},
      flagMemory: undefined,
      start: start === undefined ? undefined : this.#hidden("start", "function", start),
      generation: undefined,
      fuel: undefined,
      refill: undefined,
    };
    switch (this.#options.interruption) {
      case "epoch": {
        const generation = builder.global(I32);
        const flag = {
          memory: builder.spaces.memories.length,
          address: this.#options.flagAddress,
        };
        return {
          form: new EpochForm(this.#bytes, builder, flag, generation),
          hooks: {
            ...hooks,
            memories: Object.fromEntries(memories.map((memory, index) => [String(index), memory])),
            flagMemory: "flag",
            generation: this.#hidden("generation", "global", generation),
          },
        };
      }
      case "fuel": {
        const [fuel, refill] = [builder.global(I64), builder.table(REFILL_TABLE_SIZE)];
        return {
          form: new FuelForm(this.#bytes, builder, fuel, refill),
          hooks: {
            ...hooks,
            fuel: this.#hidden("fuel", "global", fuel),
            refill: this.#hidden("refill", "table", refill),
          },
        };
      }
      case "terminate":
        return { form: undefined, hooks };
    }
  }

  #hidden(what: string, kind: "function" | "table" | "global", index: number): string {
    const name = this.#prefix + what;
    this.#builder.export(name, kind, index);
    return name;
  }

  #startFunction(): number | undefined {
    const section = this.#sections.get(SECTION.start);
    return section && new BinaryReader(this.#bytes, section.start, section.end).u32();
  }

  /** The code section, with the functions that were added while it was written. */
  #code(form: Form | undefined): Uint8Array {
    const { functions, imports } = this.#layout;
    const section = this.#sections.get(SECTION.code);
    const bodies = new BinaryWriter(section ? (section.end - section.start) * 1.3 : 64);
    let index = imports.filter(({ kind }) => kind === "function").length;
    const body = new BinaryWriter(1024);
    const scanner = new FunctionScanner(this.#bytes, this.#layout);
    this.#vector(SECTION.code, (reader) => {
      const length = reader.u32();
      const start = reader.position;
      reader.skip(length);
      const type = functions[index++];
      if (type === undefined)
        throw reader.malformed(`function ${index - 1} has no function type`, start);
      // What is read of a body grows with it.
      if (!this.#bounds.check("functionBytes", length)) return;
      const scanned = scanner.scan(start, reader.position);
      this.#bounds.checkFunction(scanned, type);
      if (this.#bounds.isExceeded) return;
      if (form === undefined) {
        bodies.sized(this.#bytes.subarray(start, reader.position));
        return;
      }
      body.clear();
      form.writeBody(scanned, type, body);
      bodies.sized(body.written);
      this.#bounds.checkGrowth(bodies.length);
    });
    for (const { locals, code } of this.#builder.functions)
      bodies.sized([...locals, ...code, OP.end]);
    return this.#counted(
      this.#count(SECTION.code) + this.#builder.functions.length,
      bodies.written,
    );
  }

  /** A section's vector with more items behind it. */
  #extended(id: number, items: readonly (readonly number[])[]): Uint8Array {
    if (items.length === 0) return this.#content(id);
    const content = new BinaryReader(this.#content(id));
    const count = content.done ? 0 : content.u32();
    const writer = new BinaryWriter(content.end + 1024);
    writer.bytes(content.bytes.subarray(content.position));
    for (const item of items) writer.bytes(item);
    return this.#counted(count + items.length, writer.written);
  }

  #functionTypes(): Uint8Array {
    const writers = this.#builder.functions.map(({ type }) => {
      const writer = new BinaryWriter(5);
      writer.u32(type);
      return [...writer.written];
    });
    return this.#extended(SECTION.function, writers);
  }

  #imports(hooks: ModuleHooks): Uint8Array {
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
    return this.#extended(SECTION.import, [...own, ...flags]);
  }

  #tableSection(sizes: readonly SizeLimits[]): Uint8Array {
    const writer = new BinaryWriter();
    for (const [index, { head, tail }] of this.#tables.entries()) {
      writer.bytes(head);
      writeSizeLimits(writer, sizes[index] as SizeLimits);
      writer.bytes(tail);
    }
    for (const table of this.#builder.tables) writer.bytes(table);
    return this.#counted(this.#tables.length + this.#builder.tables.length, writer.written);
  }

  #memorySection(hooks: ModuleHooks, memories: readonly SizeLimits[]): Uint8Array {
    if (hooks.flagMemory !== undefined) return new Uint8Array();
    const writer = new BinaryWriter();
    for (const memory of memories) writeSizeLimits(writer, memory);
    return this.#counted(memories.length, writer.written);
  }

  #exports(): Uint8Array {
    const items = this.#builder.exports.map(({ name, kind, index }) => {
      const writer = new BinaryWriter();
      writer.name(name);
      writer.byte(kind);
      writer.u32(index);
      return [...writer.written];
    });
    return this.#extended(SECTION.export, items);
  }

  #writeCustom({ id, headStart, start, end }: Section, writer: BinaryWriter): void {
    if (id !== SECTION.custom) return;
    const name = new BinaryReader(this.#bytes, start, end).name();
    if (!SECTIONS_ABOUT_CODE.test(name)) writer.bytes(this.#bytes.subarray(headStart, end));
  }

  /** Tables with what stands before and behind their size: their type, and what they are filled with. */
  #readTables(): { type: string; head: Uint8Array; size: SizeLimits; tail: Uint8Array }[] {
    const withInitializer = 0x40;
    return this.#vector(SECTION.table, (reader) => {
      const start = reader.position;
      const hasInitializer = reader.byte() === withInitializer;
      if (hasInitializer) reader.skip(1);
      else reader.position = start;
      const type = readValueType(reader);
      const head = this.#bytes.subarray(start, reader.position);
      const size = readSizeLimits(reader);
      const tailStart = reader.position;
      if (hasInitializer) skipExpression(reader);
      return { type, head, size, tail: this.#bytes.subarray(tailStart, reader.position) };
    });
  }

  #content(id: number): Uint8Array {
    const section = this.#sections.get(id);
    return section ? this.#bytes.subarray(section.start, section.end) : new Uint8Array();
  }

  #vector<T>(id: number, read: (reader: BinaryReader) => T): T[] {
    const section = this.#sections.get(id);
    if (section === undefined) return [];
    const reader = new BinaryReader(this.#bytes, section.start, section.end);
    return reader.repeat(() => read(reader));
  }

  #count(id: number): number {
    const section = this.#sections.get(id);
    return section ? new BinaryReader(this.#bytes, section.start, section.end).u32() : 0;
  }

  #counted(count: number, items: Uint8Array): Uint8Array {
    if (count === 0) return new Uint8Array();
    const writer = new BinaryWriter(items.length + 5);
    writer.u32(count);
    writer.bytes(items);
    return writer.written;
  }
}

function writeSizeLimits(writer: BinaryWriter, size: SizeLimits): void {
  const { minimum, maximum, isShared, is64 } = size;
  writer.byte((maximum === undefined ? 0 : 1) | (isShared ? 2 : 0) | (is64 ? 4 : 0));
  writer.u32(minimum);
  if (maximum !== undefined) writer.u32(maximum);
}

/** What no name begins with. */
function unusedPrefix(names: readonly string[]): string {
  let prefix = "cloche:";
  while (names.some((name) => name.startsWith(prefix))) prefix = `*${prefix}`;
  return prefix;
}
