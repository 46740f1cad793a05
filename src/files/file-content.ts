/**
 * The size of a chunk in bytes. A large file grows by whole chunks, without copying what it has.
 * 256 KiB keeps the list of chunks short and wastes little memory in the last one.
 */
export const CHUNK_BYTES: number = 256 * 1024;

/** The initial size of a file's first chunk in bytes. */
const FIRST_CHUNK_BYTES = 64;

/** A file that shrinks gets a smaller last chunk when the old one is over this many times too large. */
const MAX_SLACK = 4;

/**
 * The bytes of a file, as a list of chunks. A missing chunk is a hole, which reads as zeros.
 *
 * The first chunk doubles in size until it is a full chunk, so that a small file takes little memory.
 * Bytes of a chunk beyond the end of the file are zero.
 */
export class FileContent {
  readonly #chunks: (Uint8Array | undefined)[] = [];
  #size = 0;

  /** The size of the file in bytes, holes included. */
  get size(): number {
    return this.#size;
  }

  /** Cuts the file off at `size`, or extends it to `size` with a hole. */
  resize(size: number): void {
    if (size < this.#size) this.#shrink(size);
    this.#size = size;
  }

  /** Copies `length` bytes from `position` to `target` at `start`. All of them must be within the file. */
  read(position: number, target: Uint8Array, start: number, length: number): void {
    for (let done = 0; done < length; ) {
      const offset = (position + done) % CHUNK_BYTES;
      const count = Math.min(CHUNK_BYTES - offset, length - done);
      const at = start + done;
      const chunk = this.#chunks[Math.floor((position + done) / CHUNK_BYTES)];
      const stored = chunk === undefined ? 0 : Math.min(Math.max(chunk.length - offset, 0), count);
      if (chunk !== undefined && stored > 0)
        target.set(chunk.subarray(offset, offset + stored), at);
      if (stored < count) target.fill(0, at + stored, at + count);
      done += count;
    }
  }

  /**
   * Copies `length` bytes of `source`, starting at `start`, to `position`. Grows the file if needed.
   *
   * @throws RangeError when the JavaScript engine is out of memory.
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

  /** Returns a copy of all bytes. */
  toBytes(): Uint8Array<ArrayBuffer> {
    const bytes = new Uint8Array(this.#size);
    this.read(0, bytes, 0, this.#size);
    return bytes;
  }

  /** Whether chunk `index` exists. A missing one is a hole. */
  hasChunk(index: number): boolean {
    return this.#chunks[index] !== undefined;
  }

  /** Returns a copy of the part of chunk `index` that is within the file; `undefined` for a hole. */
  copyChunk(index: number): Uint8Array<ArrayBuffer> | undefined {
    const used = this.#size - index * CHUNK_BYTES;
    return used > 0 ? this.#chunks[index]?.slice(0, used) : undefined;
  }

  /** Makes `bytes`, which must fit the file, the chunk `index`. The file owns the array from then on. */
  adoptChunk(index: number, bytes: Uint8Array): void {
    this.#chunks[index] = bytes;
  }

  /** Returns chunk `index`, enlarged to at least `end` bytes. */
  #chunk(index: number, end: number): Uint8Array {
    const chunk = this.#chunks[index];
    if (chunk !== undefined && chunk.length >= end) return chunk;
    const doubled = Math.max(end, 2 * (chunk?.length ?? 0), FIRST_CHUNK_BYTES);
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
    if (last.length > MAX_SLACK * used) this.#chunks[count - 1] = last.slice(0, used);
    else last.fill(0, used);
  }
}
