/** Holds a module against its limits before it is compiled, and bounds what it can grow to. */

import { type FunctionType, SECTION, type Section, type SizeLimits } from "../abi/module-layout.ts";
import { PluginLimitError } from "../errors.ts";
import type { Limits } from "../limits.ts";
import type { FunctionBody } from "./function-body.ts";

/** What of the limits is about a module's own declarations. */
export type ModuleLimits = Pick<
  Limits,
  | "moduleBytes"
  | "interfaceBytes"
  | "memoryBytes"
  | "memories"
  | "tableElements"
  | "functions"
  | "functionBytes"
  | "functionComplexity"
  | "gcTypes"
>;

const PAGE_BYTES = 64 * 1024;
/** What an index of 32 bits reaches. */
const MOST_PAGES = 2 ** 16;
const MOST_ELEMENTS = 2 ** 32 - 1;

/** How many times as large a module may get. Real ones grow by a third at most. */
const MOST_GROWTH = 2;

const WHAT: Readonly<Record<keyof ModuleLimits, string>> = {
  moduleBytes: "bytes with checks in them",
  interfaceBytes: "bytes of types, imports and exports",
  memoryBytes: "bytes of memory",
  memories: "memories",
  tableElements: "elements of tables",
  functions: "functions",
  functionBytes: "bytes of one function",
  functionComplexity: "locals times control frames in one function",
  gcTypes: "types of garbage-collected objects",
};

const INTERFACE: ReadonlySet<number> = new Set([SECTION.type, SECTION.import, SECTION.export]);

/**
 * Holds a module's interface against its limit, before any of it is read.
 *
 * @throws {PluginLimitError} when it is larger.
 */
export function checkInterfaceBytes(
  sections: readonly Section[],
  { pluginName, limits }: { readonly pluginName: string; readonly limits: ModuleLimits },
): void {
  const parts = sections.filter(({ id }) => INTERFACE.has(id));
  const bytes = parts.reduce((sum, { start, end }) => sum + end - start, 0);
  new ModuleBounds(pluginName, limits).check("interfaceBytes", bytes);
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
    this.check("moduleBytes", bytes, this.#limits.moduleBytes * MOST_GROWTH);
  }

  /** Holds a function against what a browser's compiler can take. */
  checkFunction({ locals, controlFrames }: FunctionBody, { params }: FunctionType): void {
    this.check("functionComplexity", (locals + params.length) * controlFrames);
  }

  /** The memories with maxima that keep all of them together within the limit. */
  memories(declared: readonly SizeLimits[]): SizeLimits[] {
    this.check("memories", declared.length);
    const pages = Math.floor(this.#limits.memoryBytes / PAGE_BYTES);
    this.check("memoryBytes", total(declared) * PAGE_BYTES);
    return bounded(declared, pages, MOST_PAGES);
  }

  /** The same for tables. */
  tables(declared: readonly SizeLimits[]): SizeLimits[] {
    this.check("tableElements", total(declared));
    return bounded(declared, this.#limits.tableElements, MOST_ELEMENTS);
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
