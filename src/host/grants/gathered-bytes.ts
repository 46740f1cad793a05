/** Bytes that come in chunks, each copied once, when it has come: the last one waits for no other. */
export class GatheredBytes {
  #bytes: Uint8Array<ArrayBuffer>;
  #length = 0;

  /** @param expectedBytes How many are said to come. More are taken too. */
  constructor(expectedBytes: number) {
    this.#bytes = new Uint8Array(expectedBytes);
  }

  get length(): number {
    return this.#length;
  }

  add(chunk: Uint8Array): void {
    const length = this.#length + chunk.length;
    if (length > this.#bytes.length) {
      const larger = new Uint8Array(Math.max(length, 2 * this.#bytes.length));
      larger.set(this.#bytes.subarray(0, this.#length));
      this.#bytes = larger;
    }
    this.#bytes.set(chunk, this.#length);
    this.#length = length;
  }

  /** All of them, in a buffer of their own. */
  take(): Uint8Array<ArrayBuffer> {
    const isFull = this.#length === this.#bytes.length;
    return isFull ? this.#bytes : this.#bytes.slice(0, this.#length);
  }
}
