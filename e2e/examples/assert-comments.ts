/** Makes assertions of the comments in which an example says what its statements give. */

import { parseAst } from "vite";

/** What these functions look at in a node of the syntax tree. */
interface Node {
  readonly type: string;
  readonly start: number;
  readonly end: number;
}

/** What a comment that states a value is, as a node. */
const VALUES = new Set([
  "Literal",
  "TemplateLiteral",
  "UnaryExpression",
  "ArrayExpression",
  "ObjectExpression",
  "NewExpression",
]);

/**
 * Adds an assertion to each statement of the top level that a comment ends: `await double([4]); // [8]`
 * states the value of an expression, of the variables of a declaration, or of what `console.log` gets;
 * `// throws PluginTrapError: …` states the class and the message of what the statement throws. Other
 * comments, such as prose, stay as they are.
 */
export function assertComments(code: string, document: string, firstLine: number): string {
  let asserted = code;
  for (const statement of (parseAst(code, { lang: "ts" }).body as Node[]).toReversed()) {
    const comment = /^[ \t]*\/\/ (.*)/.exec(code.slice(statement.end))?.[1];
    if (comment === undefined) continue;
    const source = code.slice(statement.start, statement.end);
    const line = firstLine + code.slice(0, statement.end).split("\n").length - 1;
    const assertion = assertionOf(
      statement,
      source,
      comment,
      JSON.stringify(`${document}:${line}`),
    );
    asserted = asserted.slice(0, statement.start) + assertion + asserted.slice(statement.end);
  }
  return asserted;
}

function assertionOf(statement: Node, source: string, comment: string, place: string): string {
  const thrown = /^throws (.*)$/.exec(comment)?.[1];
  if (thrown !== undefined) {
    return `await example.throws(async () => { ${source} }, ${JSON.stringify(thrown)}, ${place});`;
  }
  if (!isValue(comment)) return source;
  if (statement.type === "VariableDeclaration") {
    const { declarations } = statement as Node & { readonly declarations: readonly { id: Node }[] };
    const names = declarations.map(({ id }) => {
      const text = source.slice(id.start - statement.start, id.end - statement.start);
      return text.replace(/:.*/s, "");
    });
    return `${source} example.equals(${names.join()}, ${comment}, ${place});`;
  }
  if (statement.type !== "ExpressionStatement") return source;
  const expression = source.replace(/;$/, "").replace(/^console\.log\(([^]*)\)$/, "$1");
  return `example.equals(${expression}, ${comment}, ${place});`;
}

function isValue(comment: string): boolean {
  if (["undefined", "Infinity", "-Infinity"].includes(comment)) return true;
  try {
    const [statement] = parseAst(`(${comment})`).body as (Node & { readonly expression?: Node })[];
    return statement?.expression !== undefined && VALUES.has(unwrapped(statement.expression).type);
  } catch {
    return false;
  }
}

function unwrapped(node: Node & { readonly expression?: Node }): Node {
  return node.type === "ParenthesizedExpression" && node.expression ? node.expression : node;
}
