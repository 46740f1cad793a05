/**
 * What POSIX forbids when entries are added, removed or moved, whatever a tree of files is made of.
 * Both engines check it here; each adds what only it has, such as mounts.
 */

import type { Limits } from "../limits.ts";
import { Errno } from "./errno.ts";
import type { Place } from "./path-walk.ts";
import { depthOf, isDeeper, isWithin, type Topology } from "./topology.ts";
import { encodeUtf8 } from "./utf8.ts";
import { WasiError } from "./wasi-error.ts";

type EntryLimits = Pick<Limits, "directoryDepth" | "pathBytes">;

export class EntryChecks<Entry, Directory extends Entry> {
  readonly #topology: Topology<Entry, Directory>;
  readonly #limits: EntryLimits;

  constructor(topology: Topology<Entry, Directory>, limits: EntryLimits) {
    this.#topology = topology;
    this.#limits = limits;
  }

  /** Returns what `at` leads to. @throws WasiError ENOENT */
  existing(at: Place<Entry, Directory>): Entry {
    if (at.found === undefined) throw new WasiError(Errno.ENOENT);
    return at.found;
  }

  /** Returns the name of an entry that can be added at `at`. @throws WasiError EEXIST */
  unusedName(at: Place<Entry, Directory>): string {
    if (at.found !== undefined || at.name === undefined) throw new WasiError(Errno.EEXIST);
    return at.name;
  }

  /** @throws WasiError ENAMETOOLONG when a directory at `at` would be too deep */
  assertNotTooDeep(at: Place<Entry, Directory>): void {
    if (depthOf(this.#topology, at.directory) >= this.#limits.directoryDepth) {
      throw new WasiError(Errno.ENAMETOOLONG);
    }
  }

  /** @throws WasiError EPERM (absolute), ENOENT (empty), ENAMETOOLONG when a link can't have this target */
  assertTarget(target: string): void {
    if (target === "") throw new WasiError(Errno.ENOENT);
    if (target.startsWith("/")) throw new WasiError(Errno.EPERM);
    if (encodeUtf8(target).length > this.#limits.pathBytes) throw new WasiError(Errno.ENAMETOOLONG);
  }

  /** Returns what can have one more name. @throws WasiError ENOENT, EPERM (a directory) */
  linkable(at: Place<Entry, Directory>): Entry {
    const entry = this.existing(at);
    if (this.#topology.isDirectory(entry)) throw new WasiError(Errno.EPERM);
    return entry;
  }

  /** Returns a file or link that can be removed. @throws WasiError ENOENT, EISDIR */
  unlinkable(at: Place<Entry, Directory>): Entry {
    const entry = this.existing(at);
    if (this.#topology.isDirectory(entry)) throw new WasiError(Errno.EISDIR);
    return entry;
  }

  /** Returns an empty directory that can be removed. @throws WasiError ENOENT, ENOTDIR, EINVAL (`.` or `..`), ENOTEMPTY */
  removableDirectory(at: Place<Entry, Directory>): Directory {
    const entry = this.existing(at);
    if (!this.#topology.isDirectory(entry)) throw new WasiError(Errno.ENOTDIR);
    if (at.name === undefined) throw new WasiError(Errno.EINVAL);
    this.#assertEmpty(entry);
    return entry;
  }

  /**
   * Checks that `entry` can be moved to `to`. A directory may replace an empty directory, anything else
   * what is no directory.
   *
   * @throws WasiError EINVAL (a directory into itself), ENOTDIR, EISDIR, ENOTEMPTY, ENAMETOOLONG (too deep)
   */
  assertMovable(entry: Entry, to: Place<Entry, Directory>): void {
    const topology = this.#topology;
    const { found, directory } = to;
    if (!topology.isDirectory(entry)) {
      if (to.trailingSlash) throw new WasiError(Errno.ENOTDIR);
      if (found !== undefined && topology.isDirectory(found)) throw new WasiError(Errno.EISDIR);
      return;
    }
    if (isWithin(topology, directory, entry)) throw new WasiError(Errno.EINVAL);
    if (found !== undefined) {
      if (!topology.isDirectory(found)) throw new WasiError(Errno.ENOTDIR);
      this.#assertEmpty(found);
    }
    const levels = this.#limits.directoryDepth - depthOf(topology, directory);
    if (isDeeper(topology, entry, levels)) throw new WasiError(Errno.ENAMETOOLONG);
  }

  #assertEmpty(directory: Directory): void {
    for (const _ of this.#topology.childrenOf(directory)) throw new WasiError(Errno.ENOTEMPTY);
  }
}
