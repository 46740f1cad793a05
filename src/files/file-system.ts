import { type FileChanges, volumeChanges } from "./changes/file-changes.ts";
import { restoreFiles } from "./changes/restore.ts";
import type { Clock } from "./clock.ts";
import { Errno } from "./errno.ts";
import { fileBytes } from "./file-bytes.ts";
import type { FileNode } from "./file-node.ts";
import {
  type FileSnapshot,
  loadTree,
  type PlainFiles,
  snapshotTree,
  writeFile,
} from "./file-tree.ts";
import { FileType } from "./file-type.ts";
import { Mounts } from "./mounts.ts";
import { isFound, withPath } from "./named-errors.ts";
import type { DirectoryNode, Node } from "./node.ts";
import { type FileLimits, type NodePlace, NodeTree } from "./node-tree.ts";
import { pagePath } from "./page-path.ts";
import type { LastLink } from "./path-walk.ts";
import { WasiError } from "./wasi-error.ts";

/** The type of a file. */
export type FileKind = "file" | "directory" | "link";

/** An entry of a directory. */
export interface DirectoryEntry {
  /** Its name, without the directory. */
  readonly name: string;
  /** What it is; a link is not followed. */
  readonly type: FileKind;
}

/** The metadata of a file or directory. */
export interface FileStat {
  /** What it is. */
  readonly type: FileKind;
  /** The size of the file in bytes; 0 for a directory. */
  readonly size: number;
  /** When the content last changed, in milliseconds since 1970. */
  readonly modifiedMs: number;
}

/** A mounted tree. */
export interface MountedTree {
  /**
   * Unmounts the tree, with what the guest wrote into it and all mounts within it, and reveals what it
   * hid. The guest's descriptors in it fail with ESTALE from then on, but can be closed. A second call
   * does nothing.
   */
  unmount(): void;
}

const KINDS = {
  [FileType.REGULAR_FILE]: "file",
  [FileType.DIRECTORY]: "directory",
  [FileType.SYMBOLIC_LINK]: "link",
} as const;

/**
 * The files of one plugin: in memory, within limits, and not shared with anything.
 *
 * Paths are POSIX paths from `/`; the slash at the start is optional. Symbolic links are followed.
 * Every method throws a {@link WasiError} with its path. Besides the errors listed at a method, it can
 * be ENOENT, ENOTDIR, ELOOP, EPERM (`..` above `/`), ENAMETOOLONG, EINVAL or EILSEQ (an invalid path),
 * or EROFS for a change in a read-only mount.
 */
export class FileSystem {
  /** The tree that system calls work on. */
  readonly tree: NodeTree;
  readonly #mounts = new Mounts();

  readonly #isJournaled: boolean;
  #hasJournaledMounts = false;

  /**
   * Creates a file system with an empty `/`.
   *
   * @param options `isJournaled`: whether {@link takeChanges} returns changes in every volume, and not
   *   only in journaled mounts. Default: `false`.
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

  /** Returns a copy of a file's bytes. @throws WasiError EISDIR */
  read(path: string): Uint8Array<ArrayBuffer> {
    return this.#at(path, (at) => fileAt(this.tree.existing(at)).toBytes());
  }

  /** Replaces a file's content. Creates the file if it is missing. @throws WasiError EISDIR, EFBIG, ENOSPC */
  write(path: string, content: string | Uint8Array): void {
    this.#at(path, (at) => writeFile(this.tree, at, content));
  }

  /** Appends to a file. Creates it if it is missing. @throws WasiError EISDIR, EFBIG, ENOSPC */
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

  /** Lists a directory, oldest entry first. */
  list(path: string): DirectoryEntry[] {
    return this.#at(path, (at) =>
      Array.from(directoryAt(this.tree.existing(at)).entries(), ({ name, node }) => ({
        name,
        type: KINDS[node.type],
      })),
    );
  }

  /** Returns the metadata of what a path leads to. */
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

  /** Whether a path leads to something. @throws WasiError when the path is invalid */
  exists(path: string): boolean {
    return isFound(() => this.stat(path));
  }

  /**
   * Creates a directory. With `recursive`, it also creates missing parents, and an existing directory
   * is no error.
   *
   * @throws WasiError EEXIST, ENOSPC
   */
  mkdir(path: string, options: { readonly recursive?: boolean } = {}): void {
    if (options.recursive === true) withPath(path, () => this.#makeDirectories(path));
    else this.#at(path, (at) => this.tree.createDirectory(at));
  }

  /**
   * Removes a file, a symbolic link (not its target) or an empty directory. With `recursive`, it also
   * removes what is in a directory, and a missing path is no error.
   *
   * @throws WasiError ENOTEMPTY, EBUSY (a mount or `/`)
   */
  remove(path: string, options: { readonly recursive?: boolean } = {}): void {
    const isRecursive = options.recursive === true;
    this.#atEntry(path, (at) => {
      if (at.found === undefined && isRecursive) return;
      if (at.name === undefined) throw new WasiError(Errno.EBUSY);
      if (isRecursive && at.found?.volume === at.directory.volume) this.#empty(at.found);
      this.#remove(at);
    });
  }

  /** Moves a file, link or directory. It may replace a file or an empty directory. @throws WasiError EEXIST, ENOTEMPTY, EXDEV, EBUSY, EINVAL */
  rename(from: string, to: string): void {
    this.#atEntry(from, (source) =>
      this.#atEntry(to, (target) => this.tree.rename(source, target)),
    );
  }

  /** Creates a symbolic link at `path` to `target`, which is relative to the link. @throws WasiError EEXIST, EPERM (absolute) */
  symlink(target: string, path: string): void {
    this.#atEntry(path, (at) => this.tree.createLink(target, at));
  }

  /** Returns a copy of all files in a directory. See {@link snapshotTree}. */
  snapshot(path = "/"): FileSnapshot {
    return this.#at(path, (at) => snapshotTree(this.tree, directoryAt(this.tree.existing(at))));
  }

  /** Copies files into a directory, which is created if it is missing. Existing files are replaced. @throws WasiError */
  load(files: PlainFiles, path = "/"): void {
    withPath(path, () => loadTree(this.tree, this.#makeDirectories(path), files));
  }

  /**
   * Mounts a copy of `files` at `path`, over what is there. It is a volume of its own: hard links and
   * renames across its edge fail. The guest sees it at once. Missing parents are created.
   *
   * @param options `volume`: the id of the volume, which must be unused. Default: the next free one.
   *   `isJournaled`: whether {@link takeChanges} returns its changes. Default: whether it does for every
   *   volume.
   * @throws WasiError ENOTDIR, EBUSY (`/`; use {@link load}), or a limit
   */
  mount(
    path: string,
    files: PlainFiles,
    options: {
      readonly readOnly?: boolean;
      readonly volume?: number;
      readonly isJournaled?: boolean;
    } = {},
  ): MountedTree {
    return withPath(path, () => {
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
   * Returns what changed in the journaled volumes since the last call, or `undefined` when nothing did.
   * A read is not a change, although it sets the access time.
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
   * Fills this empty file system with the files and mounts of `image`; see {@link restoreFiles}.
   *
   * @returns The mounts by volume id.
   */
  restore(image: FileChanges): ReadonlyMap<number, MountedTree> {
    const options = { isJournaled: this.#isJournaled };
    const restored = restoreFiles(this.tree, this.#mounts, image, options);
    // The owner of the image knows these changes.
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
    return withPath(path, () => operation(this.#find(path, "follow")));
  }

  /** Runs `operation` on the entry that `path` names, which may be a symbolic link. */
  #atEntry<T>(path: string, operation: (at: NodePlace) => T): T {
    return withPath(path, () => operation(this.#find(path, "nofollow")));
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

  #remove(at: NodePlace): void {
    if (at.found?.type === FileType.DIRECTORY) this.tree.removeDirectory(at);
    else this.tree.unlink(at);
  }

  /** Removes everything in a directory, but nothing beyond a mount. */
  #empty(node: Node | undefined): void {
    if (node?.type !== FileType.DIRECTORY) return;
    for (const { name, node: found } of node.entries()) {
      if (found.volume === node.volume) this.#empty(found);
      this.#remove({ directory: node, name, found, trailingSlash: false });
    }
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
