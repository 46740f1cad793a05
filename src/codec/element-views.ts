import type { TypedArray, TypedArrayConstructor } from "./typed-array.ts";

/** Views of one buffer as each kind of typed array, made once: making one takes longer than copying a few elements. */
export class ElementViews {
  readonly #buffer: ArrayBuffer;
  readonly #views: Map<unknown, TypedArray> = new Map();

  constructor(buffer: ArrayBuffer) {
    this.#buffer = buffer;
  }

  /** The whole elements of the buffer. */
  of<A extends TypedArray>(kind: TypedArrayConstructor<A>): A {
    const known = this.#views.get(kind);
    if (known !== undefined) return known as A;
    const length = Math.floor(this.#buffer.byteLength / kind.BYTES_PER_ELEMENT);
    const view = new kind(this.#buffer, 0, length);
    this.#views.set(kind, view);
    return view;
  }
}
