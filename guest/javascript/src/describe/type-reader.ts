import type {
  Node,
  TSInterfaceDeclaration,
  TSType,
  TSTypeElement,
  TSTypeReference,
} from "@babel/types";
import type { Declaration, Field, Type, Variant } from "../description.ts";
import { docsAfter, docsOf } from "./js-doc.ts";
import type { ModuleGraph } from "./module-graph.ts";
import type { SourceModule, TypeDeclaration } from "./source-module.ts";
import { ADVICE, GLOBAL_TYPES, KEYWORD_TYPES, SDK_TYPES } from "./type-words.ts";

/** A type that has no counterpart in the schema. */
export class Indescribable extends Error {
  readonly node: Node;
  readonly module: SourceModule;

  constructor(message: string, node: Node, module: SourceModule) {
    super(message);
    this.node = node;
    this.module = module;
  }
}

/** Reads types, and collects the declared ones that they use. */
export class TypeReader {
  readonly #graph: ModuleGraph;
  readonly #declarations = new Map<string, Declaration & { readonly from: TypeDeclaration }>();

  constructor(graph: ModuleGraph) {
    this.#graph = graph;
  }

  get declarations(): readonly Declaration[] {
    return [...this.#declarations.values()].map(({ name, type, docs }) => ({
      name,
      type,
      ...(docs !== undefined && { docs }),
    }));
  }

  /** @throws {Indescribable} */
  read(node: TSType, module: SourceModule): Type {
    const keyword = KEYWORD_TYPES[node.type];
    if (keyword !== undefined) return keyword;
    switch (node.type) {
      case "TSParenthesizedType":
        return this.read(node.typeAnnotation, module);
      case "TSTypeOperator":
        if (node.operator === "readonly") return this.read(node.typeAnnotation, module);
        break;
      case "TSArrayType":
        return { vec: this.read(node.elementType, module) };
      case "TSTupleType":
        return { tuple: node.elementTypes.map((each) => this.#readElement(each, module)) };
      case "TSTypeLiteral":
        return { struct: this.#readFields(node.members, module) };
      case "TSUnionType":
        return this.#readUnion(node, node.types, module);
      case "TSTypeReference":
        return this.#readReference(node, module);
      case "TSImportType": {
        const specifier = node.argument.type === "StringLiteral" ? node.argument.value : "";
        const name = node.qualifier?.type === "Identifier" ? node.qualifier.name : "";
        return this.#readNamed(name, specifier, node, argumentsOf(node), module);
      }
      default:
    }
    throw this.#refused(textOf(node), node, module);
  }

  #refused(name: string, node: Node, module: SourceModule): Indescribable {
    const advice = ADVICE[name];
    return new Indescribable(
      `The type ${name} cannot be described${advice === undefined ? "" : `: ${advice}`}`,
      node,
      module,
    );
  }

  #readElement(node: Node, module: SourceModule): Type {
    if (node.type === "TSNamedTupleMember" && !node.optional)
      return this.read(node.elementType, module);
    if (
      node.type === "TSNamedTupleMember" ||
      node.type === "TSOptionalType" ||
      node.type === "TSRestType"
    )
      throw new Indescribable(
        "A tuple has a fixed length: write T | null, or use an array",
        node,
        module,
      );
    return this.read(node as TSType, module);
  }

  #readFields(members: readonly TSTypeElement[], module: SourceModule): Field[] {
    return members.map((member) => {
      const { name, type } = this.#readProperty(member, module);
      const docs = docsOf(member);
      return { name, type: this.read(type, module), ...(docs !== undefined && { docs }) };
    });
  }

  #readProperty(member: TSTypeElement, module: SourceModule): { name: string; type: TSType } {
    if (member.type !== "TSPropertySignature" || member.typeAnnotation?.type !== "TSTypeAnnotation")
      throw new Indescribable("A struct has fields with types, and nothing else", member, module);
    const { key, typeAnnotation, optional, computed } = member;
    const name =
      key.type === "Identifier" ? key.name : key.type === "StringLiteral" ? key.value : "";
    if (computed || name === "")
      throw new Indescribable("The name of a field is an identifier or a string", member, module);
    if (optional)
      throw new Indescribable(`"${name}" is optional: write ${name}: T | null`, member, module);
    return { name, type: typeAnnotation.typeAnnotation };
  }

  #readUnion(node: Node, all: readonly TSType[], module: SourceModule): Type {
    const members = all.filter(({ type }) => type !== "TSNullKeyword");
    if (members.some(({ type }) => type === "TSUndefinedKeyword"))
      throw new Indescribable("Write null instead of undefined", node, module);
    const [only] = members;
    if (only === undefined) throw this.#refused("null", node, module);
    const type =
      members.length === 1
        ? this.read(only, module)
        : {
            enum: members.map((member, index) =>
              this.#readVariant(
                member,
                docsOf(member) ?? (index === 0 ? docsOf(node) : docsAfter(members[index - 1])),
                module,
              ),
            ),
          };
    if (members.length === all.length) return type;
    if (typeof type === "object" && "option" in type)
      throw new Indescribable("null cannot tell two options apart: use an enum", node, module);
    return { option: type };
  }

  #readVariant(node: TSType, docs: string | undefined, module: SourceModule): Variant {
    const [literal, home] = this.#literalOf(node, module);
    if (literal === undefined)
      throw new Indescribable(
        'A union is T | null, or variants such as { type: "Circle", value: number } | { type: "Empty" }',
        node,
        module,
      );
    const properties = new Map(
      literal.map((member) => {
        const { name, type } = this.#readProperty(member, home);
        return [name, type];
      }),
    );
    const tag = properties.get("type");
    const value = properties.get("value");
    if (tag?.type !== "TSLiteralType" || tag.literal.type !== "StringLiteral")
      throw new Indescribable('A variant has a name: type: "Circle"', node, module);
    if (properties.size > (value === undefined ? 1 : 2))
      throw new Indescribable(
        `The fields of a variant stand in its value: { type: "${tag.literal.value}", value: { … } }`,
        node,
        module,
      );
    return {
      name: tag.literal.value,
      ...(value !== undefined && { type: this.read(value, home) }),
      ...(docs !== undefined && { docs }),
    };
  }

  /** The members of an object's type, also of a named one, and the module that they stand in. */
  #literalOf(node: TSType, module: SourceModule): [TSTypeElement[] | undefined, SourceModule] {
    if (node.type === "TSTypeLiteral") return [node.members, module];
    if (node.type !== "TSTypeReference" || node.typeName.type !== "Identifier")
      return [undefined, module];
    const found = this.#graph.findType(node.typeName.name, module);
    if (found === undefined) return [undefined, module];
    const declared = found.declaration.node;
    if (declared.type === "TSInterfaceDeclaration") return [declared.body.body, found.module];
    return this.#literalOf(declared, found.module);
  }

  #readReference(node: TSTypeReference, module: SourceModule): Type {
    if (node.typeName.type !== "Identifier") throw this.#refused(textOf(node), node, module);
    const { name } = node.typeName;
    return this.#readNamed(name, undefined, node, argumentsOf(node), module);
  }

  #readNamed(
    name: string,
    specifier: string | undefined,
    node: Node,
    args: readonly TSType[],
    module: SourceModule,
  ): Type {
    const sdkName = this.#graph.sdkName(name, module, specifier);
    if (sdkName !== undefined) return this.#readSdkType(sdkName, node, args, module);
    const found = this.#graph.findType(name, module, specifier);
    if (found !== undefined)
      return this.#declare(name, found.declaration, found.module, node, module);
    const problem = this.#graph.problemWith(name, module, specifier);
    if (problem !== undefined) throw new Indescribable(problem, node, module);
    const word = GLOBAL_TYPES[name];
    if (word !== undefined) return word;
    const [first, second] = args;
    switch (name) {
      case "Array":
      case "ReadonlyArray":
        if (first) return { vec: this.read(first, module) };
        break;
      case "Set":
      case "ReadonlySet":
        if (first) return { set: this.read(first, module) };
        break;
      case "Map":
      case "ReadonlyMap":
        if (first && second) return { map: [this.read(first, module), this.read(second, module)] };
        break;
      case "Readonly":
        if (first) return this.read(first, module);
    }
    throw this.#refused(name, node, module);
  }

  #readSdkType(name: string, node: Node, args: readonly TSType[], module: SourceModule): Type {
    const word = SDK_TYPES[name];
    if (word !== undefined) return word;
    const [first, second] = args;
    switch (name) {
      case "Result":
        if (first && second)
          return { result: [this.read(first, module), this.read(second, module)] };
        break;
      case "FixedArray":
        if (first && second) return { array: [this.read(first, module), lengthOf(second, module)] };
        break;
      case "FixedBytes":
        if (first) return { fixedBytes: lengthOf(first, module) };
        break;
      case "Borrow": {
        const type = first && this.read(first, module);
        if (typeof type === "object" && "name" in type && this.#isResource(type.name))
          return { borrow: type.name };
        throw new Indescribable("Only a resource can be borrowed", node, module);
      }
      case "Resource":
        throw new Indescribable(
          'A resource has a name: type Rope = Resource<"Rope">',
          node,
          module,
        );
    }
    throw this.#refused(name, node, module);
  }

  #isResource(name: string): boolean {
    return this.#declarations.get(name)?.type === "resource";
  }

  /** Declares a type at its first use. */
  #declare(
    name: string,
    declaration: TypeDeclaration,
    home: SourceModule,
    node: Node,
    module: SourceModule,
  ): Type {
    const own = nameIn(home, declaration) ?? name;
    const known = this.#declarations.get(own);
    if (known?.from === declaration) return { name: own };
    if (known !== undefined)
      throw new Indescribable(`There are two types "${own}": give one another name`, node, module);
    if (declaration.isGeneric)
      throw new Indescribable(
        `"${own}" has type parameters, which a schema does not: write the type out`,
        node,
        module,
      );
    const { docs } = declaration;
    const entry = { name: own, type: "()" as Type | "resource", docs, from: declaration };
    this.#declarations.set(own, entry as never);
    entry.type = this.#readDeclared(own, declaration.node, home);
    return { name: own };
  }

  #readDeclared(
    name: string,
    node: TSType | TSInterfaceDeclaration,
    home: SourceModule,
  ): Type | "resource" {
    if (node.type === "TSInterfaceDeclaration")
      return { struct: this.#interfaceFields(node, home) };
    if (node.type === "TSTypeReference" && node.typeName.type === "Identifier") {
      const isResource = this.#graph.sdkName(node.typeName.name, home) === "Resource";
      const [label] = argumentsOf(node);
      if (isResource) {
        const text =
          label?.type === "TSLiteralType" && label.literal.type === "StringLiteral"
            ? label.literal.value
            : undefined;
        if (text === name) return "resource";
        throw new Indescribable(`Write its name: type ${name} = Resource<"${name}">`, node, home);
      }
    }
    return this.read(node, home);
  }

  #interfaceFields(node: TSInterfaceDeclaration, home: SourceModule): Field[] {
    const inherited = (node.extends ?? []).flatMap((base) => {
      const id = "expression" in base ? base.expression : undefined;
      const found = id?.type === "Identifier" ? this.#graph.findType(id.name, home) : undefined;
      if (found?.declaration.node.type !== "TSInterfaceDeclaration" || found.declaration.isGeneric)
        throw new Indescribable("An interface can extend interfaces of these sources", base, home);
      return this.#interfaceFields(found.declaration.node, found.module);
    });
    return [...inherited, ...this.#readFields(node.body.body, home)];
  }
}

function nameIn(module: SourceModule, declaration: TypeDeclaration): string | undefined {
  for (const [name, each] of module.types) if (each === declaration) return name;
  return undefined;
}

export function argumentsOf(node: Node): readonly TSType[] {
  const { typeParameters, typeArguments } = node as {
    typeParameters?: { params: TSType[] };
    typeArguments?: { params: TSType[] };
  };
  return (typeArguments ?? typeParameters)?.params ?? [];
}

function lengthOf(node: TSType, module: SourceModule): number {
  if (node.type === "TSLiteralType" && node.literal.type === "NumericLiteral")
    return node.literal.value;
  throw new Indescribable("A length is a number, such as 3", node, module);
}

/** The word for a type in messages. */
function textOf(node: TSType): string {
  if (node.type === "TSTypeReference" && node.typeName.type === "Identifier")
    return node.typeName.name;
  const words: Readonly<Record<string, string>> = {
    TSLiteralType: "of one value",
    TSFunctionType: "of a function",
    TSIntersectionType: "of an intersection",
    TSConditionalType: "that depends on another",
    TSMappedType: "that is made from another",
    TSTypeQuery: "of a value",
  };
  return words[node.type] ?? node.type.replace(/^TS|Keyword$|Type$/g, "").toLowerCase();
}
