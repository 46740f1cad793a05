/** Reads the binary format of Wasm. Only modules of this package are read, so nothing is bounded. */
export class BinaryReader {
  readonly bytes: Uint8Array;
  position = 0;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
  }

  get isAtEnd(): boolean {
    return this.position >= this.bytes.length;
  }

  byte(): number {
    return this.bytes[this.position++] as number;
  }

  /** An unsigned integer of 32 bits. */
  u32(): number {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = this.byte();
      value |= (byte & 0x7f) << shift;
      if (byte < 0x80) return value >>> 0;
    }
  }

  skipLeb(): void {
    while (this.byte() >= 0x80);
  }

  /** The next bytes, as a view. */
  take(length: number): Uint8Array {
    this.position += length;
    return this.bytes.subarray(this.position - length, this.position);
  }

  since(start: number): Uint8Array {
    return this.bytes.subarray(start, this.position);
  }

  name(): string {
    return new TextDecoder().decode(this.take(this.u32()));
  }

  /** A vector: its length, then the items. */
  items<Item>(read: (reader: this) => Item): Item[] {
    return Array.from({ length: this.u32() }, () => read(this));
  }
}
