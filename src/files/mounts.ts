import { Errno } from "./errno.ts";
import { FileType } from "./file-type.ts";
import type { DirectoryNode, Node } from "./node.ts";
import type { NodePlace } from "./node-tree.ts";
import { WasiError } from "./wasi-error.ts";

/** A volume mounted on a directory of another one. */
interface Mount {
  readonly root: DirectoryNode;
  readonly directory: DirectoryNode;
  readonly name: string;
  /** The directory that the mount hides, and unmounting reveals. */
  covered: DirectoryNode | undefined;
}

/** Where a volume is mounted: a name in a directory of another volume. */
export interface MountPoint {
  readonly volume: number;
  readonly directory: number;
  readonly name: string;
}

/** Unmounts a volume. A second call does nothing. */
export type Unmount = () => void;

/** The mounts of one file system. */
export class Mounts {
  readonly #mounts = new Set<Mount>();
  #hasChanged = false;

  /**
   * Mounts the volume of `root` at `at`: over the directory there, or as a new entry, for which the
   * caller has checked the quota.
   *
   * @throws WasiError EBUSY (`at` is `/`), ENOTDIR
   */
  add(at: NodePlace, root: DirectoryNode): Unmount {
    const { directory, name, found } = at;
    if (name === undefined) throw new WasiError(Errno.EBUSY);
    if (found !== undefined && found.type !== FileType.DIRECTORY) {
      throw new WasiError(Errno.ENOTDIR);
    }
    if (found === undefined) directory.volume.addEntry();
    directory.cover(name, root);
    const mount: Mount = { root, directory, name, covered: found };
    this.#mounts.add(mount);
    this.#hasChanged = true;
    return () => this.#remove(mount);
  }

  /** Returns what a name leads to beneath all mounts on it; `undefined` when there is nothing. */
  beneath(directory: DirectoryNode, name: string): Node | undefined {
    for (const mount of this.#mounts) {
      // The oldest mount on a name is the lowest.
      if (mount.directory === directory && mount.name === name) return mount.covered;
    }
    return directory.get(name);
  }

  /** Returns all mounts by volume id, oldest first; `undefined` when nothing was mounted or unmounted since the last call. */
  takeChanges(): ReadonlyMap<number, MountPoint> | undefined {
    if (!this.#hasChanged) return undefined;
    this.#hasChanged = false;
    return new Map(
      Array.from(this.#mounts, ({ root, directory, name }) => [
        root.volume.id,
        { volume: directory.volume.id, directory: directory.id, name },
      ]),
    );
  }

  #remove(mount: Mount): void {
    if (!this.#mounts.delete(mount)) return;
    this.#hasChanged = true;
    const { root, directory, name, covered } = mount;
    for (const other of this.#mounts) {
      if (other.directory.volume === root.volume) this.#remove(other);
    }
    const above = [...this.#mounts].find((other) => other.covered === root);
    if (above !== undefined) {
      above.covered = covered;
    } else if (covered !== undefined) {
      directory.cover(name, covered);
    } else {
      directory.uncover(name);
      directory.volume.removeEntry();
    }
    root.parent = root;
    root.volume.detach();
  }
}
