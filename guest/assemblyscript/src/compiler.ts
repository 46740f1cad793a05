import * as assemblyscript from "assemblyscript";

/**
 * The parts of the compiler that the transform uses, described by shape: its own declarations have
 * `const enum`s, which other compilers cannot read, and mark some of these methods private.
 */
export interface Range {
  readonly start: number;
  readonly end: number;
  readonly source: Source;
}

export interface Source {
  readonly text: string;
  readonly internalPath: string;
  readonly sourceKind: number;
  readonly isLibrary: boolean;
  readonly statements: Statement[];
}

export interface Statement {
  readonly kind: number;
  readonly range: Range;
}

export interface ImportStatement extends Statement {
  internalPath: string;
  readonly declarations: readonly { readonly foreignName: { readonly text: string } }[] | null;
}

interface TypeNode {
  readonly range: Range;
}

export interface FunctionDeclaration extends Statement {
  flags: number;
  body: Statement | null;
  readonly signature: {
    readonly parameters: readonly {
      readonly name: { readonly text: string };
      readonly type: TypeNode;
    }[];
    readonly returnType: TypeNode;
  };
}

export interface VariableDeclaration extends Statement {
  readonly initializer: { readonly kind: number } | null;
}

export interface Element {
  readonly kind: number;
  readonly name: string;
  readonly internalName: string;
  readonly parent: Element;
  members: Map<string, Element> | null;
  flags: number;
}

export interface DeclaredElement extends Element {
  readonly declaration: Statement;
  readonly identifierNode: { readonly range: Range };
}

export interface File extends Element {
  readonly constructor: new (program: Program, source: Source) => File;
  readonly source: Source;
  exports: Map<string, DeclaredElement> | null;
  exportsStar: File[] | null;
}

export interface FunctionPrototype extends DeclaredElement {
  readonly decoratorFlags: number;
  readonly declaration: FunctionDeclaration;
}

export interface ClassPrototype extends DeclaredElement {
  readonly basePrototype: ClassPrototype | null;
}

export interface Class extends DeclaredElement {
  readonly prototype: ClassPrototype;
  readonly base: Class | null;
  readonly typeArguments: readonly Type[] | null;
  readonly type: Type;
}

/** A field of a class, among its members. */
export interface FieldPrototype extends DeclaredElement {
  readonly isField: boolean;
  readonly fieldDeclaration: Statement | null;
  readonly instance: { readonly type: Type; readonly memoryOffset: number } | null;
}

export interface Type {
  readonly kind: number;
  readonly isReference: boolean;
  readonly isNullableReference: boolean;
  readonly isManaged: boolean;
  readonly signatureReference: unknown;
  getClass(): Class | null;
  toString(): string;
}

export interface Signature {
  readonly parameterTypes: readonly Type[];
  readonly returnType: Type;
}

export interface Parser {
  readonly constructor: new (diagnostics: unknown[], sources: Source[]) => Parser;
  readonly sources: Source[];
  parseFile(text: string, path: string, isEntry: boolean): void;
}

export interface Program {
  readonly sources: Source[];
  readonly diagnostics: { message: string }[];
  readonly filesByName: Map<string, File>;
  readonly elementsByDeclaration: Map<Statement, DeclaredElement>;
  readonly options: { exportStart: string | null; globalAliases: Map<string, string> | null };
  readonly resolver: {
    resolveFunction(
      prototype: FunctionPrototype,
      typeArguments: null,
    ): { readonly signature: Signature } | null;
    resolveClass(prototype: ClassPrototype, typeArguments: readonly Type[] | null): Class | null;
  };
  warning(code: number, range: Range): void;
  initializeFunction(declaration: FunctionDeclaration, parent: Element): FunctionPrototype | null;
}

/** The module that the compiler makes, as binaryen wraps it. */
export interface BinaryModule {
  getGlobal(name: string): number;
  addGlobalExport(internalName: string, name: string): void;
  addCustomSection(name: string, content: Uint8Array): void;
}

interface Constants {
  readonly DiagnosticCode: { readonly User_defined_0: number };
  readonly CommonFlags: {
    readonly Abstract: number;
    readonly Ambient: number;
    readonly Generic: number;
  };
  readonly DecoratorFlags: { readonly External: number };
  readonly ElementKind: {
    readonly Class: number;
    readonly ClassPrototype: number;
    readonly FunctionPrototype: number;
    readonly Global: number;
    readonly PropertyPrototype: number;
    readonly Namespace: number;
    readonly File: number;
  };
  readonly NodeKind: { readonly Function: number; readonly Import: number };
  readonly SourceKind: { readonly UserEntry: number; readonly User: number };
  readonly TypeKind: Readonly<Record<string, number>>;
}

/**
 * The compiler's constants. Its classes are taken from its objects: a project that links this package
 * has a copy of the compiler beside the one that this package finds.
 */
export const compiler: Constants = assemblyscript as unknown as Constants;
