import type { Limits } from "../limits.ts";
import type { Clock } from "./clock.ts";
import { EntryChecks } from "./entry-checks.ts";
import { Errno } from "./errno.ts";
import { FileNode } from "./file-node.ts";
import { FileType } from "./file-type.ts";
import { Journal } from "./journal.ts";
import { DirectoryNode, LinkNode, type Node } from "./node.ts";
import { type LastLink, type Place, walkPath } from "./path-walk.ts";
import type { Topology } from "./topology.ts";
import { Quota, ROOT_VOLUME, Volume } from "./volume.ts";
import { WasiError } from "./wasi-error.ts";

/** The limits of one file system. */
export type FileLimits = Pick<
  Limits,
  "fileBytes" | "inodes" | "nameBytes" | "pathBytes" | "directoryDepth" | "linksFollowed"
>;

/** Where a path leads in a {@link NodeTree}. */
export type NodePlace = Place<Node, DirectoryNode>;

const NODES: Topology<Node, DirectoryNode> = {
  isDirectory: (node) => node.type === FileType.DIRECTORY,
  getChild: (directory, name) => directory.get(name),
  childrenOf: (directory) => directory.children(),
  parentOf: (directory) => directory.parent,
  targetOf: (node) => (node.type === FileType.SYMBOLIC_LINK ? node.target : undefined),
};

/** Where a new entry can be added. */
interface Vacancy {
  readonly directory: DirectoryNode;
  readonly name: string;
}

/**
 * The tree of files of one plugin, with all operations that add, remove or move entries. System calls
 * and the page's `FileSystem` both use it.
 */
export class NodeTree {
  readonly root: DirectoryNode;
  readonly limits: FileLimits;
  /** Records what changes in the journaled volumes. */
  readonly journal: Journal<Node> = new Journal();
  readonly #clock: Clock;
  readonly #quota: Quota;
  readonly #checks: EntryChecks<Node, DirectoryNode>;
  #lastVolume = ROOT_VOLUME - 1;

  /** @param options `isJournaled`: whether changes in the root volume are recorded. */
  constructor(limits: FileLimits, clock: Clock, options: { readonly isJournaled: boolean }) {
    this.limits = limits;
    this.#clock = clock;
    this.#quota = new Quota(limits);
    this.#checks = new EntryChecks(NODES, limits);
    this.root = this.newVolume(options);
  }

  /** Returns the time to record for a change that happens now. */
  nowNs(): bigint {
    return this.#clock.realtimeNs();
  }

  /** Creates a volume that is not mounted yet, and returns its root. `id` defaults to the next free one. */
  newVolume(options: {
    readonly isJournaled: boolean;
    readonly id?: number | undefined;
  }): DirectoryNode {
    const { id = this.#lastVolume + 1, isJournaled } = options;
    this.#lastVolume = Math.max(this.#lastVolume, id);
    const volume = new Volume(id, this.#quota, isJournaled ? this.journal : undefined);
    const root = new DirectoryNode(volume, this.nowNs());
    root.addName();
    return root;
  }

  /** See {@link walkPath}. */
  find(base: DirectoryNode, path: string, lastLink: LastLink): NodePlace {
    return walkPath(NODES, base, path, lastLink, this.limits);
  }

  /** Returns what `at` leads to. @throws WasiError ENOENT */
  existing(at: NodePlace): Node {
    return this.#checks.existing(at);
  }

  /** Creates an empty file. @throws WasiError EEXIST, EISDIR (the path ends in a slash), EROFS, ENOENT, ENOSPC */
  createFile(at: NodePlace): FileNode {
    const vacancy = this.#vacancy(at);
    if (at.trailingSlash) throw new WasiError(Errno.EISDIR);
    const file = new FileNode(at.directory.volume, this.nowNs());
    this.#add(vacancy, file);
    return file;
  }

  /** Creates an empty directory. @throws WasiError EEXIST, EROFS, ENOENT, ENOSPC, ENAMETOOLONG (too deep) */
  createDirectory(at: NodePlace): DirectoryNode {
    const vacancy = this.#vacancy(at);
    this.#checks.assertNotTooDeep(at);
    const directory = new DirectoryNode(at.directory.volume, this.nowNs());
    this.#add(vacancy, directory);
    return directory;
  }

  /**
   * Creates a symbolic link.
   *
   * @throws WasiError EPERM (an absolute target), ENOENT (an empty target, or a path that ends in a slash),
   * EEXIST, EROFS, ENOSPC, ENAMETOOLONG
   */
  createLink(target: string, at: NodePlace): LinkNode {
    this.#checks.assertTarget(target);
    const vacancy = this.#vacancy(at);
    if (at.trailingSlash) throw new WasiError(Errno.ENOENT);
    const link = new LinkNode(at.directory.volume, this.nowNs(), target);
    this.#add(vacancy, link);
    return link;
  }

  /**
   * Creates a hard link: one more name for a file or a symbolic link.
   *
   * @throws WasiError EPERM (a directory), EXDEV, EEXIST, ENOENT, EROFS, ENOSPC
   */
  link(from: NodePlace, to: NodePlace): void {
    const node = this.#checks.linkable(from);
    const vacancy = this.#vacancy(to);
    if (to.trailingSlash) throw new WasiError(Errno.ENOENT);
    if (node.volume !== to.directory.volume) throw new WasiError(Errno.EXDEV);
    this.#add(vacancy, node);
    node.changed(this.nowNs());
  }

  /** Removes a file or a symbolic link. @throws WasiError ENOENT, EISDIR, EROFS */
  unlink(at: NodePlace): void {
    this.#remove(at, this.#checks.unlinkable(at));
  }

  /** Removes an empty directory. @throws WasiError ENOENT, ENOTDIR, ENOTEMPTY, EINVAL, EBUSY, EROFS */
  removeDirectory(at: NodePlace): void {
    if (this.existing(at).volume !== at.directory.volume) throw new WasiError(Errno.EBUSY);
    this.#remove(at, this.#checks.removableDirectory(at));
  }

  /**
   * Moves a node of any type. It may replace a node: a directory an empty directory, any other node a
   * node that is not a directory. Does nothing when both names lead to the same file.
   *
   * @throws WasiError ENOENT, EBUSY (`.`, `..` or a mount), EXDEV, EROFS, EINVAL (a directory into
   * itself), ENOTDIR, EISDIR, ENOTEMPTY, ENAMETOOLONG (too deep)
   */
  rename(from: NodePlace, to: NodePlace): void {
    const node = this.existing(from);
    const replaced = to.found;
    const volume = from.directory.volume;
    if (from.name === undefined || to.name === undefined) throw new WasiError(Errno.EBUSY);
    if (to.directory.volume !== volume) throw new WasiError(Errno.EXDEV);
    if (node.volume !== volume || (replaced !== undefined && replaced.volume !== volume)) {
      throw new WasiError(Errno.EBUSY);
    }
    volume.assertWritable();
    if (node === replaced) return;
    this.#checks.assertMovable(node, to);
    if (to.directory.names === 0) throw new WasiError(Errno.ENOENT);

    const nowNs = this.nowNs();
    if (replaced !== undefined) this.#remove(to, replaced);
    from.directory.delete(from.name);
    to.directory.set(to.name, node);
    from.directory.modified(nowNs);
    to.directory.modified(nowNs);
    node.changed(nowNs);
  }

  /** Returns where to add the entry that `at` names. @throws WasiError when there can't be a new one */
  #vacancy(at: NodePlace): Vacancy {
    const name = this.#checks.unusedName(at);
    if (at.directory.names === 0) throw new WasiError(Errno.ENOENT);
    at.directory.volume.assertWritable();
    at.directory.volume.assertEntryFree();
    return { directory: at.directory, name };
  }

  /** Makes an unused name lead to `node`, without checking limits or setting times. */
  attach(directory: DirectoryNode, name: string, node: Node): void {
    directory.volume.addEntry();
    directory.set(name, node);
    node.addName();
  }

  #add({ directory, name }: Vacancy, node: Node): void {
    this.attach(directory, name, node);
    directory.modified(this.nowNs());
  }

  #remove({ directory, name }: NodePlace, node: Node): void {
    // Only directories have places without a name, and those can't be removed by them.
    if (name === undefined) throw new WasiError(Errno.EINVAL);
    directory.volume.assertWritable();
    const nowNs = this.nowNs();
    directory.delete(name);
    directory.volume.removeEntry();
    directory.modified(nowNs);
    node.removeName();
    node.changed(nowNs);
    node.release();
  }
}
