import type { NumericCodec } from "../codec.ts";
import { WEIGHTS } from "../weights.ts";
import type { Writer } from "../writer.ts";

/** `f32`: a number, rounded as `Math.fround` does. All NaNs are one: bits of a NaN may change. */
export const f32: NumericCodec<number, Float32Array> = {
  type: { kind: "f32" },
  minBytes: 4,
  weight: WEIGHTS.scalar,
  nullable: false,
  elements: Float32Array,
  encode: (writer, value) => writer.f32(checked(writer, value, "f32 (a number)")),
  decode: (reader) => reader.view.getFloat32(reader.take(4, "f32"), true),
};

/** `f64`: a number. All NaNs are one: bits of a NaN may change. */
export const f64: NumericCodec<number, Float64Array> = {
  type: { kind: "f64" },
  minBytes: 8,
  weight: WEIGHTS.scalar,
  nullable: false,
  elements: Float64Array,
  encode: (writer, value) => writer.f64(checked(writer, value, "f64 (a number)")),
  decode: (reader) => reader.view.getFloat64(reader.take(8, "f64"), true),
};

function checked(writer: Writer, value: unknown, expected: string): number {
  if (typeof value !== "number") throw writer.wrong(value, expected);
  return value;
}
