import type {
  Function as FunctionNode,
  Node,
  TSDeclareFunction,
  TSFunctionType,
  TSType,
} from "@babel/types";
import type { JsDoc } from "./js-doc.ts";

export interface SourceParameter {
  /** `_` for a pattern. */
  readonly name: string;
  readonly type: TSType | undefined;
  readonly node: Node;
  /** What a parameter of a plugin's function cannot be, such as "optional". */
  readonly refused: string | undefined;
}

/** A function as the sources declare it. */
export interface SourceFunction {
  readonly name: string;
  readonly node: Node;
  readonly docs: string | undefined;
  readonly parameters: readonly SourceParameter[];
  /** `undefined` if nothing says it. */
  readonly result: TSType | undefined;
  /** Whether it returns nothing, as far as its body shows. */
  readonly returnsNothing: boolean;
  readonly isGenerator: boolean;
  readonly isGeneric: boolean;
}

type Parameter = FunctionNode["params"][number] | TSFunctionType["parameters"][number];

/**
 * Reads a function.
 *
 * @param type The type of the variable that holds it.
 */
export function functionNode(
  name: string,
  node: Node,
  doc: JsDoc | undefined,
  type?: TSType,
): SourceFunction {
  const own = node as Partial<FunctionNode> & Node;
  const signature = type?.type === "TSFunctionType" ? type : undefined;
  const parameters: readonly Parameter[] = signature?.parameters ?? own.params ?? [];
  const annotation = signature?.typeAnnotation ?? (node as TSDeclareFunction).returnType;
  return {
    name,
    node,
    docs: doc?.docs,
    parameters: parameters.map((each) => parameterOf(each, doc)),
    result: annotation?.type === "TSTypeAnnotation" ? annotation.typeAnnotation : doc?.returns,
    returnsNothing: own.body?.type === "BlockStatement" && !hasResult(own.body),
    isGenerator: own.generator === true,
    isGeneric: Boolean(own.typeParameters ?? signature?.typeParameters),
  };
}

function parameterOf(node: Parameter, doc: JsDoc | undefined): SourceParameter {
  const refused =
    node.type === "RestElement"
      ? "a rest parameter"
      : node.type === "AssignmentPattern"
        ? "a default value"
        : node.type === "Identifier" && node.optional
          ? "optional"
          : undefined;
  const name = node.type === "Identifier" ? node.name : "_";
  const annotation = "typeAnnotation" in node ? node.typeAnnotation : undefined;
  const type =
    annotation?.type === "TSTypeAnnotation" ? annotation.typeAnnotation : doc?.parameters.get(name);
  return { name, type, node, refused };
}

/** Whether a function's body returns a value. */
function hasResult(node: unknown): boolean {
  if (Array.isArray(node)) return node.some(hasResult);
  if (typeof node !== "object" || node === null) return false;
  const { type, argument } = node as { type?: string; argument?: unknown };
  if (type === undefined) return false;
  if (type === "ReturnStatement") return argument !== null && argument !== undefined;
  if (/Function|Class|ObjectMethod/.test(type)) return false;
  return Object.entries(node).some(([key, value]) => !key.endsWith("Comments") && hasResult(value));
}
