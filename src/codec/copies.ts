/** Equal functions, each written out by itself and given out once: see `field-copies.ts`. */
export class Copies<F> {
  readonly all: readonly F[];
  #given = 0;

  constructor(copies: readonly F[]) {
    this.all = copies;
  }

  /** @returns `count` copies that nobody else has, or `undefined` where too few are left. */
  take(count: number): readonly F[] | undefined {
    const end = this.#given + count;
    if (end > this.all.length) return undefined;
    const copies = this.all.slice(this.#given, end);
    this.#given = end;
    return copies;
  }
}
