import type { Declaration, Description, Field, Signature, Type, Variant } from "../description.ts";

/** The text of `plugin.schema` (docs/schema.md). */
export function schemaText({ exports, imports, types }: Description): string {
  const declarations = [
    "schema 1;",
    ...types.map(declarationText),
    ...exports.map((each) => signatureText("fn", each)),
    ...imports.map((each) => signatureText("import fn", each)),
  ];
  return `${declarations.join("\n")}\n`;
}

function declarationText({ name, type, docs }: Declaration): string {
  const before = docsText(docs);
  if (type === "resource") return `${before}resource ${nameText(name)};`;
  if (typeof type === "object" && "struct" in type)
    return `${before}struct ${nameText(name)} ${fieldsText(type.struct)}`;
  if (typeof type === "object" && "enum" in type)
    return `${before}enum ${nameText(name)} ${variantsText(type.enum)}`;
  return `${before}type ${nameText(name)} = ${typeText(type)};`;
}

function signatureText(keyword: string, { name, parameters, result, docs }: Signature): string {
  const list = parameters.map((each) => `${nameText(each.name)}: ${typeText(each.type)}`);
  const arrow = result === "()" ? "" : ` -> ${typeText(result)}`;
  return `${docsText(docs)}${keyword} ${nameText(name)}(${list.join(", ")})${arrow};`;
}

function docsText(docs: string | undefined): string {
  if (docs === undefined) return "";
  return docs
    .split("\n")
    .map((line) => `/// ${line}\n`)
    .join("");
}

function nameText(name: string): string {
  return /^[A-Za-z_$][\w$]*$/.test(name) ? name : JSON.stringify(name);
}

function fieldsText(fields: readonly Field[]): string {
  if (fields.length === 0) return "{}";
  const hasDocs = fields.some(({ docs }) => docs !== undefined);
  const list = fields.map(
    ({ name, type, docs }) => `${docsText(docs)}${nameText(name)}: ${typeText(type)}`,
  );
  return hasDocs ? `{\n${list.join(",\n")}\n}` : `{ ${list.join(", ")} }`;
}

function variantsText(variants: readonly Variant[]): string {
  const list = variants.map(({ name, type, docs }) => {
    const content = type === undefined ? "" : contentText(type);
    return `${docsText(docs)}${nameText(name)}${content}`;
  });
  return `{\n${list.join(",\n")}\n}`;
}

function contentText(type: Type): string {
  if (typeof type === "object" && "struct" in type) return ` ${fieldsText(type.struct)}`;
  if (typeof type === "object" && "tuple" in type && type.tuple.length > 1)
    return `(${type.tuple.map(typeText).join(", ")})`;
  return `(${typeText(type)})`;
}

function typeText(type: Type): string {
  if (typeof type === "string") return type;
  if ("name" in type) return nameText(type.name);
  if ("vec" in type) return `vec<${typeText(type.vec)}>`;
  if ("set" in type) return `set<${typeText(type.set)}>`;
  if ("option" in type) return `option<${typeText(type.option)}>`;
  if ("map" in type) return `map<${type.map.map(typeText).join(", ")}>`;
  if ("result" in type) return `result<${type.result.map(typeText).join(", ")}>`;
  if ("array" in type) return `array<${typeText(type.array[0])}, ${type.array[1]}>`;
  if ("fixedBytes" in type) return `fixedBytes<${type.fixedBytes}>`;
  if ("borrow" in type) return `borrow<${nameText(type.borrow)}>`;
  if ("struct" in type) return fieldsText(type.struct);
  if ("enum" in type) return `enum ${variantsText(type.enum)}`;
  if (type.tuple.length === 0) return "()";
  return `(${type.tuple.map(typeText).join(", ")}${type.tuple.length === 1 ? "," : ""})`;
}
