import { Errno } from "./errno.ts";
import { CHUNK_BYTES, FileContent } from "./file-content.ts";
import { FileType } from "./file-type.ts";
import { Inode } from "./inode.ts";
import { isStackOverflow } from "./stack-overflow.ts";
import { WasiError } from "./wasi-error.ts";

/** Bytes of files in one copy. 2 GiB - 2 MiB: Chromium posts no larger buffer, Firefox a little more. */
export const MAX_COPY_BYTES: number = 2 ** 31 - 2 ** 21;

/** A regular file. */
export class FileNode extends Inode {
  readonly type: typeof FileType.REGULAR_FILE = FileType.REGULAR_FILE;
  readonly #content = new FileContent();

  /** The size of the file in bytes. */
  get size(): number {
    return this.#content.size;
  }

  /** Cuts the file off at `size`, or extends it with zeros. @throws WasiError EFBIG, ENOSPC */
  resize(size: number): void {
    const before = this.size;
    this.volume.resize(before, size);
    if (size < before) this.#recordCut(size, before);
    this.#content.resize(size);
  }

  /** Extends the file to `end`, so that a {@link write} up to there stays within it. @throws WasiError EFBIG, ENOSPC */
  reserve(end: number): void {
    if (end > this.size) this.resize(end);
  }

  /** See {@link FileContent.read}. */
  read(position: number, target: Uint8Array, start: number, length: number): void {
    this.#content.read(position, target, start, length);
  }

  /** Overwrites bytes within the file. See {@link FileContent.write}. @throws WasiError ENOSPC */
  write(position: number, source: Uint8Array, start: number, length: number): void {
    this.#recordWrite(position, position + length);
    try {
      this.#content.write(position, source, start, length);
    } catch (cause) {
      // The JavaScript engine ran out of memory before the limits were reached.
      if (cause instanceof RangeError && !isStackOverflow(cause)) {
        throw new WasiError(Errno.ENOSPC);
      }
      throw cause;
    }
  }

  /** See {@link FileContent.copyChunk}. */
  copyChunk(index: number): Uint8Array<ArrayBuffer> | undefined {
    return this.#content.copyChunk(index);
  }

  /** See {@link FileContent.adoptChunk}. */
  adoptChunk(index: number, bytes: Uint8Array): void {
    this.#content.adoptChunk(index, bytes);
  }

  /** Returns a copy of all bytes. @throws WasiError EFBIG when they are more than {@link MAX_COPY_BYTES} */
  toBytes(): Uint8Array<ArrayBuffer> {
    if (this.size > MAX_COPY_BYTES) throw new WasiError(Errno.EFBIG);
    return this.#content.toBytes();
  }

  override release(): void {
    if (this.names === 0 && this.descriptors === 0) this.resize(0);
  }

  /** Records that the bytes from `start` to `end` are overwritten. */
  #recordWrite(start: number, end: number): void {
    const { journal } = this;
    if (journal === undefined || start === end) return;
    for (let index = Math.floor(start / CHUNK_BYTES); index * CHUNK_BYTES < end; index++) {
      if (this.#content.hasChunk(index)) journal.touch(this, index);
      else journal.add(this, index);
    }
  }

  /** Records that the bytes from `start` to `end` are dropped, which must not return when the file grows. */
  #recordCut(start: number, end: number): void {
    const { journal } = this;
    if (journal === undefined) return;
    for (let index = Math.floor(start / CHUNK_BYTES); index * CHUNK_BYTES < end; index++) {
      if (!this.#content.hasChunk(index)) continue;
      if (index * CHUNK_BYTES < start) journal.touch(this, index);
      else journal.remove(this, index);
    }
  }
}
