/** Rewrites a module so that it is bounded and can be interrupted. */

import { BinaryReader } from "../abi/binary-reader.ts";
import {
  type ModuleLayout,
  readSizeLimits,
  SECTION,
  type Section,
  type SizeLimits,
} from "../abi/module-layout.ts";
import { BinaryWriter } from "./binary-writer.ts";
import { EpochForm } from "./epoch-form.ts";
import type { Form, Interruption } from "./form.ts";
import { FuelForm, REFILL_TABLE_SIZE } from "./fuel-form.ts";
import { FunctionScanner } from "./function-body.ts";
import { OP } from "./instructions.ts";
import { ModuleBounds, type ModuleLimits } from "./module-bounds.ts";
import { I32, I64, ModuleBuilder } from "./module-builder.ts";
import { SectionReader, vectorOf, type WrittenTable, writeSizeLimits } from "./section-reader.ts";

export interface RewriteOptions {
  readonly pluginName: string;
  readonly limits: ModuleLimits;
  readonly interruption: Interruption;
  /** The address of the plugin's number in the flag memory, for `"epoch"`. */
  readonly flagAddress: number;
}

/** A rewritten module, and what its instantiation needs. Plain data. */
export interface RewrittenModule {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly hooks: ModuleHooks;
}

/** What a rewritten module imports and exports in addition. */
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
  readonly #sections: SectionReader;
  readonly #tables: readonly WrittenTable[];
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
    this.#sections = new SectionReader(bytes, layout.sections);
    this.#tables = this.#sections.tables();
    this.#memories = this.#sections.items(SECTION.memory, readSizeLimits);
    const imported = (kind: string) => layout.imports.filter((each) => each.kind === kind);
    const sizes = (kind: string) => imported(kind).flatMap(({ size }) => size ?? []);
    this.#builder = new ModuleBuilder({
      types: layout.types.length,
      functions: layout.functions.length,
      tables: [...sizes("table"), ...this.#tables.map(({ size }) => size)],
      memories: [...sizes("memory"), ...this.#memories],
      globals: imported("global").length + this.#sections.count(SECTION.global),
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
      [SECTION.type, this.#sections.extended(SECTION.type, this.#builder.types)],
      [SECTION.import, this.#imports(hooks)],
      [SECTION.function, this.#functionTypes()],
      [SECTION.table, this.#tableSection(tables)],
      [SECTION.memory, this.#memorySection(hooks, memories)],
      [SECTION.global, this.#sections.extended(SECTION.global, this.#builder.globals)],
      [SECTION.export, this.#exports()],
      [SECTION.code, code],
    ]);
    for (const id of SECTION_ORDER) {
      const content = contents.get(id) ?? this.#sections.content(id);
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
    const content = this.#sections.content(SECTION.start);
    return content.length === 0 ? undefined : new BinaryReader(content).u32();
  }

  /** The code section, with the functions that were added while it was written. */
  #code(form: Form | undefined): Uint8Array {
    const { functions, imports } = this.#layout;
    const bodies = new BinaryWriter(64 + this.#sections.content(SECTION.code).length * 1.3);
    let index = imports.filter(({ kind }) => kind === "function").length;
    const body = new BinaryWriter(1024);
    const scanner = new FunctionScanner(this.#bytes, this.#layout);
    this.#sections.items(SECTION.code, (reader) => {
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
    return vectorOf(
      this.#sections.count(SECTION.code) + this.#builder.functions.length,
      bodies.written,
    );
  }

  #functionTypes(): Uint8Array {
    const writers = this.#builder.functions.map(({ type }) => {
      const writer = new BinaryWriter(5);
      writer.u32(type);
      return [...writer.written];
    });
    return this.#sections.extended(SECTION.function, writers);
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
    return this.#sections.extended(SECTION.import, [...own, ...flags]);
  }

  #tableSection(sizes: readonly SizeLimits[]): Uint8Array {
    const writer = new BinaryWriter();
    for (const [index, { head, tail }] of this.#tables.entries()) {
      writer.bytes(head);
      writeSizeLimits(writer, sizes[index] as SizeLimits);
      writer.bytes(tail);
    }
    for (const table of this.#builder.tables) writer.bytes(table);
    return vectorOf(this.#tables.length + this.#builder.tables.length, writer.written);
  }

  #memorySection(hooks: ModuleHooks, memories: readonly SizeLimits[]): Uint8Array {
    if (hooks.flagMemory !== undefined) return new Uint8Array();
    const writer = new BinaryWriter();
    for (const memory of memories) writeSizeLimits(writer, memory);
    return vectorOf(memories.length, writer.written);
  }

  #exports(): Uint8Array {
    const items = this.#builder.exports.map(({ name, kind, index }) => {
      const writer = new BinaryWriter();
      writer.name(name);
      writer.byte(kind);
      writer.u32(index);
      return [...writer.written];
    });
    return this.#sections.extended(SECTION.export, items);
  }

  #writeCustom({ id, headStart, start, end }: Section, writer: BinaryWriter): void {
    if (id !== SECTION.custom) return;
    const name = new BinaryReader(this.#bytes, start, end).name();
    if (!SECTIONS_ABOUT_CODE.test(name)) writer.bytes(this.#bytes.subarray(headStart, end));
  }
}

/** What no name begins with. */
function unusedPrefix(names: readonly string[]): string {
  let prefix = "cloche:";
  while (names.some((name) => name.startsWith(prefix))) prefix = `*${prefix}`;
  return prefix;
}
