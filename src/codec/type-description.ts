/** What a codec converts, as plain data: for schemas, messages, and to compare two types. */

/** A type without parts, named as in `t`. */
export type PlainTypeName =
  | "unit"
  | "bool"
  | `${"u" | "i"}${8 | 16 | 32 | 64 | 128}`
  | "f32"
  | "f64"
  | "char"
  | "string"
  | "bytes"
  | "duration"
  | ArrayTypeName;

/** A list of numbers that is a typed array in JavaScript. */
export type ArrayTypeName =
  | "i8Array"
  | `${"u" | "i"}${16 | 32 | 64}Array`
  | "f32Array"
  | "f64Array";

/** A field of a struct, or a variant of an enum. */
export interface MemberDescription {
  /** The name of the field or the variant. */
  readonly name: string;
  /** Markdown; empty where there is none. */
  readonly docs: string;
  /** Of a variant without a value: `{ kind: "unit" }`. */
  readonly type: TypeDescription;
}

/** A type of values. */
export type TypeDescription =
  | { readonly kind: PlainTypeName }
  | { readonly kind: "fixedBytes"; readonly length: number }
  | { readonly kind: "vec" | "set" | "option"; readonly item: TypeDescription }
  | { readonly kind: "array"; readonly item: TypeDescription; readonly length: number }
  | { readonly kind: "map"; readonly key: TypeDescription; readonly value: TypeDescription }
  | { readonly kind: "result"; readonly value: TypeDescription; readonly error: TypeDescription }
  | { readonly kind: "tuple"; readonly items: readonly TypeDescription[] }
  | { readonly kind: "struct"; readonly fields: readonly MemberDescription[] }
  | { readonly kind: "enum"; readonly variants: readonly MemberDescription[] }
  /** A handle of an object of the page: owned by the plugin, or lent for a call. */
  | { readonly kind: "resource" | "borrow"; readonly name: string }
  /** Only in a schema: a type that is declared there. */
  | { readonly kind: "named"; readonly name: string }
  /** Only in a schema: a type that its SDK could not describe. */
  | { readonly kind: "unknown" }
  /** Only of a codec: what `t.lazy` stands for. */
  | { readonly kind: "lazy"; readonly type: () => TypeDescription };
