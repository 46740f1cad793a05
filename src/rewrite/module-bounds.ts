/** Holds a module against its limits before it is compiled, and bounds what it can grow to. */

import {
  type FunctionType,
  type ModuleLayout,
  SECTION,
  type Section,
  type SizeLimits,
} from "../abi/module-layout.ts";
import { PluginLimitError } from "../errors.ts";
import type { Limits } from "../limits.ts";
import type { FunctionBody } from "./function-body.ts";

/** What of the limits is about a module's own declarations. */
export type ModuleLimits = Pick<
  Limits,
  | "moduleBytes"
  | "declarationBytes"
  | "types"
  | "tagValues"
  | "memoryBytes"
  | "memories"
  | "sharedMemories"
  | "tableElements"
  | "functions"
  | "functionBytes"
  | "functionComplexity"
  | "gcTypes"
>;

const PAGE_BYTES = 64 * 1024;
/** What an index of 32 bits reaches. */
const MAX_PAGES = 2 ** 16;
const MAX_ELEMENTS = 2 ** 32 - 1;

/** How many times as large a module may get. Real ones grow by a third at most. */
const MAX_GROWTH = 2;

const WHAT: Readonly<Record<keyof ModuleLimits, string>> = {
  moduleBytes: "bytes with checks in them",
  declarationBytes: "bytes of declarations",
  types: "types",
  tagValues: "values of one exception",
  memoryBytes: "bytes of memory",
  memories: "memories",
  sharedMemories: "shared memories",
  tableElements: "elements of tables",
  functions: "functions",
  functionBytes: "bytes of one function",
  functionComplexity: "values to be kept at the blocks of one function",
  gcTypes: "types of garbage-collected objects",
};

/** What a browser keeps as it is; of all else it makes objects. */
const NO_DECLARATIONS: ReadonlySet<number> = new Set([SECTION.code, SECTION.data, SECTION.custom]);

/** What a block takes of a browser's compiler, whatever lies on the stack. */
const BLOCK_VALUES = 16;

/**
 * Holds a module's declarations against their limit, before any of them is read.
 *
 * @throws {PluginLimitError} when it is larger.
 */
export function checkDeclarationBytes(
  sections: readonly Section[],
  { pluginName, limits }: { readonly pluginName: string; readonly limits: ModuleLimits },
): void {
  const parts = sections.filter(({ id }) => !NO_DECLARATIONS.has(id));
  const bytes = parts.reduce((sum, { start, end }) => sum + end - start, 0);
  new ModuleBounds(pluginName, limits).check("declarationBytes", bytes);
}

export class ModuleBounds {
  readonly #pluginName: string;
  readonly #limits: ModuleLimits;

  constructor(pluginName: string, limits: ModuleLimits) {
    this.#pluginName = pluginName;
    this.#limits = limits;
  }

  /** @throws {PluginLimitError} when there are more of something than may be. */
  check(limit: keyof ModuleLimits, value: number, allowed: number = this.#limits[limit]): void {
    if (value <= allowed) return;
    const pluginName = this.#pluginName;
    throw new PluginLimitError(
      `Cannot load plugin "${pluginName}": ${value} ${WHAT[limit]}, expected at most ${allowed} (limits.${limit})`,
      { pluginName, limit, value, allowed },
    );
  }

  /** Holds what has been rewritten against what it may grow to. */
  checkGrowth(bytes: number): void {
    this.check("moduleBytes", bytes, this.#limits.moduleBytes * MAX_GROWTH);
  }

  checkDeclarations({ types, tags, functions }: ModuleLayout): void {
    this.check("types", types.length);
    this.check("functions", functions.length);
    for (const tag of tags) this.check("tagValues", tag?.params.length ?? 0);
  }

  /** Holds a function against what a browser's compiler can take. */
  checkFunction(
    { locals, controlFrames, stackedValues }: FunctionBody,
    { params }: FunctionType,
  ): void {
    const atEach = locals + params.length + BLOCK_VALUES;
    this.check("functionComplexity", atEach * controlFrames + stackedValues);
  }

  /** The memories with maxima that keep all of them together within the limit. */
  memories(declared: readonly SizeLimits[]): SizeLimits[] {
    this.check("memories", declared.length);
    this.check("sharedMemories", declared.filter(({ isShared }) => isShared).length);
    const pages = Math.floor(this.#limits.memoryBytes / PAGE_BYTES);
    this.check("memoryBytes", total(declared) * PAGE_BYTES);
    return bounded(declared, pages, MAX_PAGES);
  }

  /** The same for tables. */
  tables(declared: readonly SizeLimits[]): SizeLimits[] {
    this.check("tableElements", total(declared));
    return bounded(declared, this.#limits.tableElements, MAX_ELEMENTS);
  }
}

function total(sizes: readonly SizeLimits[]): number {
  return sizes.reduce((sum, { minimum }) => sum + minimum, 0);
}

/** What is left when each has its minimum is divided into equal parts. */
function bounded(declared: readonly SizeLimits[], allowed: number, most: number): SizeLimits[] {
  const share = Math.floor((allowed - total(declared)) / declared.length);
  return declared.map((size) => {
    const maximum = Math.min(size.maximum ?? most, size.minimum + share, most);
    return { ...size, maximum };
  });
}
