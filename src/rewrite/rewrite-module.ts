/** Rewrites a module so that it is bounded and can be interrupted. */

import { BinaryReader } from "../abi/binary-reader.ts";
import { type ModuleLayout, readSections, SECTION } from "../abi/module-layout.ts";
import { readSizeLimits, type SizeLimits } from "../abi/size-limits.ts";
import { assembleModule } from "./assemble-module.ts";
import { BinaryWriter } from "./binary-writer.ts";
import { CodeRewriter } from "./code-rewriter.ts";
import { CodeTrace } from "./code-trace.ts";
import { EpochForm } from "./epoch-form.ts";
import { type Form, type Interruption, NO_CHECKS } from "./form.ts";
import { FuelForm, REFILL_TABLE_SIZE } from "./fuel-form.ts";
import { ModuleBounds, type ModuleLimits } from "./module-bounds.ts";
import { I32, I64, ModuleBuilder } from "./module-builder.ts";
import type { ModuleHooks } from "./module-hooks.ts";
import { OP } from "./opcodes.ts";
import { SectionReader, type WrittenTable } from "./section-reader.ts";

export interface RewriteOptions {
  readonly pluginName: string;
  readonly limits: ModuleLimits;
  readonly interruption: Interruption;
  /** The address of the plugin's number in the flag memory, for `"epoch"`. */
  readonly flagAddress: number;
  /** Whether {@link RewrittenModule.pieces} are wanted. */
  readonly isTraced: boolean;
}

/** A rewritten module, and what its instantiation needs. Plain data. */
export interface RewrittenModule {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly hooks: ModuleHooks;
  /**
   * Where the pieces of code are that were copied as they are, if that was asked for: in pairs, the
   * position in the new bytes and the one in the original, in order. The last pair is where the code ends.
   */
  readonly pieces: Uint32Array<ArrayBuffer> | undefined;
}

/**
 * Rewrites a module.
 *
 * @param bytes A module. If it does not pass `WebAssembly.validate`, it may refer to what is added here,
 *   and the result must not be used.
 * @param layout The layout of the same bytes.
 * @throws {PluginLimitError} when the module is larger than its limits.
 * @throws {TypeError} when the binary contains an unknown instruction or type.
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
    // The reader may have failed at something that exceeds a limit.
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
  readonly #code: CodeRewriter;

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
    this.#code = new CodeRewriter(bytes);
    this.#sections = new SectionReader(bytes, layout.sections, this.#code);
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
    const tables = this.#bounds.tables(this.#tables);
    const { form, hooks } = this.#createForm(memories);
    const trace = this.#options.isTraced ? new CodeTrace() : undefined;
    const code = this.#rewriteCode(form, trace);
    this.#bounds.throwIfExceeded();

    const changes = { builder: this.#builder, hooks, tables, memories, code };
    const bytes = assembleModule(this.#sections, changes);
    return { bytes, hooks, pieces: trace?.finish(codeStart(bytes)) };
  }

  #createForm(memories: readonly SizeLimits[]): {
    readonly form: Form;
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
          form: new EpochForm(builder, flag, generation),
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
        return { form: NO_CHECKS, hooks };
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

  /** Returns the content of the code section in parts, with the functions that were added while it was written. */
  #rewriteCode(form: Form, trace: CodeTrace | undefined): readonly Uint8Array[] {
    const section = this.#sections.vector(SECTION.code);
    const bounds = this.#bounds;
    const parts: Uint8Array[] = [];
    let length = 0;
    const job = {
      ...{ layout: this.#layout, section, form, builder: this.#builder },
      ...{ limits: this.#options.limits, bounds, trace },
    };
    this.#code.rewrite(job, (written) => {
      if (bounds.isExceeded) return;
      parts.push(written.slice());
      length += written.length;
      bounds.checkGrowth(length);
    });
    trace?.copied(section.end, length);
    const added = new BinaryWriter();
    for (const { locals, code } of this.#builder.functions)
      added.sized([...locals, ...code, OP.end]);
    const count = section.count + this.#builder.functions.length;
    if (count === 0) return [];
    const head = new BinaryWriter(5);
    head.u32(count);
    return [head.written, ...parts, added.written];
  }
}

/** Where the first function is, behind the count of them. */
function codeStart(bytes: Uint8Array): number {
  const section = readSections(bytes).find(({ id }) => id === SECTION.code);
  if (section === undefined) return 0;
  const reader = new BinaryReader(bytes, section.start, section.end);
  reader.u32();
  return reader.position;
}

/** Returns a prefix that no name has. */
function unusedPrefix(names: readonly string[]): string {
  let prefix = "cloche:";
  while (names.some((name) => name.startsWith(prefix))) prefix = `*${prefix}`;
  return prefix;
}
