import type { Reader } from "./reader.ts";
import type { TypeDescription } from "./type-description.ts";
import type { TypedArray, TypedArrayConstructor } from "./typed-array.ts";
import type { Writer } from "./writer.ts";

/**
 * How values of one type become bincode 1.x bytes and come back. Made by the functions of `t`; its
 * members are for this library alone.
 *
 * `T` is what decoding gives, `I` what encoding takes: the same, or somewhat wider (`readonly`
 * arrays, typed arrays where numbers are wanted).
 */
export interface Codec<out T, in I = T> {
  /** What it converts. */
  readonly type: TypeDescription;
  /** The fewest bytes that a value can take, by which a length is refused before it is believed. */
  readonly minBytes: number;
  /** What a value counts towards `messageItems` before its bytes are known: see `codec/weights.ts`. */
  readonly weight: number;
  /** Whether a value can be `null`, so that an option of it has to tell `Some(null)` from `None`. */
  readonly nullable: boolean;
  /** The kind of typed array that its values are, after a length. */
  readonly array?: TypedArrayConstructor<TypedArray>;
  /** Appends the value. @throws Mismatch when `value`, unknown in truth, does not fit. */
  readonly encode: (writer: Writer, value: I) => void;
  /** Takes one value. @throws Mismatch when the bytes do not hold one. */
  readonly decode: (reader: Reader) => T;
}

/** Any codec at all. */
export type AnyCodec = Codec<unknown, never>;

/** What decoding with the codec `C` gives. */
export type ValueOf<C extends AnyCodec> = C extends Codec<infer T, never> ? T : never;

/** What encoding with the codec `C` takes. */
export type InputOf<C extends AnyCodec> = C extends Codec<unknown, infer I> ? I : never;

/** A codec of numbers that a typed array `A` holds in just the bytes that bincode gives them. */
export interface NumericCodec<T, A extends TypedArray> extends Codec<T> {
  /** The constructor of typed arrays of such numbers. */
  readonly elements: TypedArrayConstructor<A>;
}
