/**
 * Bytes in one chunk. Large files grow chunk by chunk and never move; 256 KiB keeps the list short
 * and wastes little at the end.
 */
export const CHUNK_BYTES: number = 256 * 1024;

/** Bytes that the first chunk starts with. */
const FIRST_BYTES = 64;

/** A chunk larger than this many times what it holds is given back. */
const SLACK = 4;

/**
 * The bytes of a file: a list of chunks with holes, which read as zeros.
 *
 * The first chunk doubles until it is whole, so that a small file is one small array. Bytes of a
 * chunk beyond the file's size are zero.
 */
export class FileContent {
  readonly #chunks: (Uint8Array | undefined)[] = [];
  #size = 0;

  /** Bytes in the file, holes included. */
  get size(): number {
    return this.#size;
  }

  /** Makes the file end at `size`: cut off, or continued by a hole. */
  resize(size: number): void {
    if (size < this.#size) this.#shrink(size);
    this.#size = size;
  }

  /** Copies the `length` bytes at `position`, all of them in the file, to `target` at `start`. */
  read(position: number, target: Uint8Array, start: number, length: number): void {
    for (let done = 0; done < length; ) {
      const offset = (position + done) % CHUNK_BYTES;
      const count = Math.min(CHUNK_BYTES - offset, length - done);
      const at = start + done;
      const chunk = this.#chunks[Math.floor((position + done) / CHUNK_BYTES)];
      const held = chunk === undefined ? 0 : Math.min(Math.max(chunk.length - offset, 0), count);
      if (chunk !== undefined && held > 0) target.set(chunk.subarray(offset, offset + held), at);
      if (held < count) target.fill(0, at + held, at + count);
      done += count;
    }
  }

  /**
   * Copies the `length` bytes of `source` from `start` to `position`. The file grows to hold them.
   *
   * @throws RangeError when the engine has no memory left.
   */
  write(position: number, source: Uint8Array, start: number, length: number): void {
    for (let done = 0; done < length; ) {
      const offset = (position + done) % CHUNK_BYTES;
      const count = Math.min(CHUNK_BYTES - offset, length - done);
      const index = Math.floor((position + done) / CHUNK_BYTES);
      const from = start + done;
      this.#chunk(index, offset + count).set(source.subarray(from, from + count), offset);
      done += count;
    }
    if (length > 0) this.#size = Math.max(this.#size, position + length);
  }

  /** All bytes, as a copy. */
  toBytes(): Uint8Array<ArrayBuffer> {
    const bytes = new Uint8Array(this.#size);
    this.read(0, bytes, 0, this.#size);
    return bytes;
  }

  /** Whether the chunk `index` was written, and is no hole. */
  holds(index: number): boolean {
    return this.#chunks[index] !== undefined;
  }

  /** A copy of the chunk `index`, as far as it is in the file and was written; `undefined` for a hole. */
  copyChunk(index: number): Uint8Array<ArrayBuffer> | undefined {
    const used = this.#size - index * CHUNK_BYTES;
    return used > 0 ? this.#chunks[index]?.slice(0, used) : undefined;
  }

  /** Takes `bytes`, which lie within the file and are given up, as the chunk `index`. */
  adoptChunk(index: number, bytes: Uint8Array): void {
    this.#chunks[index] = bytes;
  }

  /** The chunk `index`, made long enough to hold `end` bytes. */
  #chunk(index: number, end: number): Uint8Array {
    const chunk = this.#chunks[index];
    if (chunk !== undefined && chunk.length >= end) return chunk;
    const doubled = Math.max(end, 2 * (chunk?.length ?? 0), FIRST_BYTES);
    const grown = new Uint8Array(index === 0 ? Math.min(doubled, CHUNK_BYTES) : CHUNK_BYTES);
    if (chunk !== undefined) grown.set(chunk);
    this.#chunks[index] = grown;
    return grown;
  }

  #shrink(size: number): void {
    const count = Math.ceil(size / CHUNK_BYTES);
    if (this.#chunks.length > count) this.#chunks.length = count;
    const last = this.#chunks[count - 1];
    if (last === undefined) return;
    const used = size - (count - 1) * CHUNK_BYTES;
    if (last.length > SLACK * used) this.#chunks[count - 1] = last.slice(0, used);
    else last.fill(0, used);
  }
}
