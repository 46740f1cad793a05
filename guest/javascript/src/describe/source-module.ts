import { type ParseResult, type ParserPlugin, parse } from "@babel/parser";
import type {
  CallExpression,
  Comment,
  Node,
  Statement,
  TSDeclareFunction,
  TSInterfaceDeclaration,
  TSType,
} from "@babel/types";
import { type Diagnostic, SourceSyntaxError } from "./diagnostic.ts";
import { type JsDoc, jsDocOf, readJsDoc } from "./js-doc.ts";
import { functionNode, type SourceFunction } from "./source-function.ts";

/** The package that plugins import types and functions from. */
export const SDK = "@cloche/javascript";

/** A name that a module takes from another. */
export interface ImportedName {
  readonly specifier: string;
  /** The name there; `*` for all of them. */
  readonly name: string;
}

export interface TypeDeclaration {
  readonly node: TSType | TSInterfaceDeclaration;
  readonly isGeneric: boolean;
  readonly docs: string | undefined;
}

export interface ExportedName {
  readonly local: string;
  /** Where it is exported again from. */
  readonly specifier: string | undefined;
  readonly node: Node;
}

/** What a module declares at its top. */
export interface SourceModule {
  readonly file: string;
  readonly program: ParseResult["program"];
  readonly types: Map<string, TypeDeclaration>;
  readonly functions: Map<string, SourceFunction>;
  readonly hostFunctions: Map<string, SourceFunction>;
  readonly imports: Map<string, ImportedName>;
  readonly exports: Map<string, ExportedName>;
  /** Modules whose every name is exported again. */
  readonly exportsAllOf: string[];
  /** All modules that it imports. */
  readonly specifiers: Set<string>;
}

/**
 * Parses a module and lists what it declares.
 *
 * @throws {SourceSyntaxError} The code is no module.
 */
export function readModule(
  file: string,
  code: string,
  report: (diagnostic: Diagnostic) => void,
): SourceModule {
  const { program, comments } = parseModule(file, code);
  const module: SourceModule = {
    file,
    program,
    types: new Map(),
    functions: new Map(),
    hostFunctions: new Map(),
    imports: new Map(),
    exports: new Map(),
    exportsAllOf: [],
    specifiers: new Set(),
  };
  const reader = new ModuleReader(module, report);
  for (const comment of comments ?? []) reader.readTypedefs(comment);
  for (const statement of program.body) reader.read(statement, jsDocOf(statement));
  return module;
}

function parseModule(file: string, code: string): ParseResult {
  const plugins: ParserPlugin[] = /\.[cm]?tsx?$/.test(file) ? ["typescript"] : [];
  if (file.endsWith("x")) plugins.push("jsx");
  try {
    return parse(code, { sourceType: "module", plugins });
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    const { line = 1, column = 0 } =
      (error as { loc?: { line?: number; column?: number } }).loc ?? {};
    const message = error.message.replace(/ \(\d+:\d+\)$/, "");
    throw new SourceSyntaxError(
      { severity: "error", message, file, line, column: column + 1 },
      error,
    );
  }
}

class ModuleReader {
  readonly #module: SourceModule;
  readonly #report: (diagnostic: Diagnostic) => void;

  constructor(module: SourceModule, report: (diagnostic: Diagnostic) => void) {
    this.#module = module;
    this.#report = report;
  }

  /** Reads the types that a comment of JSDoc declares and imports. */
  readTypedefs(comment: Comment): void {
    const doc = readJsDoc(comment);
    if (doc === undefined) return;
    for (const { name, type } of doc.typedefs)
      this.#module.types.set(name, { node: type, isGeneric: false, docs: doc.docs });
    for (const statement of doc.imports) this.read(statement, undefined);
    for (const problem of doc.problems) this.#problem("error", problem, comment);
  }

  read(statement: Statement, doc: JsDoc | undefined): void {
    const module = this.#module;
    switch (statement.type) {
      case "ImportDeclaration":
        module.specifiers.add(statement.source.value);
        for (const each of statement.specifiers) {
          const name =
            each.type === "ImportSpecifier"
              ? nameOf(each.imported)
              : each.type === "ImportNamespaceSpecifier"
                ? "*"
                : "default";
          module.imports.set(each.local.name, { specifier: statement.source.value, name });
        }
        return;
      case "ExportAllDeclaration":
        module.specifiers.add(statement.source.value);
        module.exportsAllOf.push(statement.source.value);
        return;
      case "ExportDefaultDeclaration":
        this.#problem(
          "warning",
          "A default export is not offered to the page: export a function by its name",
          statement,
        );
        return;
      case "ExportNamedDeclaration": {
        if (statement.source) module.specifiers.add(statement.source.value);
        for (const each of statement.specifiers) {
          if (each.type !== "ExportSpecifier") continue;
          const specifier = statement.source?.value;
          module.exports.set(nameOf(each.exported), {
            local: each.local.name,
            specifier,
            node: each,
          });
        }
        if (!statement.declaration) return;
        for (const name of this.#declare(statement.declaration, doc))
          module.exports.set(name, { local: name, specifier: undefined, node: statement });
        return;
      }
      default:
        this.#declare(statement, doc);
    }
  }

  /** Notes what a statement declares. Returns the names of values, and of types. */
  #declare(statement: Statement, doc: JsDoc | undefined): string[] {
    const module = this.#module;
    switch (statement.type) {
      case "TSInterfaceDeclaration":
      case "TSTypeAliasDeclaration": {
        const isInterface = statement.type === "TSInterfaceDeclaration";
        module.types.set(statement.id.name, {
          node: isInterface ? statement : statement.typeAnnotation,
          isGeneric: Boolean(statement.typeParameters),
          docs: doc?.docs,
        });
        return [statement.id.name];
      }
      case "FunctionDeclaration":
        if (!statement.id) return [];
        module.functions.set(statement.id.name, functionNode(statement.id.name, statement, doc));
        return [statement.id.name];
      case "TSDeclareFunction":
        return this.#declareFunction(statement, doc);
      case "VariableDeclaration":
        return statement.declarations.flatMap((each) => {
          if (each.id.type !== "Identifier") return [];
          const { name } = each.id;
          const host = each.init && this.#hostFunctionName(each.init);
          const annotation = each.id.typeAnnotation;
          const type =
            annotation?.type === "TSTypeAnnotation" ? annotation.typeAnnotation : doc?.type;
          if (host) module.hostFunctions.set(host, functionNode(host, each, doc, type));
          else if (isFunction(each.init) || type?.type === "TSFunctionType")
            module.functions.set(name, functionNode(name, each.init ?? each, doc, type));
          return [name];
        });
      case "ClassDeclaration":
      case "TSEnumDeclaration":
        return statement.id ? [statement.id.name] : [];
      default:
        return [];
    }
  }

  #declareFunction(statement: TSDeclareFunction, doc: JsDoc | undefined): string[] {
    const name = statement.id?.name ?? "";
    if (statement.declare) {
      this.#module.hostFunctions.set(name, functionNode(name, statement, doc));
      // Declared, not defined: it is no function of the plugin.
      return [];
    }
    this.#problem(
      "error",
      `"${name}" has several signatures: a function of a plugin has one`,
      statement,
    );
    return [];
  }

  /** The name in `hostFunction("name")`. */
  #hostFunctionName(node: Node): string | undefined {
    const call = node as CallExpression;
    if (call.type !== "CallExpression" || call.callee.type !== "Identifier") return undefined;
    const imported = this.#module.imports.get(call.callee.name);
    if (imported?.specifier !== SDK || imported.name !== "hostFunction") return undefined;
    const [name] = call.arguments;
    if (name?.type === "StringLiteral") return name.value;
    this.#problem("error", 'Write the name into the call: hostFunction("name")', node);
    return undefined;
  }

  #problem(severity: Diagnostic["severity"], message: string, node: Node | Comment): void {
    this.#report(diagnosticAt(severity, message, this.#module.file, node));
  }
}

export function diagnosticAt(
  severity: Diagnostic["severity"],
  message: string,
  file: string,
  node: Pick<Node, "loc"> | Comment,
): Diagnostic {
  const { line, column } = node.loc?.start ?? { line: 1, column: 0 };
  return { severity, message, file, line, column: column + 1 };
}

function isFunction(node: Node | null | undefined): boolean {
  return node?.type === "ArrowFunctionExpression" || node?.type === "FunctionExpression";
}

function nameOf(node: { type: string; name?: string; value?: string }): string {
  return node.name ?? node.value ?? "";
}
