/** A schema as TypeScript: what a caller's compiler needs to know of a plugin. */

import type { MemberDescription, TypeDescription } from "../codec/type-description.ts";
import type { FunctionDescription, PluginSchema } from "./plugin-schema.ts";
import { printName } from "./print-type.ts";

/** Which of two forms a type has: what a caller may give, or what it gets. */
type Side = "given" | "got";

const NUMBERS: ReadonlySet<string> = new Set([
  ...["u8", "u16", "u32", "i8", "i16", "i32", "f32", "f64"],
]);
const BIG_NUMBERS: ReadonlySet<string> = new Set(["u64", "u128", "i64", "i128"]);
const TYPED_ARRAYS: Readonly<Record<string, string>> = {
  bytes: "Uint8Array",
  i8Array: "Int8Array",
  u16Array: "Uint16Array",
  i16Array: "Int16Array",
  u32Array: "Uint32Array",
  i32Array: "Int32Array",
  u64Array: "BigUint64Array",
  i64Array: "BigInt64Array",
  f32Array: "Float32Array",
  f64Array: "Float64Array",
};
const ELEMENT_ARRAYS: Readonly<Record<string, string>> = {
  u8: "Uint8Array",
  ...Object.fromEntries(
    Object.entries(TYPED_ARRAYS).map(([name, array]) => [name.replace("Array", ""), array]),
  ),
};

/** Words that cannot be the name of a type in TypeScript. */
const RESERVED: ReadonlySet<string> = new Set(
  (
    "any as async await bigint boolean break case catch class const continue debugger declare default " +
    "delete do else enum export extends false finally for from function get if implements import in " +
    "infer instanceof interface is keyof let namespace never new null number object of package private " +
    "protected public readonly require return satisfies set static string super switch symbol this " +
    "throw true try type typeof undefined unique unknown using var void while with yield"
  ).split(" "),
);

/** Types of the language that declarations use. */
const GLOBALS: readonly string[] = [
  ...["Map", "Set", "ReadonlyMap", "ReadonlySet", "Promise", "Record"],
  ...Object.values(TYPED_ARRAYS),
];

/** How a schema is declared. */
export interface DeclarationOptions {
  /** The name of the interface of the plugin's functions; that of the host functions ends in `Host`. Default: `Plugin`. */
  readonly name?: string;
}

/**
 * Declares a plugin: an interface of its functions, for `loadPlugin<Plugin, PluginHost>`, one of the
 * functions that it calls on the page, and its types.
 *
 * @returns The text of a module of declarations.
 */
export function declarePlugin(schema: PluginSchema, options: DeclarationOptions = {}): string {
  return new Declarations(schema, options.name ?? "Plugin").print();
}

class Declarations {
  readonly #schema: PluginSchema;
  readonly #name: string;
  /** The TypeScript names of the types. */
  readonly #names: Map<string, string> = new Map();
  readonly #types: ReadonlyMap<string, TypeDescription>;

  constructor(schema: PluginSchema, name: string) {
    this.#schema = schema;
    this.#name = name;
    const taken = new Set([name, `${name}Host`, ...RESERVED, ...GLOBALS]);
    for (const { name: wanted } of schema.types) {
      let free = wanted.replaceAll(/[^\w$]/g, "_").replace(/^(?=\d|$)/, "_");
      while (taken.has(free)) free += "_";
      taken.add(free);
      this.#names.set(wanted, free);
    }
    this.#types = new Map(schema.types.map((declared) => [declared.name, declared.type]));
  }

  print(): string {
    const { functions, hostFunctions, types } = this.#schema;
    const parts = [
      "// Made from the schema of a plugin. Do not edit.",
      this.#interface(this.#name, "The functions of the plugin.", functions, "given"),
    ];
    if (hostFunctions.length > 0) {
      const docs = "The functions of the page that the plugin calls.";
      parts.push(this.#interface(`${this.#name}Host`, docs, hostFunctions, "got"));
    }
    const declared = types.map(({ name, docs, type }) => {
      // An object of the page: which one, the plugin does not know.
      const printed = type.kind === "resource" ? "object" : this.#type(type, "got", "");
      const space = printed.startsWith("\n") ? "" : " ";
      return `${printDocs(docs, "")}export type ${this.#nameOf(name)} =${space}${printed};`;
    });
    return `${[...parts, ...declared].join("\n\n")}\n`;
  }

  #nameOf(name: string): string {
    return this.#names.get(name) ?? "unknown";
  }

  /** @param params Whether the caller of these functions gives the parameters, or gets them. */
  #interface(
    name: string,
    docs: string,
    functions: readonly FunctionDescription[],
    params: Side,
  ): string {
    const result = params === "given" ? "got" : "given";
    const methods = functions.map(
      (each) =>
        `${printDocs(each.docs, "  ")}  ${printName(each.name)}(${this.#params(each, params)}): ${this.#result(each.result, result)};`,
    );
    return `/** ${docs} */\nexport interface ${name} {\n${methods.join("\n")}\n}`;
  }

  #params({ params }: FunctionDescription, side: Side): string {
    const names = new Set<string>();
    const printed = params.map(({ name, type }, index) => {
      const isUsable = /^[A-Za-z_$][\w$]*$/.test(name) && !RESERVED.has(name) && !names.has(name);
      const shown = isUsable && name !== "_" ? name : `value${index + 1}`;
      names.add(shown);
      return `${shown}: ${this.#type(type, side, "  ")}`;
    });
    return printed.join(", ");
  }

  #result(type: TypeDescription, side: Side): string {
    if (type.kind === "unit") return side === "given" ? "void | Promise<void>" : "void";
    const printed = this.#type(type, side, "  ");
    return side === "given" ? `${printed} | Promise<${printed}>` : printed;
  }

  #type(type: TypeDescription, side: Side, indent: string): string {
    const { kind } = type;
    const readonly = side === "given" ? "readonly " : "";
    const list = (item: string) =>
      `${readonly}${/[|&=]|^readonly /.test(item) ? `(${item})` : item}[]`;
    const inner = (part: TypeDescription) => this.#type(part, side, indent);
    if (NUMBERS.has(kind)) return "number";
    if (BIG_NUMBERS.has(kind)) return "bigint";
    const typed = TYPED_ARRAYS[kind];
    if (typed !== undefined) return typed;
    switch (type.kind) {
      case "unit":
        return "undefined";
      case "bool":
        return "boolean";
      case "char":
      case "string":
        return "string";
      case "duration":
        return "{ seconds: bigint; nanoseconds: number }";
      case "fixedBytes":
        return "Uint8Array";
      case "vec": {
        const array = side === "given" ? ELEMENT_ARRAYS[type.item.kind] : undefined;
        return array === undefined
          ? list(inner(type.item))
          : `${list(inner(type.item))} | ${array}`;
      }
      case "array":
        return list(inner(type.item));
      case "set":
        return `${side === "given" ? "Readonly" : ""}Set<${inner(type.item)}>`;
      case "map":
        return `${side === "given" ? "Readonly" : ""}Map<${inner(type.key)}, ${inner(type.value)}>`;
      case "option":
        return this.#isNullable(type.item)
          ? `{ ${readonly}some: ${inner(type.item)} } | null`
          : `${inner(type.item)} | null`;
      case "result":
        return `{ ${readonly}ok: true; ${readonly}value: ${inner(type.value)} } | { ${readonly}ok: false; ${readonly}error: ${inner(type.error)} }`;
      case "tuple":
        return `${readonly}[${type.items.map(inner).join(", ")}]`;
      case "struct":
        return this.#struct(type.fields, side, indent);
      case "enum":
        return type.variants
          .map((variant) => `\n${indent}  | ${this.#variant(variant, side, `${indent}  `)}`)
          .join("");
      case "named":
      case "borrow":
      case "resource":
        return this.#nameOf(type.name);
      default:
        return "unknown";
    }
  }

  #struct(fields: readonly MemberDescription[], side: Side, indent: string): string {
    if (fields.length === 0) return "Record<never, never>";
    const deeper = `${indent}  `;
    const lines = fields.map(({ name, docs, type }) => {
      const readonly = side === "given" ? "readonly " : "";
      return `${printDocs(docs, deeper)}${deeper}${readonly}${printName(name)}: ${this.#type(type, side, deeper)};`;
    });
    return `{\n${lines.join("\n")}\n${indent}}`;
  }

  #variant({ name, docs, type }: MemberDescription, side: Side, indent: string): string {
    const shown =
      docs === "" ? "" : `/** ${docs.replaceAll("*/", "*\\/").replaceAll("\n", " ")} */ `;
    const readonly = side === "given" ? "readonly " : "";
    const tag = `${readonly}type: ${JSON.stringify(name)}`;
    if (type.kind === "unit") return `${shown}{ ${tag} }`;
    return `${shown}{ ${tag}; ${readonly}value: ${this.#type(type, side, indent)} }`;
  }

  /** Whether a value may be `null`, so that an option of it is boxed. */
  #isNullable(type: TypeDescription): boolean {
    let resolved: TypeDescription | undefined = type;
    while (resolved?.kind === "named") resolved = this.#types.get(resolved.name);
    return resolved?.kind === "option";
  }
}

/** A comment of documentation with the line end behind it; empty where there is none. */
function printDocs(docs: string, indent: string): string {
  if (docs === "") return "";
  const lines = docs.replaceAll("*/", "*\\/").split("\n");
  if (lines.length === 1) return `${indent}/** ${lines[0]} */\n`;
  const body = lines.map((line) => `${indent} * ${line}`.trimEnd());
  return [`${indent}/**`, ...body, `${indent} */\n`].join("\n");
}
