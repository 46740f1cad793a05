/** Checks a module against its limits before it is compiled, and bounds what it can grow to. */

import { type ModuleLayout, SECTION } from "../abi/module-layout.ts";
import type { SizeLimits } from "../abi/size-limits.ts";
import type { Limits } from "../limits.ts";
import { type LimitExcess, limitError } from "../wording/limit-error.ts";

/** The limits that apply to a module itself. */
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
  | "imports"
  | "exports"
  | "functionBytes"
  | "functionComplexity"
  | "gcTypes"
>;

/** The names of these limits, by which modules that were rewritten within different ones are told apart. */
export const MODULE_LIMITS: Readonly<Record<keyof ModuleLimits, true>> = {
  moduleBytes: true,
  declarationBytes: true,
  types: true,
  tagValues: true,
  memoryBytes: true,
  memories: true,
  sharedMemories: true,
  tableElements: true,
  functions: true,
  imports: true,
  exports: true,
  functionBytes: true,
  functionComplexity: true,
  gcTypes: true,
};

const PAGE_BYTES = 64 * 1024;
/** What a 32-bit index can address. */
const MAX_PAGES = 2 ** 16;
const MAX_ELEMENTS = 2 ** 32 - 1;

/** How many times larger checks may make a module. Real ones grow by a third at most. */
const MAX_GROWTH = 2;

/** Sections that a browser keeps as bytes; of all others it makes objects. */
const NO_DECLARATIONS: ReadonlySet<number> = new Set([SECTION.code, SECTION.data, SECTION.custom]);

/** Collects the limits that a module exceeds, so that one error names all of them. */
export class ModuleBounds {
  readonly #pluginName: string;
  readonly #limits: ModuleLimits;
  readonly #exceeded = new Map<keyof ModuleLimits, LimitExcess>();

  constructor(pluginName: string, limits: ModuleLimits) {
    this.#pluginName = pluginName;
    this.#limits = limits;
  }

  get isExceeded(): boolean {
    return this.#exceeded.size > 0;
  }

  /** @throws {PluginLimitError} naming all limits that were found to be exceeded. */
  throwIfExceeded(): void {
    const [first, ...more] = this.#exceeded.values();
    if (first !== undefined) throw limitError(this.#pluginName, first, ...more);
  }

  /** Records a limit that is exceeded. @returns whether the value is within it. */
  check(limit: keyof ModuleLimits, value: number): boolean {
    return this.#check({ limit, value, allowed: this.#limits[limit] });
  }

  #check(excess: LimitExcess & { readonly limit: keyof ModuleLimits }): boolean {
    const { limit, value, allowed } = excess;
    if (value <= allowed) return true;
    if (value > (this.#exceeded.get(limit)?.value ?? 0)) this.#exceeded.set(limit, excess);
    return false;
  }

  /** @throws {PluginLimitError} when checks make the module too large. */
  checkGrowth(value: number): void {
    const allowed = this.#limits.moduleBytes * MAX_GROWTH;
    this.#check({ limit: "moduleBytes", value, allowed, detail: "with checks" });
    this.throwIfExceeded();
  }

  checkDeclarations({ sections, types, tags, functions, imports, exports }: ModuleLayout): void {
    const declarations = sections.filter(({ id }) => !NO_DECLARATIONS.has(id));
    const bytes = declarations.reduce((sum, { start, end }) => sum + end - start, 0);
    this.check("declarationBytes", bytes);
    this.check("types", types.length);
    this.check("functions", functions.length);
    this.check("imports", imports.length);
    this.check("exports", exports.length);
    for (const tag of tags) this.check("tagValues", tag?.params.length ?? 0);
  }

  /** The memories, with maxima that keep their total within the limit. */
  memories(declared: readonly SizeLimits[]): SizeLimits[] {
    this.check("memories", declared.length);
    this.check("sharedMemories", declared.filter(({ isShared }) => isShared).length);
    const pages = Math.floor(this.#limits.memoryBytes / PAGE_BYTES);
    this.check("memoryBytes", total(declared) * PAGE_BYTES);
    return declared.map(bound(declared, pages, MAX_PAGES));
  }

  /** The tables, with maxima that keep their total within the limit. */
  tables<Table extends { readonly size: SizeLimits }>(declared: readonly Table[]): Table[] {
    const sizes = declared.map(({ size }) => size);
    this.check("tableElements", total(sizes));
    const boundSize = bound(sizes, this.#limits.tableElements, MAX_ELEMENTS);
    return declared.map((table) => ({ ...table, size: boundSize(table.size) }));
  }
}

function total(sizes: readonly SizeLimits[]): number {
  return sizes.reduce((sum, { minimum }) => sum + minimum, 0);
}

/** Returns what bounds a size: what the minima leave of the limit is divided into equal parts. */
function bound(
  declared: readonly SizeLimits[],
  allowed: number,
  most: number,
): (size: SizeLimits) => SizeLimits {
  const share = Math.floor((allowed - total(declared)) / declared.length);
  return (size) => ({
    ...size,
    maximum: Math.min(size.maximum ?? most, size.minimum + share, most),
  });
}
