/** The table of contents: everything that `t` has. */

export { array } from "./types/array.ts";
export { bool } from "./types/bool.ts";
export { duration } from "./types/duration.ts";
export { enumOf as enum } from "./types/enum.ts";
export { f32, f64 } from "./types/floats.ts";
export { i8, i16, i32, i64, i128, u8, u16, u32, u64, u128 } from "./types/integers.ts";
export { lazy } from "./types/lazy.ts";
export { map } from "./types/map.ts";
export { option } from "./types/option.ts";
export { borrow, resource } from "./types/resource.ts";
export { result } from "./types/result.ts";
export { set } from "./types/set.ts";
export { struct } from "./types/struct.ts";
export { char, string } from "./types/text.ts";
export { tuple } from "./types/tuple.ts";
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
} from "./types/typed-arrays.ts";
export { unit } from "./types/unit.ts";
export { vec } from "./types/vec.ts";
