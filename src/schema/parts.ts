import type { TypeDescription } from "../codec/type-description.ts";

/** The types that a type is made of, in the order of its bytes. */
export function partsOf(type: TypeDescription): readonly TypeDescription[] {
  switch (type.kind) {
    case "vec":
    case "set":
    case "option":
    case "array":
      return [type.item];
    case "map":
      return [type.key, type.value];
    case "result":
      return [type.value, type.error];
    case "tuple":
      return type.items;
    case "struct":
      return type.fields.map((field) => field.type);
    case "enum":
      return type.variants.map((variant) => variant.type);
    default:
      return [];
  }
}
