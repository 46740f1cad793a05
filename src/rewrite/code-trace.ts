/** Notes where the code of a module is after it was rewritten, for what refers to positions in it. */

/** 32 MiB of numbers. A build for debugging of 20 MB has an eighth of them. */
const MAX_PIECES = 4 * 1024 * 1024;
const FIRST_PIECES = 512;

export class CodeTrace {
  /** For each piece of code that was copied as it is: where it is now, and where it was. */
  #numbers: Uint32Array<ArrayBuffer> = new Uint32Array(2 * FIRST_PIECES);
  #length = 0;
  /** Where the numbers of the present function begin, which is not placed yet. */
  #unplaced = 0;
  #isFull = false;

  /**
   * Notes a piece, behind all others of its function.
   *
   * @param from Its position in the module. @param to Its position in the new body.
   */
  copied(from: number, to: number): void {
    if (this.#length === this.#numbers.length) this.#grow();
    if (this.#isFull) return;
    this.#numbers[this.#length++] = to;
    this.#numbers[this.#length++] = from;
  }

  /** Notes where the new body begins that the last pieces are in. */
  placed(body: number): void {
    this.#move(this.#unplaced, body);
    this.#unplaced = this.#length;
  }

  /**
   * All pieces in order, for each its position now and before, or `undefined` if they were too many.
   *
   * @param start Where what the bodies were placed in begins.
   */
  finish(start: number): Uint32Array<ArrayBuffer> | undefined {
    if (this.#isFull) return undefined;
    this.#move(0, start);
    return this.#numbers.slice(0, this.#length);
  }

  #grow(): void {
    this.#isFull = this.#length === 2 * MAX_PIECES;
    if (this.#isFull) return;
    const larger = new Uint32Array(2 * this.#length);
    larger.set(this.#numbers);
    this.#numbers = larger;
  }

  #move(start: number, by: number): void {
    for (let at = start; at < this.#length; at += 2) {
      this.#numbers[at] = (this.#numbers[at] as number) + by;
    }
  }
}
