import {
  compiler,
  type DeclaredElement,
  type File,
  type FunctionPrototype,
  type Program,
  type Range,
  type Type,
  type VariableDeclaration,
} from "./compiler.ts";
import { docsOf } from "./docs.ts";
import { Indescribable } from "./indescribable.ts";
import { type FunctionType, schemaText } from "./schema-text.ts";
import type { TypeDescriber } from "./type-describer.ts";
import type { ValueType } from "./value-type.ts";

/** A function that the plugin offers or imports. */
export interface PluginFunction {
  readonly prototype: FunctionPrototype;
  readonly type: FunctionType;
}

/** Names of the ABI, whose exports and imports would be taken for its own. */
const RESERVED: ReadonlySet<string> = new Set([
  "alloc_buffer",
  "drop_resource",
  "free_buffer",
  "stack_pointer",
]);

/** Why a function cannot be offered or imported, and where that is written. */
class Unsuitable extends Error {
  constructor(
    message: string,
    readonly range: Range,
  ) {
    super(message);
  }
}

/** The files that the compiler was called with, without the runtime's. */
export function entryFiles({ filesByName }: Program): File[] {
  return [...filesByName.values()].filter(
    ({ source, internalName }) =>
      source.sourceKind === compiler.SourceKind.UserEntry && !internalName.startsWith("~lib/"),
  );
}

/** The functions that the entry files export. Warns of those that cannot be offered. */
export function offeredFunctions(program: Program, describer: TypeDescriber): PluginFunction[] {
  const exported = new Map<string, DeclaredElement>();
  for (const file of entryFiles(program)) collectExports(file, exported);
  return [...exported].flatMap(([name, element]) => {
    if (isFunctionVariable(element)) {
      warn(
        program,
        element,
        `"${name}" is not offered: it is a variable, and no function declaration`,
      );
    }
    if (!isFunction(element) || hasFlag(element, compiler.CommonFlags.Ambient)) return [];
    const type = describeOrWarn(program, describer, element, name, "offered");
    return type === undefined ? [] : [{ prototype: element, type }];
  });
}

/**
 * The functions that are declared for the host to give; a function with `@external` is not. Warns of
 * those that cannot be imported, which abort when they are called.
 */
export function importedFunctions(
  program: Program,
  describer: TypeDescriber,
): { imported: PluginFunction[]; unsuitable: FunctionPrototype[] } {
  const imported = new Map<string, PluginFunction[]>();
  const unsuitable: FunctionPrototype[] = [];
  for (const prototype of [...program.elementsByDeclaration.values()].filter(isHostFunction)) {
    // From here on it has a body, and its type is resolved as such.
    prototype.flags &= ~compiler.CommonFlags.Ambient;
    prototype.declaration.flags &= ~compiler.CommonFlags.Ambient;
    const { name } = prototype;
    const type = describeOrWarn(program, describer, prototype, name, "imported");
    const [first] = imported.get(name) ?? [];
    if (type === undefined) {
      unsuitable.push(prototype);
    } else if (first !== undefined && schemaText([], [first.type]) !== schemaText([], [type])) {
      warn(program, prototype, `"${name}" is not imported: it is declared twice with differences`);
      unsuitable.push(prototype);
    } else {
      imported.set(name, [...(imported.get(name) ?? []), { prototype, type }]);
    }
  }
  return { imported: [...imported.values()].flat(), unsuitable };
}

function collectExports(file: File, found: Map<string, DeclaredElement>): void {
  for (const [name, element] of file.exports ?? []) {
    if (!found.has(name)) found.set(name, element);
  }
  for (const other of file.exportsStar ?? []) collectExports(other, found);
}

function isFunction(element: DeclaredElement): element is FunctionPrototype {
  return element.kind === compiler.ElementKind.FunctionPrototype;
}

/** `export const f = () => …` */
function isFunctionVariable({ kind, declaration }: DeclaredElement): boolean {
  if (kind !== compiler.ElementKind.Global) return false;
  const { initializer } = declaration as VariableDeclaration;
  return initializer?.kind === compiler.NodeKind.Function;
}

function isHostFunction(element: DeclaredElement): element is FunctionPrototype {
  const { File, Namespace } = compiler.ElementKind;
  return (
    isFunction(element) &&
    hasFlag(element, compiler.CommonFlags.Ambient) &&
    (element.decoratorFlags & compiler.DecoratorFlags.External) === 0 &&
    [File, Namespace].includes(element.parent.kind) &&
    !element.declaration.range.source.isLibrary
  );
}

function hasFlag({ flags }: DeclaredElement, flag: number): boolean {
  return (flags & flag) !== 0;
}

function describeOrWarn(
  program: Program,
  describer: TypeDescriber,
  prototype: FunctionPrototype,
  name: string,
  use: "offered" | "imported",
): FunctionType | undefined {
  try {
    return describeFunction(program, describer, prototype, name);
  } catch (error) {
    if (!(error instanceof Unsuitable)) throw error;
    warn(program, error, `"${name}" is not ${use}: ${error.message}`);
    return undefined;
  }
}

function describeFunction(
  program: Program,
  describer: TypeDescriber,
  prototype: FunctionPrototype,
  name: string,
): FunctionType {
  const { range } = prototype.identifierNode;
  if (RESERVED.has(name)) throw new Unsuitable("the name is reserved", range);
  if (hasFlag(prototype, compiler.CommonFlags.Generic)) {
    throw new Unsuitable("it is generic", range);
  }
  const resolved = program.resolver.resolveFunction(prototype, null);
  if (resolved === null) throw new Unsuitable("its type has an error", range);
  const { parameterTypes, returnType } = resolved.signature;
  const { parameters, returnType: returnNode } = prototype.declaration.signature;
  const docs = docsOf(prototype.declaration);
  const described = parameterTypes.map((type, index) => ({
    name: parameters[index]?.name.text ?? "_",
    type: describeAt(describer, type, parameters[index]?.type.range ?? range),
  }));
  if (returnType.kind === compiler.TypeKind["Void"]) return { name, docs, parameters: described };
  const result = describeAt(describer, returnType, returnNode.range);
  return { name, docs, parameters: described, result };
}

function describeAt(describer: TypeDescriber, type: Type, range: Range): ValueType {
  try {
    return describer.describe(type);
  } catch (error) {
    if (!(error instanceof Indescribable)) throw error;
    throw new Unsuitable(error.message, range);
  }
}

function warn(
  program: Program,
  at: { readonly range: Range } | DeclaredElement,
  text: string,
): void {
  const range = "range" in at ? at.range : at.identifierNode.range;
  program.warning(compiler.DiagnosticCode.User_defined_0, range);
  const message = program.diagnostics.at(-1);
  if (message !== undefined) message.message = text;
}
