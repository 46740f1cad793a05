import type { ArrayTypeName, PlainTypeName } from "../codec/type-description.ts";

/** The lists of numbers that are typed arrays in JavaScript, with what they hold. */
export const ARRAY_ELEMENTS: Readonly<Record<ArrayTypeName, PlainTypeName>> = {
  i8Array: "i8",
  u16Array: "u16",
  i16Array: "i16",
  u32Array: "u32",
  i32Array: "i32",
  u64Array: "u64",
  i64Array: "i64",
  f32Array: "f32",
  f64Array: "f64",
};

export function isArrayType(name: string): name is ArrayTypeName {
  return Object.hasOwn(ARRAY_ELEMENTS, name);
}
