/**
 * Reads the primitives of the binary format, front to back.
 *
 * Source: https://webassembly.github.io/spec/core/binary/values.html
 */

/** The longest encodings that the specification allows: ceil(N / 7) bytes for N bits. */
const LEB32_BYTES = 5;
const LEB64_BYTES = 10;

/**
 * The most items of a vector that is kept: as many types, functions, imports and exports as browsers
 * support.
 *
 * Source: https://webassembly.github.io/spec/js-api/#limits
 */
const MAX_ITEMS = 1_000_000;

export class BinaryReader {
  readonly bytes: Uint8Array;
  /** Where the next byte is read. */
  position: number;
  /** Where reading ends. */
  readonly end: number;

  constructor(bytes: Uint8Array, position = 0, end: number = bytes.length) {
    this.bytes = bytes;
    this.position = position;
    this.end = end;
  }

  get done(): boolean {
    return this.position >= this.end;
  }

  byte(): number {
    if (this.position >= this.end) throw this.tooShort();
    // Within the bytes: the end is never past them.
    return this.bytes[this.position++] as number;
  }

  u32(): number {
    let value = 0;
    for (let length = 1; length <= LEB32_BYTES; length += 1) {
      const byte = this.byte();
      value |= (byte & 0x7f) << ((length - 1) * 7);
      if (byte < 0x80) return value >>> 0;
    }
    throw this.malformed("integer longer than 32 bits");
  }

  /** A u64 of a memory's or table's limits, exact up to 2^53. */
  u64(): number {
    let value = 0;
    for (let length = 1; length <= LEB64_BYTES; length += 1) {
      const byte = this.byte();
      value += (byte & 0x7f) * 2 ** ((length - 1) * 7);
      if (byte < 0x80) return value;
    }
    throw this.malformed("integer longer than 64 bits");
  }

  /** Skips an integer of any width and sign. */
  skipLeb(): void {
    for (let length = 1; length <= LEB64_BYTES; length += 1) if (this.byte() < 0x80) return;
    throw this.malformed("integer longer than 64 bits");
  }

  skip(length: number): void {
    if (length > this.end - this.position) throw this.tooShort();
    this.position += length;
  }

  name(): string {
    return this.text(this.u32());
  }

  /** As many bytes of UTF-8. */
  text(byteLength: number): string {
    const start = this.position;
    this.skip(byteLength);
    return new TextDecoder("utf-8", { ignoreBOM: true }).decode(
      this.bytes.subarray(start, this.position),
    );
  }

  /** Reads the count of a vector. It may lie, so nothing is allocated for it. */
  count(most: number = MAX_ITEMS): number {
    const count = this.u32();
    if (count <= most) return count;
    throw this.malformed(`vector of ${count} items (at most ${most} are supported)`);
  }

  /** Reads a vector. */
  repeat<T>(read: () => T, most?: number): T[] {
    const count = this.count(most);
    const items: T[] = [];
    for (let left = count; left > 0; left -= 1) items.push(read());
    return items;
  }

  /** The error for a form that this reader does not know, in the byte read last. */
  unknown(what: string, code: number): TypeError {
    return this.malformed(`unknown ${what} 0x${code.toString(16)}`);
  }

  /** The error for a problem at the byte read last. */
  malformed(problem: string, at: number = this.position - 1): TypeError {
    return new TypeError(`Cannot read module: ${problem} at byte ${at}`);
  }

  /** The error for more of something than any tool writes. */
  excessive(what: string, at: number = this.position - 1): RangeError {
    return new RangeError(`Cannot read module: more than ${what} at byte ${at}`);
  }

  /** The error for a module or a section that ends too early. */
  tooShort(end: number = this.end): TypeError {
    return this.malformed("unexpected end", end);
  }
}
