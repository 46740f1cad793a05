import type { WasmFs } from "@wasmer/wasmfs";
import type { FileChanges, NodeChange } from "../../files/changes/file-changes.ts";
import { makeNodes } from "../../files/changes/image.ts";
import { EntryChecks } from "../../files/entry-checks.ts";
import { Errno } from "../../files/errno.ts";
import { CHUNK_BYTES } from "../../files/file-content.ts";
import type { FileLimits } from "../../files/node-tree.ts";
import { type LastLink, type Place, walkPath } from "../../files/path-walk.ts";
import type { Topology } from "../../files/topology.ts";
import { encodeUtf8 } from "../../files/utf8.ts";
import { ROOT_VOLUME } from "../../files/volume.ts";
import { WasiError } from "../../files/wasi-error.ts";
import { FileContents } from "./file-contents.ts";
import { childrenOf, type Link, type Node, targetOf, type Volume, volumeOf } from "./memfs.ts";
import { VolumeJournal } from "./volume-journal.ts";
import { VolumeUsage } from "./volume-usage.ts";

/** The directory of the volume that is the plugin's `/`. */
const ROOT_NAME = "sandbox";

/** Where a path leads in a {@link WasmVolume}. */
export type LinkPlace = Place<Link, Link>;

const DIRECTORY_MODE = 0o777;
const FILE_MODE = 0o666;

/** An entry in the listing of a directory. */
export interface Listed {
  /** Its position in the listing. It never changes, and a newer entry has a larger one. */
  readonly cookie: number;
  readonly name: string;
  readonly link: Link;
}

/**
 * One directory of a `WasmFs` with everything in it, within limits. System calls and the page's files
 * both use it, and nothing else changes the volume.
 *
 * memfs checks almost nothing when names change, so this class rejects what POSIX forbids.
 */
export class WasmVolume {
  /** The plugin's `/`. */
  readonly root: Link;
  readonly limits: FileLimits;
  /** The contents of its files. */
  readonly contents: FileContents;
  readonly #volume: Volume;
  readonly #usage: VolumeUsage;
  /** The cookies of entries that were listed. 0 and 1 are those of `.` and `..`. */
  readonly #cookies: WeakMap<Link, number> = new WeakMap();
  #nextCookie = 2;

  readonly #journal: VolumeJournal | undefined;

  /**
   * memfs has a path walk of its own, which is not used: it removes `..` from a path before it reads
   * the volume, stores link targets as absolute paths, and never ends on a loop of links.
   */
  readonly #topology: Topology<Link, Link> = {
    isDirectory: (link): link is Link => link.getNode().isDirectory(),
    getChild: (directory, name) => directory.getChild(name),
    childrenOf,
    parentOf: (directory) => (directory === this.root ? directory : directory.parent),
    targetOf: (link) => (link.getNode().isSymlink() ? targetOf(link.getNode()) : undefined),
  };

  readonly #checks: EntryChecks<Link, Link>;

  /** @param options `isJournaled`: whether {@link takeChanges} returns changes. */
  constructor(
    wasmFs: WasmFs,
    limits: FileLimits & { readonly openFiles: number },
    { isJournaled }: { readonly isJournaled: boolean },
  ) {
    this.#volume = volumeOf(wasmFs);
    this.#volume.maxFiles = limits.openFiles;
    this.limits = limits;
    this.#checks = new EntryChecks(this.#topology, limits);
    this.root = this.#volume.createLink(this.#volume.root, ROOT_NAME, true, DIRECTORY_MODE);
    this.#usage = new VolumeUsage(this.#volume, this.root, limits);
    this.contents = new FileContents(this.#volume, this.#usage, this.root.getNode().getBuffer());
    this.#journal = isJournaled ? new VolumeJournal() : undefined;
    this.#journal?.follow(this.root);
  }

  /** Returns what changed since the last call, or `undefined` when nothing did. */
  takeChanges(): FileChanges | undefined {
    return this.#journal?.takeChanges();
  }

  /** Fills this empty volume from an image, without its mounts; see {@link makeNodes}. */
  restore(image: FileChanges): void {
    const { nodes } = image.volumes.get(ROOT_VOLUME) ?? { nodes: new Map<number, NodeChange>() };
    makeNodes<Link>(nodes, this.root, this.limits, {
      make: (directory, name, change, id) => {
        const link = this.#newLink(directory, name, change.kind, id);
        fill(link.getNode(), change);
        return link;
      },
      link: (directory, name, link) => this.#addName(directory, name, link.getNode()),
    });
    this.#usage.recount();
    this.#journal?.takeChanges();
  }

  /** See {@link walkPath}. @throws WasiError */
  find(base: Link, path: string, lastLink: LastLink): LinkPlace {
    if (!base.getNode().isDirectory()) throw new WasiError(Errno.ENOTDIR);
    return walkPath(this.#topology, base, path, lastLink, this.limits);
  }

  /** Returns what a path leads to. @throws WasiError ENOENT */
  existing(place: LinkPlace): Link {
    return this.#checks.existing(place);
  }

  /** Lists a directory from the cookie `from` on. `.` and `..` come first. */
  list(directory: Link, from: number): Listed[] {
    const listed: Listed[] = [];
    const add = (cookie: number, name: string, link: Link): void => {
      if (cookie >= from) listed.push({ cookie, name, link });
    };
    add(0, ".", directory);
    add(1, "..", this.#topology.parentOf(directory));
    for (const link of childrenOf(directory)) {
      let cookie = this.#cookies.get(link);
      if (cookie === undefined) this.#cookies.set(link, (cookie = this.#nextCookie++));
      add(cookie, link.getName(), link);
    }
    return listed.sort((a, b) => a.cookie - b.cookie);
  }

  /** Creates an empty file. @throws WasiError EEXIST, EISDIR (the path ends in a slash), ENOENT, ENOSPC, EINVAL */
  createFile(place: LinkPlace): Link {
    if (place.trailingSlash) throw new WasiError(Errno.EISDIR);
    const name = this.#vacantName(place);
    return this.#newLink(place.directory, name, "file");
  }

  /** Creates an empty directory. @throws WasiError EEXIST, ENOENT, ENOSPC, EINVAL, ENAMETOOLONG (too deep) */
  createDirectory(place: LinkPlace): Link {
    this.#checks.assertNotTooDeep(place);
    const name = this.#vacantName(place);
    return this.#newLink(place.directory, name, "directory");
  }

  /** Creates a symbolic link. @throws WasiError EPERM (an absolute target), ENOENT, EEXIST, EFBIG, ENOSPC, EINVAL, ENAMETOOLONG */
  createSymbolicLink(target: string, place: LinkPlace): void {
    this.#checks.assertTarget(target);
    if (place.trailingSlash) throw new WasiError(Errno.ENOENT);
    const name = this.#vacantName(place);
    this.#usage.grow(0, encodeUtf8(target).length);
    const link = this.#newLink(place.directory, name, "link");
    link.getNode().makeSymlink(target.split("/"));
  }

  /** Creates a hard link. @throws WasiError EPERM (a directory), ENOENT, EEXIST, ENOSPC, EINVAL */
  link(from: LinkPlace, to: LinkPlace): void {
    const node = this.#checks.linkable(from).getNode();
    if (to.trailingSlash) throw new WasiError(Errno.ENOENT);
    this.#addName(to.directory, this.#vacantName(to), node);
  }

  /** Removes a file or a symbolic link. @throws WasiError ENOENT, EISDIR */
  unlink(place: LinkPlace): void {
    this.#remove(this.#checks.unlinkable(place));
  }

  /** Removes an empty directory. @throws WasiError ENOENT, ENOTDIR, ENOTEMPTY, EINVAL (`.` or `..`) */
  removeDirectory(place: LinkPlace): void {
    this.#remove(this.#checks.removableDirectory(place));
  }

  /**
   * Moves a file, link or directory. A directory may replace an empty directory, anything else a file or
   * a link. Does nothing when both names lead to the same file.
   *
   * @throws WasiError ENOENT, EBUSY (`.` or `..`), EINVAL (a directory into itself), ENOTDIR, EISDIR,
   * ENOTEMPTY, ENAMETOOLONG (too deep)
   */
  rename(from: LinkPlace, to: LinkPlace): void {
    const link = this.existing(from);
    if (from.name === undefined || to.name === undefined) throw new WasiError(Errno.EBUSY);
    if (link.getNode() === to.found?.getNode()) return;
    this.#checks.assertMovable(link, to);
    this.#assertAttached(to.directory);
    assertName(to.name);

    if (to.found !== undefined) this.#remove(to.found);
    from.directory.deleteChild(link);
    link.steps = [...to.directory.steps, to.name];
    to.directory.setChild(to.name, link);
  }

  /** Creates a node with a name. */
  #newLink(directory: Link, name: string, kind: NodeChange["kind"], id?: number): Link {
    const isDirectory = kind === "directory";
    const mode = isDirectory ? DIRECTORY_MODE : FILE_MODE;
    const link = this.#volume.createLink(directory, name, isDirectory, mode);
    this.#journal?.follow(link, id);
    return link;
  }

  #addName(directory: Link, name: string, node: Node): void {
    directory.createChild(name, node);
    node.nlink++;
  }

  #remove(link: Link): void {
    const node = link.getNode();
    this.#volume.deleteLink(link);
    node.nlink--;
    if (node.nlink <= 0) this.#volume.deleteNode(node);
  }

  /** Returns the name of a new entry at a place, and counts it. @throws WasiError when there can't be one */
  #vacantName(place: LinkPlace): string {
    const name = this.#checks.unusedName(place);
    this.#assertAttached(place.directory);
    assertName(name);
    this.#usage.addName();
    return name;
  }

  /** @throws WasiError ENOENT when `directory` was removed. Only empty ones are, so its parents need no check. */
  #assertAttached(directory: Link): void {
    if (directory === this.root) return;
    const isAttached = directory.parent.getChild(directory.getName()) === directory;
    if (!isAttached) throw new WasiError(Errno.ENOENT);
  }
}

/** Sets the content and the times of a new node. A directory stays empty. */
function fill(node: Node, change: NodeChange): void {
  if (change.kind === "link") node.makeSymlink(change.target.split("/"));
  if (change.kind === "file") {
    const bytes = new Uint8Array(change.size);
    for (const [index, chunk] of change.chunks) {
      if (chunk !== undefined) bytes.set(chunk, index * CHUNK_BYTES);
    }
    node.setBuffer(bytes as Buffer);
  }
  const [atime, mtime, ctime] = change.times.map((ns) => new Date(Number(ns / 1_000_000n)));
  Object.assign(node, { atime, mtime, ctime });
}

/** @throws WasiError EINVAL for `__proto__`: memfs stores names in a plain object, which would lose it. */
function assertName(name: string): void {
  if (name === "__proto__") throw new WasiError(Errno.EINVAL);
}
