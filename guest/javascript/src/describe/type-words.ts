import type { Type } from "../description.ts";

/** Types that every program knows, by their names. */
export const GLOBAL_TYPES: Readonly<Record<string, Type>> = {
  Uint8Array: "bytes",
  Int8Array: "i8Array",
  Uint16Array: "u16Array",
  Int16Array: "i16Array",
  Uint32Array: "u32Array",
  Int32Array: "i32Array",
  BigUint64Array: "u64Array",
  BigInt64Array: "i64Array",
  Float32Array: "f32Array",
  Float64Array: "f64Array",
};

/** Types that the package exports, by their names there. */
export const SDK_TYPES: Readonly<Record<string, Type>> = {
  u8: "u8",
  u16: "u16",
  u32: "u32",
  u64: "u64",
  u128: "u128",
  i8: "i8",
  i16: "i16",
  i32: "i32",
  i64: "i64",
  i128: "i128",
  f32: "f32",
  f64: "f64",
  char: "char",
  Duration: "duration",
};

export const KEYWORD_TYPES: Readonly<Record<string, Type>> = {
  TSNumberKeyword: "f64",
  TSBigIntKeyword: "i64",
  TSStringKeyword: "string",
  TSBooleanKeyword: "bool",
  TSVoidKeyword: "()",
  TSUndefinedKeyword: "()",
};

/** What to write instead of a type that has no counterpart. */
export const ADVICE: Readonly<Record<string, string>> = {
  any: "write what it is",
  unknown: "write what it is",
  object: "write its fields",
  Object: "write its fields",
  Record: "use a Map, or an interface if the names are known",
  Date: "use a number of milliseconds, or Duration",
  Function: "a function cannot cross to the page",
  ArrayBuffer: "use Uint8Array",
  Uint8ClampedArray: "use Uint8Array",
  Promise: "only the result of an exported function can be a promise",
  symbol: "a symbol cannot cross to the page",
  never: "write what it is",
};
