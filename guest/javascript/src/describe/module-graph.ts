import type { Diagnostic } from "./diagnostic.ts";
import type { SourceFunction } from "./source-function.ts";
import { readModule, SDK, type SourceModule, type TypeDeclaration } from "./source-module.ts";
import { SDK_TYPES } from "./type-words.ts";

/** Where the sources of a plugin come from. */
export interface Sources {
  /** The file that an import names, or `undefined` for one of a package. */
  readonly resolve: (specifier: string, from: string) => string | undefined;
  readonly read: (file: string) => string;
}

interface Found<Item> {
  readonly declaration: Item;
  readonly module: SourceModule;
}

/** Names of the package that stand for types with parameters. */
const SDK_GENERICS = ["Result", "FixedArray", "FixedBytes", "Borrow", "Resource"];

/** The modules of a plugin, but not of the packages that it uses. */
export class ModuleGraph {
  readonly entry: SourceModule;
  readonly #sources: Sources;
  readonly #modules = new Map<string, SourceModule>();

  constructor(entry: string, sources: Sources, report: (diagnostic: Diagnostic) => void) {
    this.#sources = sources;
    const open = [entry];
    for (const file of open) {
      if (this.#modules.has(file)) continue;
      const module = readModule(file, sources.read(file), report);
      this.#modules.set(file, module);
      for (const specifier of module.specifiers) {
        const target = this.#target(specifier, file);
        if (target !== undefined) open.push(target);
      }
    }
    this.entry = this.#modules.get(entry) as SourceModule;
  }

  get modules(): Iterable<SourceModule> {
    return this.#modules.values();
  }

  #target(specifier: string, from: string): string | undefined {
    if (specifier === SDK) return undefined;
    const file = this.#sources.resolve(specifier, from);
    return file !== undefined && /\.[cm]?[jt]sx?$/.test(file) ? file : undefined;
  }

  #moduleOf(specifier: string, from: SourceModule): SourceModule | undefined {
    const file = this.#target(specifier, from.file);
    return file === undefined ? undefined : this.#modules.get(file);
  }

  /** The name that the package exports a type by. In JavaScript no import is needed. */
  sdkName(name: string, module: SourceModule, specifier?: string): string | undefined {
    const imported = specifier === undefined ? module.imports.get(name) : { specifier, name };
    if (imported?.specifier === SDK) return imported.name;
    const isKnown = name in SDK_TYPES || SDK_GENERICS.includes(name);
    const isFree =
      imported === undefined && !module.types.has(name) && /\.[cm]?jsx?$/.test(module.file);
    return isKnown && isFree ? name : undefined;
  }

  /** Why a name cannot be found, if it is imported. */
  problemWith(name: string, module: SourceModule, specifier?: string): string | undefined {
    const from = specifier ?? module.imports.get(name)?.specifier;
    if (from !== undefined)
      return `The type "${name}" comes from "${from}", which is not read: declare it in these sources`;
    const isKnown = name in SDK_TYPES || SDK_GENERICS.includes(name);
    return isKnown ? `Import the type: import type { ${name} } from "${SDK}"` : undefined;
  }

  findType(
    name: string,
    module: SourceModule,
    specifier?: string,
  ): Found<TypeDeclaration> | undefined {
    if (specifier !== undefined) return this.#findExported(name, specifier, module, "types");
    return this.#find(name, module, "types");
  }

  findFunction(name: string, module: SourceModule): Found<SourceFunction> | undefined {
    return this.#find(name, module, "functions");
  }

  /** What a module exports by a name. */
  findExport(name: string, module: SourceModule): Found<SourceFunction> | undefined {
    return this.#findExport(name, module, "functions", new Set());
  }

  #find<Kind extends "types" | "functions">(
    name: string,
    module: SourceModule,
    kind: Kind,
  ): Found<Declared<Kind>> | undefined {
    const declaration = module[kind].get(name) as Declared<Kind> | undefined;
    if (declaration !== undefined) return { declaration, module };
    const imported = module.imports.get(name);
    return imported && this.#findExported(imported.name, imported.specifier, module, kind);
  }

  #findExported<Kind extends "types" | "functions">(
    name: string,
    specifier: string,
    from: SourceModule,
    kind: Kind,
    seen: Set<string> = new Set(),
  ): Found<Declared<Kind>> | undefined {
    const module = this.#moduleOf(specifier, from);
    return module && this.#findExport(name, module, kind, seen);
  }

  #findExport<Kind extends "types" | "functions">(
    name: string,
    module: SourceModule,
    kind: Kind,
    seen: Set<string>,
  ): Found<Declared<Kind>> | undefined {
    if (seen.has(module.file)) return undefined;
    seen.add(module.file);
    const exported = module.exports.get(name);
    // The types of JSDoc are exported without a word.
    if (exported === undefined) {
      const own = kind === "types" ? this.#find(name, module, kind) : undefined;
      if (own !== undefined) return own;
      for (const specifier of module.exportsAllOf) {
        const found = this.#findExported(name, specifier, module, kind, seen);
        if (found !== undefined) return found;
      }
      return undefined;
    }
    if (exported.specifier === undefined) return this.#find(exported.local, module, kind);
    return this.#findExported(exported.local, exported.specifier, module, kind, seen);
  }

  /** All names that the entry exports, those of `export *` too. */
  exportedNames(module: SourceModule = this.entry, seen: Set<string> = new Set()): string[] {
    if (seen.has(module.file)) return [];
    seen.add(module.file);
    const others = module.exportsAllOf.flatMap((specifier) => {
      const target = this.#moduleOf(specifier, module);
      return target === undefined ? [] : this.exportedNames(target, seen);
    });
    return [...new Set([...module.exports.keys(), ...others])];
  }
}

type Declared<Kind extends "types" | "functions"> = Kind extends "types"
  ? TypeDeclaration
  : SourceFunction;
