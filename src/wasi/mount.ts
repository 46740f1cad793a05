import { Errno } from "./errno.ts";
import { FileType } from "./file-type.ts";
import type { DirectoryNode } from "./node.ts";
import type { Resolution } from "./resolve.ts";
import { WasiError } from "./wasi-error.ts";

/** A volume that stands in a directory of another one. */
interface Mount {
  readonly root: DirectoryNode;
  readonly directory: DirectoryNode;
  readonly name: string;
  /** What stood there before, and comes back. */
  covered: DirectoryNode | undefined;
}

/** The mounts of one file system. */
export class Mounts {
  readonly #mounts = new Set<Mount>();

  /**
   * Lets `root`, of a volume of its own, stand at `at`: over the directory that is there, or as a new
   * entry.
   *
   * @returns What takes it away again. Doing so twice is harmless.
   * @throws WasiError EBUSY (the root), ENOTDIR, ENOSPC
   */
  add(at: Resolution, root: DirectoryNode): () => void {
    const { directory, name, node } = at;
    if (name === undefined) throw new WasiError(Errno.EBUSY);
    if (node !== undefined && node.type !== FileType.DIRECTORY) throw new WasiError(Errno.ENOTDIR);
    if (node === undefined) {
      directory.volume.assertEntryFree();
      directory.volume.addEntry();
    }
    directory.set(name, root);
    const mount: Mount = { root, directory, name, covered: node };
    this.#mounts.add(mount);
    return () => this.#remove(mount);
  }

  #remove(mount: Mount): void {
    if (!this.#mounts.delete(mount)) return;
    const { root, directory, name, covered } = mount;
    for (const other of this.#mounts) {
      if (other.directory.volume === root.volume) this.#remove(other);
    }
    const above = [...this.#mounts].find((other) => other.covered === root);
    if (above !== undefined) {
      above.covered = covered;
    } else if (covered !== undefined) {
      directory.set(name, covered);
    } else {
      directory.delete(name);
      directory.volume.removeEntry();
    }
    root.parent = root;
    root.volume.detach();
  }
}
