/** A type as a schema writes it, for messages and tools. */

import type { MemberDescription, TypeDescription } from "../codec/type-description.ts";
import type { FunctionDescription } from "./plugin-schema.ts";

/** How deep a message shows types: those of a codec may contain themselves. */
const SHOWN_DEPTH = 4;

const IDENTIFIER = /^[A-Za-z_$][\w$]*$/;

/**
 * Prints a type as a schema writes it.
 *
 * @param depth Parts that are nested deeper are shown as `…`.
 */
export function printType(type: TypeDescription, depth: number = SHOWN_DEPTH): string {
  if (depth === 0) return "…";
  const print = (part: TypeDescription) => printType(part, depth - 1);
  switch (type.kind) {
    case "unit":
      return "()";
    case "fixedBytes":
      return `fixedBytes<${type.length}>`;
    case "vec":
    case "set":
    case "option":
      return `${type.kind}<${print(type.item)}>`;
    case "array":
      return `array<${print(type.item)}, ${type.length}>`;
    case "map":
      return `map<${print(type.key)}, ${print(type.value)}>`;
    case "result":
      return `result<${print(type.value)}, ${print(type.error)}>`;
    case "tuple":
      return `(${type.items.map(print).join(", ")}${type.items.length === 1 ? "," : ""})`;
    case "struct":
      return braces(type.fields.map(({ name, type: of }) => `${printName(name)}: ${print(of)}`));
    case "enum":
      return `enum ${braces(type.variants.map((variant) => printVariant(variant, depth)))}`;
    case "resource":
    case "named":
      return printName(type.name);
    case "borrow":
      return `borrow<${printName(type.name)}>`;
    case "lazy":
      return print(type.type());
    default:
      return type.kind;
  }
}

/** A function's signature, such as `double(x: vec<f64>) -> vec<f64>`. */
export function printFunction({ name, params, result }: FunctionDescription): string {
  const printed = params.map((param) => `${printName(param.name)}: ${printType(param.type)}`);
  const returned = result.kind === "unit" ? "" : ` -> ${printType(result)}`;
  return `${printName(name)}(${printed.join(", ")})${returned}`;
}

/** A name, in quotes where it is no identifier. */
export function printName(name: string): string {
  return IDENTIFIER.test(name) ? name : JSON.stringify(name);
}

function printVariant({ name, type }: MemberDescription, depth: number): string {
  const shown = printName(name);
  if (type.kind === "unit") return shown;
  const printed = printType(type, depth - 1);
  if (type.kind === "struct") return `${shown} ${printed}`;
  return type.kind === "tuple" ? `${shown}${printed}` : `${shown}(${printed})`;
}

function braces(parts: readonly string[]): string {
  return parts.length === 0 ? "{}" : `{ ${parts.join(", ")} }`;
}
