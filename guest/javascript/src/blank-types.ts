import type { Node } from "@babel/types";

/** A part of a source, and what takes its place. */
export interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** Syntax of TypeScript that is not erased but compiled. */
export class NotErasable extends Error {
  readonly node: Node;

  constructor(message: string, node: Node) {
    super(message);
    this.node = node;
  }
}

const COMPILED: Readonly<Record<string, string>> = {
  TSEnumDeclaration: "An enum of TypeScript",
  TSModuleDeclaration: "A namespace",
  TSParameterProperty: "A parameter property",
  TSImportEqualsDeclaration: "import =",
  TSExportAssignment: "export =",
};

const MODIFIERS = /\b(public|private|protected|readonly|abstract|override)\b/g;

type Place = Node & { start: number; end: number };
type Properties = Record<string, unknown>;

/**
 * Returns the edits that leave JavaScript of a TypeScript program. They are as long as what they replace,
 * so every place stays where it was.
 *
 * @throws {NotErasable}
 */
export function blankTypes(program: Node, code: string): Edit[] {
  const edits: Edit[] = [];
  const blank = (start: number, end: number, first = " "): void => {
    const text = code.slice(start, end).replace(/[^\s]/g, " ");
    edits.push({ start, end, text: first + text.slice(1) });
  };

  const visit = (value: unknown): void => {
    if (Array.isArray(value)) return value.forEach(visit);
    if (typeof value !== "object" || value === null) return;
    const node = value as Place & Properties;
    if (typeof node.type !== "string") return;
    const compiled = COMPILED[node.type];
    if (compiled !== undefined && node.declare !== true)
      throw new NotErasable(
        `${compiled} needs a compiler: pass esbuild, or write it in JavaScript`,
        node,
      );
    if (isStatementOfTypes(node)) return blank(node.start, node.end, ";");
    if (isTypeOnly(node)) return blank(node.start, node.end);
    blankParts(node);
    for (const [key, child] of Object.entries(node)) if (!key.endsWith("Comments")) visit(child);
  };

  /** Blanks the words and marks in a node that are no nodes themselves. */
  const blankParts = (node: Place & Properties): void => {
    switch (node.type) {
      case "TSAsExpression":
      case "TSSatisfiesExpression":
        return blank((node.expression as Place).end, node.end);
      case "TSNonNullExpression":
        return blank(node.end - 1, node.end);
      case "TSTypeAssertion":
        return blank(node.start, (node.expression as Place).start);
      case "Identifier":
        if (node.optional === true) blankMark("?", node.start + node.name.length);
        return;
      case "VariableDeclarator":
        if (node.definite === true) blankMark("!", node.start);
        return;
      case "ImportSpecifier":
      case "ExportSpecifier":
        if (node.importKind === "type" || node.exportKind === "type") {
          const comma = /^\s*,/.exec(code.slice(node.end))?.[0].length ?? 0;
          blank(node.start, node.end + comma);
        }
        return;
      case "ClassDeclaration":
      case "ClassExpression":
        if (node.abstract === true) blankMark("abstract", node.start);
        return blankImplements(node);
      case "ClassProperty":
      case "ClassPrivateProperty":
      case "ClassAccessorProperty":
      case "ClassMethod":
      case "ClassPrivateMethod": {
        const key = node.key as Place;
        for (const { index, 0: word } of code.slice(node.start, key.start).matchAll(MODIFIERS))
          blank(node.start + index, node.start + index + word.length);
        if (node.optional === true) blankMark("?", key.end);
        if (node.definite === true) blankMark("!", key.end);
        return;
      }
      default:
    }
  };

  const blankMark = (mark: string, from: number): void => {
    const at = code.indexOf(mark, from);
    blank(at, at + mark.length);
  };

  const blankImplements = (node: Place & Properties): void => {
    const list = (node.implements as Place[] | undefined) ?? [];
    const [first, last] = [list[0], list.at(-1)];
    if (first && last) blank(code.lastIndexOf("implements", first.start), last.end);
  };

  visit(program);
  return edits;
}

function isStatementOfTypes(node: Properties): boolean {
  const { type, declare, importKind, exportKind } = node;
  if (type === "TSInterfaceDeclaration" || type === "TSTypeAliasDeclaration") return true;
  if (type === "TSDeclareFunction") return true;
  if (declare === true && type !== "ClassProperty") return true;
  if (type === "ImportDeclaration") return importKind === "type";
  return /^Export(Named|All)Declaration$/.test(type as string) && exportKind === "type";
}

function isTypeOnly(node: Properties): boolean {
  switch (node.type) {
    case "TSTypeAnnotation":
    case "TSTypeParameterDeclaration":
    case "TSTypeParameterInstantiation":
    case "TSDeclareMethod":
    case "TSIndexSignature":
      return true;
    case "ClassProperty":
      return node.declare === true || node.abstract === true;
    default:
      return false;
  }
}

/** Applies edits. Of two that overlap, only the outer one. */
export function edited(code: string, edits: readonly Edit[]): string {
  const sorted = edits.toSorted((one, other) => one.start - other.start || other.end - one.end);
  let [text, at] = ["", 0];
  for (const { start, end, text: replacement } of sorted) {
    if (start < at) continue;
    text += code.slice(at, start) + replacement;
    at = end;
  }
  return text + code.slice(at);
}
