/** The table of contents: everything that `t` has. */

export { array } from "./array.ts";
export { bool } from "./bool.ts";
export { duration } from "./duration.ts";
export { enumeration } from "./enumeration.ts";
export { f32, f64 } from "./floats.ts";
export { i8, i16, i32, i64, i128, u8, u16, u32, u64, u128 } from "./integers.ts";
export { lazy } from "./lazy.ts";
export { map } from "./map.ts";
export { option } from "./option.ts";
export { result } from "./result.ts";
export { set } from "./set.ts";
export { struct } from "./struct.ts";
export { char, string } from "./text.ts";
export { tuple } from "./tuple.ts";
export {
  bytes,
  f32Array,
  f64Array,
  fixedBytes,
  i8Array,
  i16Array,
  i32Array,
  i64Array,
  u16Array,
  u32Array,
  u64Array,
} from "./typed-arrays.ts";
export { unit } from "./unit.ts";
export { vec } from "./vec.ts";
