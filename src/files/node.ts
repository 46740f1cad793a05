import type { FileNode } from "./file-node.ts";
import { FileType } from "./file-type.ts";
import { Inode } from "./inode.ts";
import { encodeUtf8 } from "./utf8.ts";
import type { Volume } from "./volume.ts";

/** A file of any type, which names lead to and descriptors are open on. */
export type Node = FileNode | DirectoryNode | LinkNode;

/** A name in a directory. */
export interface Entry {
  readonly name: string;
  /** Its position in listings of the directory. A newer entry has a larger one. */
  readonly cookie: number;
  node: Node;
}

/** The lower cookies are those of `.` and `..`. */
const FIRST_COOKIE = 2;

/** A directory. */
export class DirectoryNode extends Inode {
  readonly type: typeof FileType.DIRECTORY = FileType.DIRECTORY;
  /** The directory that contains it. A root is its own parent. */
  parent: DirectoryNode = this;
  #nextCookie = FIRST_COOKIE;
  readonly #entries = new Map<string, Entry>();

  /** The number of names in it, without `.` and `..`. */
  get size(): number {
    return this.#entries.size;
  }

  /** Returns what `name` leads to. */
  get(name: string): Node | undefined {
    return this.#entries.get(name)?.node;
  }

  /** Whether `entry` is still in the directory. */
  has(entry: Entry): boolean {
    return this.#entries.get(entry.name) === entry;
  }

  /** Iterates over the entries, oldest first. Entries may be added and removed meanwhile. */
  entries(): MapIterator<Entry> {
    return this.#entries.values();
  }

  /** Iterates over what the names lead to, oldest first. */
  *children(): Generator<Node> {
    for (const { node } of this.#entries.values()) yield node;
  }

  /** Makes `name` lead to `node`, instead of what it led to before, which is not released. */
  set(name: string, node: Node): void {
    if (this.#entries.has(name)) this.journal?.touch(this, name);
    else this.journal?.add(this, name);
    this.cover(name, node);
  }

  /**
   * Makes `name` lead to the root of a mounted volume, or again to the directory that a mount hid. The
   * journal does not record it, because the content of this volume stays the same.
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

  /** Removes `name`. The node that it led to is not released. */
  delete(name: string): void {
    this.uncover(name);
    this.journal?.remove(this, name);
  }

  /** Removes a name that exists only as a mount point. The journal does not record it. */
  uncover(name: string): void {
    this.#entries.delete(name);
  }

  override release(): void {
    // Only an empty directory is removed, and it has nothing else to free.
  }
}

/** A symbolic link. */
export class LinkNode extends Inode {
  readonly type: typeof FileType.SYMBOLIC_LINK = FileType.SYMBOLIC_LINK;
  readonly target: string;
  /** The size of the target in bytes. */
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
