/** Reads the text of a schema. Its grammar is in docs/schema.md. */

import type {
  MemberDescription,
  PlainTypeName,
  TypeDescription,
} from "../codec/type-description.ts";
import { ARRAY_ELEMENTS } from "./array-types.ts";
import { checkSchema } from "./check-schema.ts";
import type { FunctionDescription, NamedType, PluginSchema } from "./plugin-schema.ts";
import { TokenReader } from "./tokens.ts";

const VERSION = 1;

/** How deep types may be nested in one another. 64: more than anybody reads, and no danger to the stack. */
const MAX_DEPTH = 64;

const UNIT: TypeDescription = { kind: "unit" };

const NUMBERS = [
  "u8",
  "u16",
  "u32",
  "u64",
  "u128",
  "i8",
  "i16",
  "i32",
  "i64",
  "i128",
  "f32",
  "f64",
];
const PLAIN_TYPES: ReadonlySet<string> = new Set([
  ...["bool", "char", "string", "bytes", "duration", "unknown"],
  ...NUMBERS,
  ...Object.keys(ARRAY_ELEMENTS),
]);

/** The words that begin a type of parts, with the reader of the rest. */
const COMPOUND_TYPES: ReadonlyMap<string, (parser: SchemaParser) => TypeDescription> = new Map([
  ["vec", (parser) => ({ kind: "vec", item: parser.argument() })],
  ["set", (parser) => ({ kind: "set", item: parser.argument() })],
  ["option", (parser) => ({ kind: "option", item: parser.argument() })],
  ["map", (parser) => parser.twoArguments((key, value) => ({ kind: "map", key, value }))],
  ["result", (parser) => parser.twoArguments((value, error) => ({ kind: "result", value, error }))],
  ["array", (parser) => parser.array()],
  ["fixedBytes", (parser) => ({ kind: "fixedBytes", length: parser.lengthArgument() })],
  ["borrow", (parser) => ({ kind: "borrow", name: parser.nameArgument() })],
  ["enum", (parser) => ({ kind: "enum", variants: parser.variants() })],
] satisfies [string, (parser: SchemaParser) => TypeDescription][]);

/**
 * Reads a schema.
 *
 * @param text Of anybody. The time it takes grows with its length.
 * @throws {TypeError} when it is not in the grammar, of another version, declares one name in two ways,
 *   or refers to a name that it does not declare.
 */
export function parseSchema(text: string): PluginSchema {
  const schema = new SchemaParser(text).schema();
  checkSchema(schema);
  return schema;
}

type Declared = "function" | "host function" | "type";

class SchemaParser {
  readonly #tokens: TokenReader;
  readonly #text: string;
  readonly #functions: FunctionDescription[] = [];
  readonly #hostFunctions: FunctionDescription[] = [];
  readonly #types: NamedType[] = [];
  /** The text of each declaration, by what it declares. */
  readonly #declared: Map<string, string> = new Map();
  #depth = 0;

  constructor(text: string) {
    this.#text = text;
    this.#tokens = new TokenReader(text);
  }

  schema(): PluginSchema {
    while (this.#tokens.next.kind !== "end") this.#declaration();
    return { functions: this.#functions, hostFunctions: this.#hostFunctions, types: this.#types };
  }

  #declaration(): void {
    const tokens = this.#tokens;
    const docs = tokens.docs();
    const { at } = tokens.next;
    if (tokens.takeIf("schema")) this.#version();
    else if (tokens.takeIf("fn")) {
      this.#declare("function", at, this.#functions, this.#function(docs));
    } else if (tokens.takeIf("import")) {
      tokens.expect("fn");
      this.#declare("host function", at, this.#hostFunctions, this.#function(docs));
    } else this.#declare("type", at, this.#types, this.#type(docs));
    tokens.takeIf(";");
  }

  #version(): void {
    const { at } = this.#tokens.next;
    const version = this.#tokens.integer("a version");
    if (version === VERSION) return;
    throw this.#tokens.malformed(`version ${version} is unknown (allowed: ${VERSION})`, at);
  }

  /** Keeps a declaration, unless it stands here again in the same words. */
  #declare<T extends { readonly name: string }>(
    kind: Declared,
    at: number,
    kept: T[],
    declared: T,
  ): void {
    const key = `${kind} ${declared.name}`;
    const words = this.#text
      .slice(at, this.#tokens.next.at)
      .replace(/[\s;]+/g, " ")
      .trim();
    const known = this.#declared.get(key);
    if (known === undefined) kept.push(declared);
    else if (known !== words) {
      throw this.#tokens.malformed(`${kind} "${declared.name}" is declared in two ways`, at);
    }
    this.#declared.set(key, words);
  }

  #function(docs: string): FunctionDescription {
    const tokens = this.#tokens;
    const name = tokens.name("the name of a function");
    tokens.expect("(");
    const params = this.#list(")", () => {
      const parameter = tokens.name("the name of a parameter");
      tokens.expect(":");
      return { name: parameter, type: this.type() };
    });
    return { name, docs, params, result: tokens.takeIf("->") ? this.type() : UNIT };
  }

  #type(docs: string): NamedType {
    const tokens = this.#tokens;
    const isKind = ["struct", "enum", "type", "resource"].find((kind) => tokens.takeIf(kind));
    const { at } = tokens.next;
    const name = isKind === undefined ? "" : tokens.name("the name of a type");
    if (PLAIN_TYPES.has(name) || COMPOUND_TYPES.has(name)) {
      throw tokens.malformed(`"${name}" cannot be declared: it is a type of the language`, at);
    }
    switch (isKind) {
      case "struct":
        return { name, docs, type: this.#struct() };
      case "enum":
        return { name, docs, type: { kind: "enum", variants: this.variants() } };
      case "type":
        tokens.expect("=");
        return { name, docs, type: this.type() };
      case "resource":
        return { name, docs, type: { kind: "resource", name } };
      default:
        throw tokens.unexpected('a declaration ("fn", "import fn", "struct", "enum", "type" …)');
    }
  }

  type(): TypeDescription {
    const tokens = this.#tokens;
    this.#depth += 1;
    if (this.#depth > MAX_DEPTH) {
      throw tokens.malformed(`types are nested more than ${MAX_DEPTH} deep`);
    }
    const type = this.#anyType();
    this.#depth -= 1;
    return type;
  }

  #anyType(): TypeDescription {
    const tokens = this.#tokens;
    const { kind, text } = tokens.next;
    if (text === "(") return this.#tuple();
    if (text === "{") return this.#struct();
    const compound = kind === "word" ? COMPOUND_TYPES.get(text) : undefined;
    const name = tokens.name("a type");
    if (compound !== undefined) return compound(this);
    if (kind === "word" && PLAIN_TYPES.has(text)) return { kind: text as PlainTypeName };
    return { kind: "named", name };
  }

  #tuple(): TypeDescription {
    this.#tokens.expect("(");
    const { at } = this.#tokens.next;
    let hasComma = false;
    const items: TypeDescription[] = [];
    while (!this.#tokens.takeIf(")")) {
      if (items.length > 0 && !hasComma) throw this.#tokens.unexpected('"," or ")"');
      items.push(this.type());
      hasComma = this.#tokens.takeIf(",");
    }
    if (items.length === 0) return UNIT;
    if (items.length > 1 || hasComma) return { kind: "tuple", items };
    throw this.#tokens.malformed("a tuple of one type has a comma behind it", at);
  }

  #struct(): TypeDescription {
    return { kind: "struct", fields: this.#fields() };
  }

  #fields(): MemberDescription[] {
    this.#tokens.expect("{");
    return this.#list("}", () => {
      const docs = this.#tokens.docs();
      const name = this.#tokens.name("the name of a field");
      this.#tokens.expect(":");
      return { name, docs, type: this.type() };
    });
  }

  variants(): MemberDescription[] {
    const tokens = this.#tokens;
    tokens.expect("{");
    const { at } = tokens.next;
    const variants = this.#list("}", () => {
      const docs = tokens.docs();
      const name = tokens.name("the name of a variant");
      if (tokens.next.text === "{") return { name, docs, type: this.#struct() };
      if (!tokens.takeIf("(")) return { name, docs, type: UNIT };
      const items = this.#list(")", () => this.type());
      const [only] = items;
      if (only === undefined) throw tokens.malformed(`variant "${name}" has an empty list`);
      const type: TypeDescription = items.length === 1 ? only : { kind: "tuple", items };
      return { name, docs, type };
    });
    if (variants.length === 0) throw tokens.malformed("an enum has no variant", at);
    return variants;
  }

  argument(): TypeDescription {
    this.#tokens.expect("<");
    const type = this.type();
    this.#tokens.expect(">");
    return type;
  }

  twoArguments(
    make: (first: TypeDescription, second: TypeDescription) => TypeDescription,
  ): TypeDescription {
    this.#tokens.expect("<");
    const first = this.type();
    this.#tokens.expect(",");
    const second = this.type();
    this.#tokens.expect(">");
    return make(first, second);
  }

  array(): TypeDescription {
    this.#tokens.expect("<");
    const item = this.type();
    this.#tokens.expect(",");
    const length = this.#tokens.integer("a length");
    this.#tokens.expect(">");
    return { kind: "array", item, length };
  }

  lengthArgument(): number {
    this.#tokens.expect("<");
    const length = this.#tokens.integer("a length");
    this.#tokens.expect(">");
    return length;
  }

  nameArgument(): string {
    this.#tokens.expect("<");
    const name = this.#tokens.name("the name of a resource");
    this.#tokens.expect(">");
    return name;
  }

  /** Items with commas between them, up to `end`. */
  #list<T>(end: string, read: () => T): T[] {
    const items: T[] = [];
    while (!this.#tokens.takeIf(end)) {
      items.push(read());
      if (this.#tokens.takeIf(",")) continue;
      if (this.#tokens.takeIf(end)) break;
      throw this.#tokens.unexpected(`"," or "${end}"`);
    }
    return items;
  }
}
