/** What all kinds of typed arrays have in common. */
export interface TypedArray extends ArrayBufferView {
  readonly length: number;
  readonly [index: number]: number | bigint;
  set(source: ArrayLike<never>, index: number): void;
  slice(start: number, end: number): unknown;
}

/** What is needed of `Float64Array` and its kin. */
export interface TypedArrayConstructor<A extends TypedArray> {
  readonly name: string;
  readonly BYTES_PER_ELEMENT: number;
  new (buffer: ArrayBuffer, byteOffset?: number, length?: number): A;
}
