/** Writes the primitives of the binary format, front to back. */

/** Up to here a loop over bytes is faster than a call into the engine. */
const MAX_BYTEWISE = 64;

export class BinaryWriter {
  #bytes: Uint8Array<ArrayBuffer>;
  #length = 0;

  /** @param capacityBytes How much will likely be written; the buffer grows beyond it. */
  constructor(capacityBytes = 64) {
    this.#bytes = new Uint8Array(capacityBytes);
  }

  /** The number of bytes written so far. */
  get length(): number {
    return this.#length;
  }

  /** The bytes written so far: a view, valid until more are written. */
  get written(): Uint8Array<ArrayBuffer> {
    return this.#bytes.subarray(0, this.#length);
  }

  /** Discards what was written and reuses the buffer. */
  clear(): void {
    this.#length = 0;
  }

  byte(value: number): void {
    this.#reserve(1);
    this.#bytes[this.#length++] = value;
  }

  bytes(values: ArrayLike<number>): void {
    const { length } = values;
    this.#reserve(length);
    if (length > MAX_BYTEWISE) this.#bytes.set(values, this.#length);
    else
      for (let index = 0; index < length; index += 1)
        this.#bytes[this.#length + index] = values[index] as number;
    this.#length += length;
  }

  /** Writes a part of other bytes. Without a view of it where it is short, as code between two checks is. */
  copy(source: Uint8Array, start: number, end: number): void {
    const length = end - start;
    this.#reserve(length);
    if (length > MAX_BYTEWISE) {
      this.#bytes.set(source.subarray(start, end), this.#length);
      this.#length += length;
      return;
    }
    const bytes = this.#bytes;
    let position = this.#length;
    for (let index = start; index < end; index += 1) bytes[position++] = source[index] as number;
    this.#length = position;
  }

  u32(value: number): void {
    let rest = value;
    for (; rest >= 0x80; rest = Math.floor(rest / 0x80)) this.byte((rest % 0x80) | 0x80);
    this.byte(rest);
  }

  /** An integer ≥ 0, encoded as a signed one. */
  s64(value: number): void {
    let rest = value;
    for (; rest >= 0x40; rest = Math.floor(rest / 0x80)) this.byte((rest % 0x80) | 0x80);
    this.byte(rest);
  }

  name(text: string): void {
    this.sized(new TextEncoder().encode(text));
  }

  /** Bytes preceded by their number. */
  sized(values: ArrayLike<number>): void {
    this.u32(values.length);
    this.bytes(values);
  }

  #reserve(length: number): void {
    const needed = this.#length + length;
    if (needed <= this.#bytes.length) return;
    const grown = new Uint8Array(Math.max(needed, this.#bytes.length * 2));
    grown.set(this.#bytes);
    this.#bytes = grown;
  }
}
