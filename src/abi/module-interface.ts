/**
 * What a module offers and wants, with types.
 *
 * `WebAssembly.Module.exports()` tells kinds but no types, and the ABI is about types, so they are
 * read from the binary.
 */

import type { ExternKind, ModuleLayout } from "./module-layout.ts";
import type { FunctionType } from "./type-section.ts";

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

/** The interface of a module whose binary was read, in plain data that can be posted. */
export function interfaceOfLayout({ imports, exports, functions }: ModuleLayout): ModuleInterface {
  return {
    imports: imports.map(({ module, name, kind, type }) => ({
      module,
      name,
      kind,
      type: plainType(type),
    })),
    exports: exports.map(({ name, kind, index }) => ({
      name,
      kind,
      type: kind === "function" ? plainType(functions[index]) : undefined,
    })),
  };
}

function plainType(type: FunctionType | undefined): FunctionType | undefined {
  return type && { params: type.params, results: type.results };
}
