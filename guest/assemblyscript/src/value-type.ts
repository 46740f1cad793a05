/**
 * A type whose values can cross to the page. From it come its text in the schema and the functions that
 * encode and decode it.
 *
 * `code` is the type as the generated AssemblyScript writes it.
 */
export type ValueType = SimpleType | CompositeType;

/** A type that one call of `assembly/` reads or writes. */
export type SimpleType = { readonly code: string } & (
  | { readonly kind: "scalar"; readonly word: string; readonly byteCount: number }
  | { readonly kind: "string" | "unit" }
  /** A typed array of `item`, or an `ArrayBuffer`, which has none. */
  | { readonly kind: "view"; readonly word: string; readonly item?: string }
);

/** A type that needs code of its own. */
export type CompositeType = ResultType | StructType | EnumType | OtherType;

type OtherType = { readonly code: string } & (
  | { readonly kind: "array"; readonly item: ValueType; readonly isStatic: boolean }
  | { readonly kind: "set"; readonly item: ValueType }
  | { readonly kind: "map"; readonly key: ValueType; readonly value: ValueType }
  | { readonly kind: "option"; readonly value: ValueType }
  /** An object that crosses as the value in it, which is the code of a character for `char`. */
  | { readonly kind: "box" | "char"; readonly value: Field }
  | { readonly kind: "resource" | "borrow"; readonly name: string; readonly offset: number }
);

export interface ResultType {
  readonly kind: "result";
  readonly code: string;
  readonly hasValue: Field;
  readonly value: Field;
  readonly error: Field;
}

export interface StructType {
  readonly kind: "struct";
  readonly code: string;
  /** Absent where the type itself stands in the schema: a generic class with type arguments, or a tuple. */
  readonly name?: string;
  /** Whether its fields are a tuple. */
  readonly isTuple?: boolean;
  /** The word of the schema for a type of the SDK with these fields, such as `duration`. */
  readonly word?: string;
  readonly docs: string;
  /** Filled after the type is made, since a class may contain itself. */
  readonly fields: Field[];
}

export interface EnumType {
  readonly kind: "enum";
  readonly code: string;
  readonly name: string;
  readonly docs: string;
  readonly variants: StructType[];
}

/** A field of a class, at `offset` in bytes. */
export interface Field {
  readonly name: string;
  readonly docs: string;
  readonly offset: number;
  readonly type: ValueType;
}

export function isSimple(type: ValueType): type is SimpleType {
  return ["scalar", "string", "unit", "view"].includes(type.kind);
}

/** The types that a value of a type contains directly. */
export function partsOf(type: ValueType): readonly ValueType[] {
  switch (type.kind) {
    case "array":
    case "set":
      return [type.item];
    case "map":
      return [type.key, type.value];
    case "option":
      return [type.value];
    case "box":
      return [type.value.type];
    case "result":
      return [type.value.type, type.error.type];
    case "struct":
      return type.fields.map((field) => field.type);
    case "enum":
      return type.variants;
    case "scalar":
    case "string":
    case "unit":
    case "view":
    case "char":
    case "resource":
    case "borrow":
      return [];
  }
}

/** The number of bytes that every value of a type has at least. */
export function leastBytes(type: ValueType): number {
  switch (type.kind) {
    case "scalar":
      return type.byteCount;
    case "unit":
      return 0;
    case "box":
      return leastBytes(type.value.type);
    case "option":
    case "char":
      return 1;
    case "enum":
    case "result":
      return 4;
    case "struct":
      return type.fields.reduce((sum, field) => sum + leastBytes(field.type), 0);
    case "string":
    case "view":
    case "array":
    case "set":
    case "map":
    case "resource":
    case "borrow":
      return 8;
  }
}

/** Those of some types that have a value which ends: a class that always contains itself has none. */
export function endingTypes(types: ReadonlySet<ValueType>): Set<ValueType> {
  const ending = new Set<ValueType>();
  const ends = (part: ValueType) => ending.has(part);
  let count: number;
  do {
    count = ending.size;
    for (const type of types) {
      const parts = partsOf(type);
      const isChoice = type.kind === "enum" || type.kind === "result";
      const isWhole = type.kind === "struct" || type.kind === "box";
      if (isChoice ? parts.some(ends) : !isWhole || parts.every(ends)) ending.add(type);
    }
  } while (ending.size > count);
  return ending;
}
