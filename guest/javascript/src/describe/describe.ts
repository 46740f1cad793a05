import type { TSType } from "@babel/types";
import type { Description, Signature, Type } from "../description.ts";
import { type Diagnostic, SourceSyntaxError } from "./diagnostic.ts";
import { ModuleGraph, type Sources } from "./module-graph.ts";
import type { SourceFunction } from "./source-function.ts";
import { diagnosticAt, type SourceModule } from "./source-module.ts";
import { argumentsOf, Indescribable, TypeReader } from "./type-reader.ts";

export interface Described {
  /** Without the functions that have errors. */
  readonly description: Description;
  readonly diagnostics: readonly Diagnostic[];
}

/** Names that the ABI itself exports or imports. */
const RESERVED = new Set(["alloc_buffer", "free_buffer", "drop_resource"]);

/** Reads from the sources of a plugin what it offers and what it wants from the host. */
export function describe(entry: string, sources: Sources): Described {
  const diagnostics: Diagnostic[] = [];
  const report = (diagnostic: Diagnostic): void => void diagnostics.push(diagnostic);
  const nothing: Description = { exports: [], imports: [], types: [] };
  let graph: ModuleGraph;
  try {
    graph = new ModuleGraph(entry, sources, report);
  } catch (error) {
    if (!(error instanceof SourceSyntaxError)) throw error;
    return { description: nothing, diagnostics: [...diagnostics, error.diagnostic] };
  }
  const signatures = new SignatureReader(graph, report);
  const exports = graph.exportedNames().flatMap((name) => signatures.readExport(name) ?? []);
  const imports = signatures.readImports();
  if (exports.length === 0 && diagnostics.every(({ severity }) => severity === "warning"))
    report({
      severity: "error",
      message: "The module exports no function: write export before one",
      file: entry,
      line: 1,
      column: 1,
    });
  return { description: { exports, imports, types: signatures.types }, diagnostics };
}

class SignatureReader {
  readonly #graph: ModuleGraph;
  readonly #reader: TypeReader;
  readonly #report: (diagnostic: Diagnostic) => void;

  constructor(graph: ModuleGraph, report: (diagnostic: Diagnostic) => void) {
    this.#graph = graph;
    this.#reader = new TypeReader(graph);
    this.#report = report;
  }

  get types(): Description["types"] {
    return this.#reader.declarations;
  }

  readExport(name: string): Signature | undefined {
    const { entry } = this.#graph;
    const found = this.#graph.findExport(name, entry);
    if (found !== undefined) return this.#signature(found.declaration, found.module, name, true);
    const exported = entry.exports.get(name);
    const isType =
      exported === undefined || this.#graph.findType(exported.local, entry, exported.specifier);
    if (!isType)
      this.#report(
        diagnosticAt(
          "warning",
          `"${name}" is not offered to the page: it is no function of these sources`,
          entry.file,
          exported.node,
        ),
      );
    return undefined;
  }

  readImports(): Signature[] {
    const imports = new Map<string, Signature>();
    for (const module of this.#graph.modules) {
      for (const [name, declaration] of module.hostFunctions) {
        const signature = this.#signature(declaration, module, name, false);
        if (signature === undefined) continue;
        const known = imports.get(name);
        if (known !== undefined && JSON.stringify(known) !== JSON.stringify(signature))
          this.#problem(`The host function "${name}" is declared in two ways`, declaration, module);
        imports.set(name, signature);
      }
    }
    return [...imports.values()];
  }

  #problem(message: string, { node }: SourceFunction, module: SourceModule): undefined {
    this.#report(diagnosticAt("error", message, module.file, node));
    return undefined;
  }

  #signature(
    source: SourceFunction,
    module: SourceModule,
    name: string,
    isExport: boolean,
  ): Signature | undefined {
    if (RESERVED.has(name))
      return this.#problem(`The name "${name}" is one of the ABI: choose another`, source, module);
    if (source.isGeneric)
      return this.#problem(`"${name}" has type parameters: write its types out`, source, module);
    if (source.isGenerator)
      return this.#problem(`"${name}" is a generator: return an array`, source, module);
    const parameters = source.parameters.flatMap((parameter) => {
      const { refused, type } = parameter;
      const where = `Parameter "${parameter.name}" of "${name}"`;
      const message =
        refused !== undefined
          ? `${where} is ${refused}, which a plugin's function cannot have: write T | null`
          : type === undefined
            ? `${where} has no type: write ${parameter.name}: number, or @param {number} ${parameter.name}`
            : undefined;
      if (message !== undefined) {
        this.#report(diagnosticAt("error", message, module.file, parameter.node));
        return [];
      }
      const read = this.#type(type as TSType, module);
      return read === undefined ? [] : [{ name: parameter.name, type: read }];
    });
    const result = this.#result(source, module, name, isExport);
    if (result === undefined || parameters.length < source.parameters.length) return undefined;
    return { name, parameters, result, ...(source.docs !== undefined && { docs: source.docs }) };
  }

  #result(
    source: SourceFunction,
    module: SourceModule,
    name: string,
    isExport: boolean,
  ): Type | undefined {
    const { result } = source;
    if (result === undefined) {
      if (isExport && source.returnsNothing) return "()";
      return this.#problem(
        `"${name}" does not say what it returns: write (…): number, or @returns {number}`,
        source,
        module,
      );
    }
    const promised = promisedType(result);
    if (promised === undefined) return this.#type(result, module);
    if (isExport) return this.#type(promised, module);
    return this.#problem(
      `"${name}" returns a promise: a host function returns its value, and the plugin waits`,
      source,
      module,
    );
  }

  #type(node: TSType, module: SourceModule): Type | undefined {
    try {
      return this.#reader.read(node, module);
    } catch (error) {
      if (!(error instanceof Indescribable)) throw error;
      this.#report(diagnosticAt("error", error.message, error.module.file, error.node));
      return undefined;
    }
  }
}

/** `T` of `Promise<T>`. */
function promisedType(node: TSType): TSType | undefined {
  if (node.type !== "TSTypeReference" || node.typeName.type !== "Identifier") return undefined;
  return node.typeName.name === "Promise" ? argumentsOf(node)[0] : undefined;
}
