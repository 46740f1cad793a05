import { parse } from "@babel/parser";
import type { Comment, Node, Statement, TSType } from "@babel/types";
import { parse as parseComment, type Spec } from "comment-parser";

/** What a comment of JSDoc says. */
export interface JsDoc {
  readonly docs: string | undefined;
  readonly parameters: ReadonlyMap<string, TSType>;
  readonly returns: TSType | undefined;
  readonly type: TSType | undefined;
  readonly typedefs: readonly { readonly name: string; readonly type: TSType }[];
  /** The statements of `@import`. */
  readonly imports: readonly Statement[];
  readonly problems: readonly string[];
}

/** The last comment of JSDoc before a node. */
export function jsDocOf(node: Pick<Node, "leadingComments">): JsDoc | undefined {
  const comment = node.leadingComments?.findLast(isJsDoc);
  return comment && readJsDoc(comment);
}

/** The text before the tags of the last comment of JSDoc before a node. */
export function docsOf(node: Pick<Node, "leadingComments">): string | undefined {
  const comment = node.leadingComments?.findLast(isJsDoc);
  return comment && textOf(comment);
}

/** The same of a comment after a node: one before the bar of a union belongs to what follows. */
export function docsAfter(node: Pick<Node, "trailingComments"> | undefined): string | undefined {
  const comment = node?.trailingComments?.findLast(isJsDoc);
  return comment && textOf(comment);
}

function isJsDoc(comment: Comment): boolean {
  return comment.type === "CommentBlock" && comment.value.startsWith("*");
}

function blockOf(comment: Comment) {
  return parseComment(`/*${comment.value}*/`, { spacing: "preserve" })[0];
}

function textOf(comment: Comment): string | undefined {
  return blockOf(comment)?.description.trim() || undefined;
}

export function readJsDoc(comment: Comment): JsDoc | undefined {
  if (!isJsDoc(comment)) return undefined;
  const block = blockOf(comment);
  if (block === undefined) return undefined;
  const problems: string[] = [];
  const typeOf = (text: string): TSType | undefined => {
    try {
      return parseType(text, comment);
    } catch {
      problems.push(`Cannot read the type {${text}}: write it as in TypeScript`);
      return undefined;
    }
  };
  const typesOf = (...tags: string[]) =>
    block.tags
      .filter(({ tag, type }) => tags.includes(tag) && type !== "")
      .flatMap(({ name, type }) => {
        const read = typeOf(type);
        return read === undefined ? [] : [{ name, type: read }];
      });
  const properties = block.tags.filter(({ tag }) => tag === "property" || tag === "prop");
  return {
    docs: textOf(comment),
    parameters: new Map(typesOf("param").map(({ name, type }) => [name, type])),
    returns: typesOf("returns", "return")[0]?.type,
    type: typesOf("type")[0]?.type,
    typedefs:
      properties.length === 0
        ? typesOf("typedef")
        : block.tags
            .filter(({ tag }) => tag === "typedef")
            .flatMap(({ name }) => {
              const type = typeOf(objectOf(properties));
              return type === undefined ? [] : [{ name, type }];
            }),
    imports: block.tags
      .filter(({ tag }) => tag === "import")
      .flatMap((tag) => importOf(tag, comment)),
    problems,
  };
}

/** The type that the properties of a `@typedef {object}` make. */
function objectOf(properties: readonly Spec[]): string {
  const fields = properties.map(
    ({ name, type, optional, description }) =>
      `/** ${description.replace(/^\s*-?\s*/, "")} */ ${name}${optional ? "?" : ""}: ${type};`,
  );
  return `{ ${fields.join("\n")} }`;
}

function parseType(text: string, comment: Comment): TSType {
  const [statement] = parseAt(`type _ = ${text};`, comment);
  if (statement?.type !== "TSTypeAliasDeclaration") throw new SyntaxError(text);
  return statement.typeAnnotation;
}

function importOf({ source }: Spec, comment: Comment): Statement[] {
  const text = source
    .map(({ tokens }) => `${tokens.tag} ${tokens.type} ${tokens.name} ${tokens.description}`)
    .join(" ");
  try {
    return parseAt(text.replace("@import", "import type"), comment);
  } catch {
    return [];
  }
}

/** Parses code whose first line is reported as the comment's. */
function parseAt(code: string, comment: Comment): Statement[] {
  const { line, column } = comment.loc?.start ?? { line: 1, column: 0 };
  return parse(code, {
    sourceType: "module",
    plugins: ["typescript"],
    startLine: line,
    startColumn: column,
  }).program.body;
}
