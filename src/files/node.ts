import { Errno } from "./errno.ts";
import { CHUNK_BYTES, FileContent } from "./file-content.ts";
import { FileType } from "./file-type.ts";
import type { ChangeLog } from "./journal.ts";
import { isStackOverflow } from "./stack-overflow.ts";
import { encodeUtf8 } from "./utf8.ts";
import type { Volume } from "./volume.ts";
import { WasiError } from "./wasi-error.ts";

/** A file of any kind: what names lead to and descriptors are open on. */
export type Node = FileNode | DirectoryNode | LinkNode;

/** What all kinds of files have. Times are nanoseconds since 1970. */
abstract class Inode {
  readonly volume: Volume;
  /** The number that tells it from the other files of its volume. */
  readonly id: number;
  #names = 0;
  /** How many descriptors are open here. */
  descriptors = 0;
  accessedNs: bigint;
  modifiedNs: bigint;
  changedNs: bigint;

  constructor(volume: Volume, nowNs: bigint, id: number = volume.nextInode()) {
    this.volume = volume;
    this.id = id;
    this.accessedNs = nowNs;
    this.modifiedNs = nowNs;
    this.changedNs = nowNs;
  }

  /** How many names lead here. Once the last one is gone there won't be another. */
  get names(): number {
    return this.#names;
  }

  /** Counts one more name that leads here. */
  addName(): void {
    if (this.#names++ === 0) this.volume.journal?.add(this);
  }

  /** Counts one name less. */
  removeName(): void {
    if (--this.#names === 0) this.volume.journal?.remove(this);
  }

  /** Notes that what it holds has changed. */
  modified(nowNs: bigint): void {
    this.modifiedNs = nowNs;
    this.changed(nowNs);
  }

  /** Notes that what is known of it has changed: its names, its times. */
  changed(nowNs: bigint): void {
    this.changedNs = nowNs;
    this.journal?.touch(this);
  }

  /** Where changes are noted. Nowhere for what no name leads to: it is gone when its descriptors are. */
  protected get journal(): ChangeLog | undefined {
    return this.#names > 0 ? this.volume.journal : undefined;
  }

  /** Gives back what it holds, once no name and no descriptor leads here. */
  abstract release(): void;
}

/** A regular file. */
export class FileNode extends Inode {
  readonly type: typeof FileType.REGULAR_FILE = FileType.REGULAR_FILE;
  readonly #content = new FileContent();

  /** Bytes in the file. */
  get size(): number {
    return this.#content.size;
  }

  /** Cuts the file off at `size`, or continues it with zeros. @throws WasiError EFBIG, ENOSPC */
  resize(size: number): void {
    const before = this.size;
    this.volume.resize(before, size);
    if (size < before) this.#noteCut(size, before);
    this.#content.resize(size);
  }

  /** Makes room for bytes up to `end`, so that {@link write} can't fail. @throws WasiError EFBIG, ENOSPC */
  reserve(end: number): void {
    if (end > this.size) this.resize(end);
  }

  /** See {@link FileContent.read}. */
  read(position: number, target: Uint8Array, start: number, length: number): void {
    this.#content.read(position, target, start, length);
  }

  /** Writes over bytes that are in the file. See {@link FileContent.write}. @throws WasiError ENOSPC */
  write(position: number, source: Uint8Array, start: number, length: number): void {
    this.#noteWrite(position, position + length);
    try {
      this.#content.write(position, source, start, length);
    } catch (cause) {
      // The engine's own memory is at its end, whatever the limits say.
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

  /** All bytes, as a copy. */
  toBytes(): Uint8Array<ArrayBuffer> {
    return this.#content.toBytes();
  }

  override release(): void {
    if (this.names === 0 && this.descriptors === 0) this.resize(0);
  }

  /** Notes that the bytes from `start` to `end` are written. */
  #noteWrite(start: number, end: number): void {
    const { journal } = this;
    if (journal === undefined || start === end) return;
    for (let index = Math.floor(start / CHUNK_BYTES); index * CHUNK_BYTES < end; index++) {
      if (this.#content.holds(index)) journal.touch(this, index);
      else journal.add(this, index);
    }
  }

  /** Notes that what is held from `start` to `end` goes: it must not come back when the file grows again. */
  #noteCut(start: number, end: number): void {
    const { journal } = this;
    if (journal === undefined) return;
    for (let index = Math.floor(start / CHUNK_BYTES); index * CHUNK_BYTES < end; index++) {
      if (!this.#content.holds(index)) continue;
      if (index * CHUNK_BYTES < start) journal.touch(this, index);
      else journal.remove(this, index);
    }
  }
}

/** A name in a directory. */
export interface Entry {
  readonly name: string;
  /** Its place in the order of the directory: larger than those of all entries made before it. */
  readonly cookie: number;
  node: Node;
}

/** The first cookies are those of `.` and `..`. */
const FIRST_COOKIE = 2;

/** A directory. */
export class DirectoryNode extends Inode {
  readonly type: typeof FileType.DIRECTORY = FileType.DIRECTORY;
  /** The directory that it is in; the root is in itself. */
  parent: DirectoryNode = this;
  #nextCookie = FIRST_COOKIE;
  readonly #entries = new Map<string, Entry>();

  /** How many names it holds, without `.` and `..`. */
  get size(): number {
    return this.#entries.size;
  }

  /** What `name` leads to. */
  get(name: string): Node | undefined {
    return this.#entries.get(name)?.node;
  }

  /** Whether it still holds `entry`. */
  has(entry: Entry): boolean {
    return this.#entries.get(entry.name) === entry;
  }

  /** The entries from the oldest to the newest; goes on rightly while entries come and go. */
  entries(): MapIterator<Entry> {
    return this.#entries.values();
  }

  /** Lets `name`, which may exist, lead to `node`. The node that it led to is not released. */
  set(name: string, node: Node): void {
    if (this.#entries.has(name)) this.journal?.touch(this, name);
    else this.journal?.add(this, name);
    this.cover(name, node);
  }

  /**
   * Lets `name` lead to the root of another volume, or again to what that covered: it is no change to
   * what this volume holds.
   */
  cover(name: string, node: Node): void {
    const entry = this.#entries.get(name);
    if (entry === undefined) {
      this.#entries.set(name, { name, cookie: this.#nextCookie++, node });
    } else {
      entry.node = node;
    }
    if (node.type === FileType.DIRECTORY) node.parent = this;
  }

  /** Takes `name` out. The node that it led to is not released. */
  delete(name: string): void {
    this.uncover(name);
    this.journal?.remove(this, name);
  }

  /** Takes a name out that a mount has brought. */
  uncover(name: string): void {
    this.#entries.delete(name);
  }

  override release(): void {
    // A directory goes only when it is empty, and holds nothing else.
  }
}

/** A symbolic link. */
export class LinkNode extends Inode {
  readonly type: typeof FileType.SYMBOLIC_LINK = FileType.SYMBOLIC_LINK;
  readonly target: string;
  /** Bytes of the target. */
  readonly size: number;

  /** @throws WasiError ENOSPC */
  constructor(volume: Volume, nowNs: bigint, target: string, id?: number) {
    super(volume, nowNs, id);
    this.target = target;
    this.size = encodeUtf8(target).length;
    volume.resize(0, this.size);
  }

  override release(): void {
    if (this.names === 0) this.volume.resize(this.size, 0);
  }
}
