import { type FileChanges, volumeChanges } from "./changes/file-changes.ts";
import { restoreFiles } from "./changes/restore.ts";
import type { Clock } from "./clock.ts";
import { Errno } from "./errno.ts";
import { fileBytes } from "./file-bytes.ts";
import { type FileTree, loadTree, snapshotTree, writeFile } from "./file-tree.ts";
import { FileType } from "./file-type.ts";
import { Mounts } from "./mounts.ts";
import type { DirectoryNode, FileNode, Node } from "./node.ts";
import { type FileLimits, type NodePlace, NodeTree } from "./node-tree.ts";
import { pagePath } from "./page-path.ts";
import type { LastLink } from "./path-walk.ts";
import { WasiError } from "./wasi-error.ts";

/** What a name in a directory can be. */
export type FileKind = "file" | "directory" | "link";

/** A name in a directory, and what it is. */
export interface DirectoryEntry {
  readonly name: string;
  readonly type: FileKind;
}

/** What is known of a file or directory. */
export interface FileStat {
  readonly type: FileKind;
  /** Bytes in the file; 0 for a directory. */
  readonly size: number;
  /** When its content last changed, in milliseconds since 1970. */
  readonly modifiedMs: number;
}

/** A mounted tree. */
export interface MountedTree {
  /**
   * Takes the tree away, with what the guest wrote in it and all mounts within it; what it covered
   * comes back. Descriptors that the guest has open in it answer ESTALE from then on, and can still
   * be closed. A second time does nothing.
   */
  unmount(): void;
}

const KINDS = {
  [FileType.REGULAR_FILE]: "file",
  [FileType.DIRECTORY]: "directory",
  [FileType.SYMBOLIC_LINK]: "link",
} as const;

/**
 * The files of one plugin: in memory, bounded, and shared with nothing.
 *
 * Paths are POSIX paths from `/`, whether they start with it or not. Symbolic links are followed.
 * Every method throws a {@link WasiError} with the path in it; besides those named, that can be
 * ENOENT, ENOTDIR, ELOOP, EPERM (`..` above `/`), ENAMETOOLONG, EINVAL or EILSEQ (no path at all),
 * and EROFS for changes in a read-only mount.
 */
export class FileSystem {
  /** What system calls stand on. */
  readonly tree: NodeTree;
  readonly #mounts = new Mounts();

  readonly #isJournaled: boolean;
  #hasJournaledMounts = false;

  /**
   * An empty `/`.
   *
   * @param options `isJournaled`: whether {@link takeChanges} is to tell of everything, and not only of
   *   mounts that ask for it. Default: no.
   */
  constructor(options: {
    readonly limits: FileLimits;
    readonly clock: Clock;
    readonly isJournaled?: boolean;
  }) {
    const { limits, clock, isJournaled = false } = options;
    this.#isJournaled = isJournaled;
    this.tree = new NodeTree(limits, clock, { isJournaled });
  }

  /** The directory at `path`, for descriptors to be open on. @throws WasiError */
  directory(path: string): DirectoryNode {
    return this.#at(path, (at) => directoryAt(this.tree.existing(at)));
  }

  /** A copy of a file's bytes. @throws WasiError EISDIR */
  read(path: string): Uint8Array<ArrayBuffer> {
    return this.#at(path, (at) => fileAt(this.tree.existing(at)).toBytes());
  }

  /** Replaces a file's content, and makes the file if it is missing. @throws WasiError EISDIR, EFBIG, ENOSPC */
  write(path: string, content: string | Uint8Array): void {
    this.#at(path, (at) => writeFile(this.tree, at, content));
  }

  /** Adds to the end of a file, and makes it if it is missing. @throws WasiError EISDIR, EFBIG, ENOSPC */
  append(path: string, content: string | Uint8Array): void {
    const bytes = fileBytes(content);
    this.#at(path, (at) => {
      const file = fileAt(at.found ?? this.tree.createFile(at));
      file.volume.assertWritable();
      const end = file.size;
      file.reserve(end + bytes.length);
      file.write(end, bytes, 0, bytes.length);
      file.modified(this.tree.nowNs());
    });
  }

  /** The names in a directory, from the oldest to the newest. */
  list(path: string): DirectoryEntry[] {
    return this.#at(path, (at) =>
      Array.from(directoryAt(this.tree.existing(at)).entries(), ({ name, node }) => ({
        name,
        type: KINDS[node.type],
      })),
    );
  }

  /** What is known of what a path leads to. */
  stat(path: string): FileStat {
    return this.#at(path, (at) => {
      const node = this.tree.existing(at);
      return {
        type: KINDS[node.type],
        size: node.type === FileType.DIRECTORY ? 0 : node.size,
        modifiedMs: Number(node.modifiedNs / 1_000_000n),
      };
    });
  }

  /** Whether a path leads to something. @throws WasiError when it is no path at all */
  exists(path: string): boolean {
    try {
      this.stat(path);
      return true;
    } catch (error) {
      const missing: Errno[] = [Errno.ENOENT, Errno.ENOTDIR, Errno.ELOOP, Errno.EPERM];
      if (error instanceof WasiError && missing.includes(error.errno)) return false;
      throw error;
    }
  }

  /** Makes a directory; with `recursive` those on the way too, and none if it exists. @throws WasiError EEXIST, ENOSPC */
  mkdir(path: string, options: { readonly recursive?: boolean } = {}): void {
    if (options.recursive === true) this.#named(path, () => this.#makeDirectories(path));
    else this.#at(path, (at) => this.tree.createDirectory(at));
  }

  /**
   * Takes out a file, a link (not what it leads to) or an empty directory; with `recursive` all that
   * is within the directory too, and nothing is amiss when there is nothing.
   *
   * @throws WasiError ENOTEMPTY, EBUSY (a mount, or `/`)
   */
  remove(path: string, options: { readonly recursive?: boolean } = {}): void {
    const recursive = options.recursive === true;
    this.#atEntry(path, (at) => {
      if (at.found === undefined && recursive) return;
      if (at.name === undefined) throw new WasiError(Errno.EBUSY);
      this.#remove(at, recursive);
    });
  }

  /** Moves a file, link or directory, over a file or an empty directory that is there. @throws WasiError EEXIST, ENOTEMPTY, EXDEV, EBUSY, EINVAL */
  rename(from: string, to: string): void {
    this.#atEntry(from, (source) =>
      this.#atEntry(to, (target) => this.tree.rename(source, target)),
    );
  }

  /** Makes a symbolic link at `path` to `target`, which is relative to the link. @throws WasiError EEXIST, EPERM (absolute) */
  symlink(target: string, path: string): void {
    this.#atEntry(path, (at) => this.tree.createLink(target, at));
  }

  /** A copy of all files in a directory. See {@link FileTree}. */
  snapshot(path = "/"): FileTree {
    return this.#at(path, (at) => snapshotTree(this.tree, directoryAt(this.tree.existing(at))));
  }

  /** Copies files into a directory, made if it is missing, over those that are there. @throws WasiError */
  load(files: FileTree, path = "/"): void {
    this.#named(path, () => loadTree(this.tree, this.#makeDirectories(path), files));
  }

  /**
   * Lets a copy of `files` stand at `path`, over what is there, on a volume of its own: nothing can
   * be linked or renamed across its edge. The guest sees it at once. The directory is made if it is
   * missing.
   *
   * @param options `volume`: the number of the volume, which none has had before; the next free one
   *   unless it is given. `isJournaled`: whether {@link takeChanges} tells of it; it always does when
   *   it tells of everything.
   * @throws WasiError ENOTDIR, EBUSY (`/`; {@link load} is for that), or a limit
   */
  mount(
    path: string,
    files: FileTree,
    options: {
      readonly readOnly?: boolean;
      readonly volume?: number;
      readonly isJournaled?: boolean;
    } = {},
  ): MountedTree {
    return this.#named(path, () => {
      const parent = path.replace(/[^/]*\/*$/, "");
      this.#makeDirectories(parent);
      const isJournaled = this.#isJournaled || options.isJournaled === true;
      this.#hasJournaledMounts ||= isJournaled;
      const root = this.tree.newVolume({ isJournaled, id: options.volume });
      try {
        loadTree(this.tree, root, files);
        root.volume.readOnly = options.readOnly === true;
        const at = this.#find(path, "follow");
        if (at.found === undefined) root.volume.assertEntryFree();
        return { unmount: this.#mounts.add(at, root) };
      } catch (error) {
        root.volume.detach();
        throw error;
      }
    });
  }

  /**
   * What has changed in the volumes that are journaled since this was last asked, or `undefined` when
   * nothing has. Reading is no change, though a file knows when it was last read.
   */
  takeChanges(): FileChanges | undefined {
    const touched = this.tree.journal.take();
    const hasMounts = this.#isJournaled || this.#hasJournaledMounts;
    const mounts = hasMounts ? this.#mounts.takeChanges() : undefined;
    if (touched.size === 0 && mounts === undefined) return undefined;
    const volumes = volumeChanges(touched, this.#mounts);
    return volumes.size === 0 && mounts === undefined ? undefined : { volumes, mounts };
  }

  /**
   * Makes this file system, which is empty, what another one was; see {@link restoreFiles}.
   *
   * @returns The mounts in it by their volumes.
   */
  restore(image: FileChanges): ReadonlyMap<number, MountedTree> {
    const options = { isJournaled: this.#isJournaled };
    const restored = restoreFiles(this.tree, this.#mounts, image, options);
    // Whoever has the image knows of all this.
    this.tree.journal.take();
    this.#mounts.takeChanges();
    return new Map(Array.from(restored, ([volume, unmount]) => [volume, { unmount }]));
  }

  #find(path: string, lastLink: LastLink): NodePlace {
    const relative = pagePath(path, this.tree.limits.pathBytes);
    return this.tree.find(this.tree.root, relative, lastLink);
  }

  /** Runs `operation` on what `path` leads to, a last symbolic link followed. */
  #at<T>(path: string, operation: (at: NodePlace) => T): T {
    return this.#named(path, () => operation(this.#find(path, "follow")));
  }

  /** Runs `operation` on the entry that `path` names, which may be a symbolic link. */
  #atEntry<T>(path: string, operation: (at: NodePlace) => T): T {
    return this.#named(path, () => operation(this.#find(path, "nofollow")));
  }

  /** Runs `operation`, and puts `path` into the error that it throws. */
  #named<T>(path: string, operation: () => T): T {
    try {
      return operation();
    } catch (error) {
      if (!(error instanceof WasiError) || error.path !== undefined) throw error;
      throw new WasiError(error.errno, path);
    }
  }

  #makeDirectories(path: string): DirectoryNode {
    const names = pagePath(path, this.tree.limits.pathBytes).split("/");
    let made = "";
    let directory = this.tree.root;
    for (const name of names) {
      if (name === "") continue;
      made += `${name}/`;
      const at = this.#find(made, "follow");
      directory = directoryAt(at.found ?? this.tree.createDirectory(at));
    }
    return directory;
  }

  #remove(at: NodePlace, recursive: boolean): void {
    if (at.found?.type !== FileType.DIRECTORY) return this.tree.unlink(at);
    if (recursive && at.found.volume === at.directory.volume) {
      for (const { name, node } of at.found.entries()) {
        this.#remove({ directory: at.found, name, found: node, trailingSlash: false }, true);
      }
    }
    this.tree.removeDirectory(at);
  }
}

function fileAt(node: Node): FileNode {
  if (node.type !== FileType.REGULAR_FILE) throw new WasiError(Errno.EISDIR);
  return node;
}

function directoryAt(node: Node): DirectoryNode {
  if (node.type !== FileType.DIRECTORY) throw new WasiError(Errno.ENOTDIR);
  return node;
}
