import type { Limits } from "../limits.ts";
import { Errno } from "./errno.ts";
import type { ChangeLog } from "./journal.ts";
import { WasiError } from "./wasi-error.ts";

/** The maximum size of one file, whatever the limits: 64 GiB keeps its list of chunks short, holes included. */
export const MAX_FILE_BYTES: number = 2 ** 36;

/** The id of the volume whose root is `/`. */
export const ROOT_VOLUME = 1;

/** The id of the root node of every volume, which is created first. */
export const ROOT_NODE = 1;

/** The usage of all volumes of one file system together, and its limits. */
export class Quota {
  readonly limits: Pick<Limits, "fileBytes" | "inodes">;
  bytes = 0;
  entries = 0;

  constructor(limits: Pick<Limits, "fileBytes" | "inodes">) {
    this.limits = limits;
  }
}

/**
 * A tree of files within a file system: one for `/` and one for each mount. Hard links and renames
 * across volumes fail.
 */
export class Volume {
  /** The device that `fd_filestat_get` reports. */
  readonly id: number;
  /** Records every change in the volume, if it is journaled. */
  readonly journal: ChangeLog | undefined;
  /** Whether every change in it fails with EROFS. */
  readOnly = false;
  #attached = true;
  #nextInode = ROOT_NODE;
  #bytes = 0;
  #entries = 0;
  readonly #quota: Quota;

  constructor(id: number, quota: Quota, journal: ChangeLog | undefined) {
    this.id = id;
    this.#quota = quota;
    this.journal = journal;
  }

  /** Whether it is still part of its file system. After unmounting, descriptors into it are stale. */
  get attached(): boolean {
    return this.#attached;
  }

  /** Returns an id that no other node of this volume has had. */
  nextInode(): number {
    return this.#nextInode++;
  }

  /** Keeps {@link nextInode} from returning the id of a restored node. */
  reserveInode(id: number): void {
    this.#nextInode = Math.max(this.#nextInode, id + 1);
  }

  /** @throws WasiError EROFS */
  assertWritable(): void {
    if (this.readOnly) throw new WasiError(Errno.EROFS);
  }

  /**
   * Counts the change of a file's size. Holes count like bytes.
   *
   * @throws WasiError EFBIG (over the limit for one file), ENOSPC (over what is free now)
   */
  resize(from: number, to: number): void {
    const { limits, bytes } = this.#quota;
    // Negated, so that NaN is refused.
    if (!(to <= from)) {
      if (!(to <= Math.min(limits.fileBytes, MAX_FILE_BYTES))) throw new WasiError(Errno.EFBIG);
      if (bytes + to - from > limits.fileBytes) throw new WasiError(Errno.ENOSPC);
    }
    if (!this.#attached) return;
    this.#bytes += to - from;
    this.#quota.bytes += to - from;
  }

  /** @throws WasiError ENOSPC when the limit of names is reached. */
  assertEntryFree(): void {
    if (this.#quota.entries >= this.#quota.limits.inodes) throw new WasiError(Errno.ENOSPC);
  }

  /** Counts one more name. */
  addEntry(): void {
    this.#entries++;
    this.#quota.entries++;
  }

  /** Counts one name less. */
  removeEntry(): void {
    this.#entries--;
    this.#quota.entries--;
  }

  /** Removes the volume from its file system, and its usage from the quota. */
  detach(): void {
    this.#attached = false;
    this.#quota.bytes -= this.#bytes;
    this.#quota.entries -= this.#entries;
  }
}
