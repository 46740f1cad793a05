import { type Field, partsOf, type StructType, type ValueType } from "./value-type.ts";

/** A function as the schema describes it. */
export interface FunctionType {
  readonly name: string;
  readonly docs: string;
  readonly parameters: readonly { readonly name: string; readonly type: ValueType }[];
  /** Absent for `void`. */
  readonly result?: ValueType;
}

/** Words that cannot be names of types. */
export const TYPE_WORDS: ReadonlySet<string> = new Set(
  (
    "bool u8 u16 u32 u64 u128 i8 i16 i32 i64 i128 f32 f64 char string bytes duration unknown " +
    "i8Array u16Array i16Array u32Array i32Array u64Array i64Array f32Array f64Array " +
    "vec set option map result array fixedBytes borrow enum"
  ).split(" "),
);

/** The text of the section `plugin.schema`. */
export function schemaText(
  exports: readonly FunctionType[],
  imports: readonly FunctionType[],
): string {
  const declarations = new Map<ValueType, string>();
  for (const { parameters, result } of [...exports, ...imports]) {
    for (const { type } of parameters) declare(type, declarations);
    if (result !== undefined) declare(result, declarations);
  }
  const functions = [
    ...exports.map((each) => functionText(each, "fn")),
    ...imports.map((each) => functionText(each, "import fn")),
  ];
  return ["schema 1;\n", ...new Set(declarations.values()), ...functions].join("");
}

function declare(type: ValueType, declarations: Map<ValueType, string>): void {
  if (declarations.has(type)) return;
  declarations.set(type, declarationText(type));
  // A variant is a part of its enum, not a struct of its own.
  const parts = type.kind === "enum" ? type.variants.flatMap(partsOf) : partsOf(type);
  for (const part of parts) declare(part, declarations);
}

/** The declaration of a type with a name, else nothing. */
function declarationText(type: ValueType): string {
  if (type.kind === "struct" && type.name !== undefined) {
    return `${docsText(type.docs)}struct ${nameText(type.name)} {\n${fieldLines(type.fields, "  ")}}\n`;
  }
  if (type.kind === "enum") {
    const variants = type.variants.map(variantText).join("");
    return `${docsText(type.docs)}enum ${nameText(type.name)} {\n${variants}}\n`;
  }
  const isResource = type.kind === "resource" || type.kind === "borrow";
  return isResource ? `resource ${nameText(type.name)};\n` : "";
}

function variantText({ name = "", docs, fields }: StructType): string {
  const values = fields.length === 0 ? "" : ` {\n${fieldLines(fields, "    ")}  }`;
  return `${docsText(docs, "  ")}  ${nameText(name)}${values},\n`;
}

function fieldLines(fields: readonly Field[], margin: string): string {
  return fields
    .map(
      ({ name, docs, type }) =>
        `${docsText(docs, margin)}${margin}${nameText(name)}: ${typeText(type)},\n`,
    )
    .join("");
}

function functionText({ name, docs, parameters, result }: FunctionType, words: string): string {
  const list = parameters.map((each) => `${nameText(each.name)}: ${typeText(each.type)}`);
  const returns = result === undefined ? "" : ` -> ${typeText(result)}`;
  return `${docsText(docs)}${words} ${nameText(name)}(${list.join(", ")})${returns};\n`;
}

function docsText(docs: string, margin = ""): string {
  if (docs === "") return "";
  return docs
    .split("\n")
    .map((line) => `${margin}/// ${line}`.trimEnd().concat("\n"))
    .join("");
}

function nameText(name: string): string {
  return /^[A-Za-z_$][A-Za-z0-9_$]*$/.test(name) ? name : JSON.stringify(name);
}

function typeText(type: ValueType): string {
  switch (type.kind) {
    case "scalar":
    case "view":
      return type.word;
    case "string":
      return "string";
    case "unit":
      return "()";
    case "array":
      return `vec<${typeText(type.item)}>`;
    case "set":
      return `set<${typeText(type.item)}>`;
    case "map":
      return `map<${typeText(type.key)}, ${typeText(type.value)}>`;
    case "option":
      return `option<${typeText(type.value)}>`;
    case "box":
      return typeText(type.value.type);
    case "result":
      return `result<${typeText(type.value.type)}, ${typeText(type.error.type)}>`;
    case "borrow":
      return `borrow<${nameText(type.name)}>`;
    case "char":
      return "char";
    case "struct":
      return structText(type);
    case "enum":
    case "resource":
      return nameText(type.name);
  }
}

function structText({ name, word, isTuple = false, fields }: StructType): string {
  if (word !== undefined) return word;
  if (name !== undefined) return nameText(name);
  if (isTuple) {
    const types = fields.map((field) => typeText(field.type));
    return types.length === 1 ? `(${types[0]},)` : `(${types.join(", ")})`;
  }
  const members = fields.map((field) => `${nameText(field.name)}: ${typeText(field.type)}`);
  return members.length === 0 ? "{}" : `{ ${members.join(", ")} }`;
}
