/** A type as the runtime and the schema need it. A word is one of the schema's, as in docs/schema.md. */
export type Type =
  | Word
  | { readonly vec: Type }
  | { readonly set: Type }
  | { readonly option: Type }
  | { readonly map: readonly [Type, Type] }
  | { readonly result: readonly [Type, Type] }
  | { readonly array: readonly [Type, number] }
  | { readonly fixedBytes: number }
  | { readonly tuple: readonly Type[] }
  | { readonly struct: readonly Field[] }
  | { readonly enum: readonly Variant[] }
  | { readonly borrow: string }
  /** A declared type. */
  | { readonly name: string };

export type Word =
  | "()"
  | "bool"
  | "char"
  | "string"
  | "bytes"
  | "duration"
  | NumberWord
  | BigIntWord
  | TypedArrayWord;

export type NumberWord = "u8" | "u16" | "u32" | "i8" | "i16" | "i32" | "f32" | "f64";
export type BigIntWord = "u64" | "i64" | "u128" | "i128";
export type TypedArrayWord =
  | "i8Array"
  | "u16Array"
  | "i16Array"
  | "u32Array"
  | "i32Array"
  | "u64Array"
  | "i64Array"
  | "f32Array"
  | "f64Array";

export interface Field {
  readonly name: string;
  readonly type: Type;
  readonly docs?: string;
}

export interface Variant {
  readonly name: string;
  /** `undefined` if the variant has no value. */
  readonly type?: Type;
  readonly docs?: string;
}

export interface Signature {
  readonly name: string;
  readonly parameters: readonly Field[];
  readonly result: Type;
  readonly docs?: string;
}

export interface Declaration {
  readonly name: string;
  readonly type: Type | "resource";
  readonly docs?: string;
}

/** What a plugin offers, what it wants from the host, and its types. */
export interface Description {
  readonly exports: readonly Signature[];
  readonly imports: readonly Signature[];
  readonly types: readonly Declaration[];
}
