import type { Limits } from "../limits.ts";
import { Errno } from "./errno.ts";
import type { ChangeLog } from "./journal.ts";
import { WasiError } from "./wasi-error.ts";

/** Bytes of one file, whatever the limits: 64 GiB keeps its list of chunks short, holes included. */
export const MAX_FILE_BYTES: number = 2 ** 36;

/** The number of the volume that `/` is the root of. */
export const ROOT_VOLUME = 1;

/** The number of the root of every volume: it is made first. */
export const ROOT_NODE = 1;

/** What all volumes of one file system hold together, and may hold. */
export class Quota {
  readonly limits: Pick<Limits, "fileBytes" | "inodes">;
  bytes = 0;
  entries = 0;

  constructor(limits: Pick<Limits, "fileBytes" | "inodes">) {
    this.limits = limits;
  }
}

/**
 * A tree of files of its own within a file system: the root's, and one for each mount. Links and
 * renames do not cross from one to another.
 */
export class Volume {
  /** What `fd_filestat_get` reports as the device. */
  readonly id: number;
  /** Told of every change to what it holds, where somebody wants to know. */
  readonly journal: ChangeLog | undefined;
  /** Whether everything in it refuses to change. */
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

  /** Whether it is still part of its file system. Descriptors into one that is not are stale. */
  get attached(): boolean {
    return this.#attached;
  }

  /** A number that no other file of this volume has had. */
  nextInode(): number {
    return this.#nextInode++;
  }

  /** Keeps a number that a file had in an earlier life of the volume from being given again. */
  keepInode(id: number): void {
    this.#nextInode = Math.max(this.#nextInode, id + 1);
  }

  /** @throws WasiError EROFS */
  assertWritable(): void {
    if (this.readOnly) throw new WasiError(Errno.EROFS);
  }

  /**
   * Accounts for a file that goes from one size to another. Holes count like bytes.
   *
   * @throws WasiError EFBIG (more than one file can ever have), ENOSPC (more than is free now)
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

  /** @throws WasiError ENOSPC when there may be no more names. */
  assertEntryFree(): void {
    if (this.#quota.entries >= this.#quota.limits.inodes) throw new WasiError(Errno.ENOSPC);
  }

  /** Accounts for one more name. */
  addEntry(): void {
    this.#entries++;
    this.#quota.entries++;
  }

  /** Accounts for one name less. */
  removeEntry(): void {
    this.#entries--;
    this.#quota.entries--;
  }

  /** Takes the volume out of its file system, with all that it holds. */
  detach(): void {
    this.#attached = false;
    this.#quota.bytes -= this.#bytes;
    this.#quota.entries -= this.#entries;
  }
}
