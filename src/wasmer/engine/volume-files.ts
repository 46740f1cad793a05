import type { FileChanges } from "../../files/changes/file-changes.ts";
import { Errno } from "../../files/errno.ts";
import { fileBytes } from "../../files/file-bytes.ts";
import { MAX_COPY_BYTES } from "../../files/file-node.ts";
import type { DirectoryEntry, FileKind, FileStat, MountedTree } from "../../files/file-system.ts";
import { bytesOrTree, type FileSnapshot, type PlainFiles } from "../../files/file-tree.ts";
import { isFound, withPath } from "../../files/named-errors.ts";
import { assertName, pagePath } from "../../files/page-path.ts";
import type { LastLink } from "../../files/path-walk.ts";
import { WasiError } from "../../files/wasi-error.ts";
import type { EngineFiles } from "../../worker/engine.ts";
import { childrenOf, type Link, type Node } from "./memfs.ts";
import type { LinkPlace, WasmVolume } from "./wasm-volume.ts";

/**
 * The files of a volume as the page works on them, with the same errors as `FileSystem` of Cloche's own
 * engine. Every method throws a `WasiError` with its path.
 */
export class VolumeFiles implements EngineFiles {
  readonly #volume: WasmVolume;

  constructor(volume: WasmVolume) {
    this.#volume = volume;
  }

  read(path: string): Uint8Array<ArrayBuffer> {
    return this.#at(path, (at) => bytesOf(this.#volume.existing(at).getNode()));
  }

  write(path: string, content: string | Uint8Array): void {
    this.#at(path, (at) => this.#write(at, content));
  }

  append(path: string, content: string | Uint8Array): void {
    const added = fileBytes(content);
    this.#at(path, (at) => {
      const before = at.found === undefined ? new Uint8Array() : bytesOf(at.found.getNode());
      const bytes = new Uint8Array(before.length + added.length);
      bytes.set(before);
      bytes.set(added, before.length);
      this.#write(at, bytes);
    });
  }

  list(path: string): DirectoryEntry[] {
    return this.#at(path, (at) =>
      childrenOf(directoryAt(this.#volume.existing(at))).map((link) => ({
        name: link.getName(),
        type: kindOf(link.getNode()),
      })),
    );
  }

  stat(path: string): FileStat {
    return this.#at(path, (at) => {
      const node = this.#volume.existing(at).getNode();
      return { type: kindOf(node), size: node.getSize(), modifiedMs: node.mtime.getTime() };
    });
  }

  exists(path: string): boolean {
    return isFound(() => this.stat(path));
  }

  mkdir(path: string, options: { readonly recursive?: boolean } = {}): void {
    if (options.recursive === true) withPath(path, () => this.#makeDirectories(path));
    else this.#at(path, (at) => this.#volume.createDirectory(at));
  }

  rename(from: string, to: string): void {
    this.#atEntry(from, (source) =>
      this.#atEntry(to, (target) => this.#volume.rename(source, target)),
    );
  }

  remove(path: string, options: { readonly recursive?: boolean } = {}): void {
    const isRecursive = options.recursive === true;
    this.#atEntry(path, (at) => {
      if (at.found === undefined && isRecursive) return;
      if (at.name === undefined) throw new WasiError(Errno.EBUSY);
      if (isRecursive) this.#empty(at.found);
      this.#remove(at);
    });
  }

  snapshot(path = "/"): FileSnapshot {
    return this.#at(path, (at) => {
      const base = directoryAt(this.#volume.existing(at));
      return this.#copy(base, "", base, {
        bytes: Math.min(this.#volume.limits.fileBytes, MAX_COPY_BYTES),
      });
    });
  }

  load(files: PlainFiles, path = "/"): void {
    withPath(path, () => this.#load(this.#makeDirectories(path), files));
  }

  /** @throws WasiError ENOTSUP: memfs has no mounts, and a copy could not be unmounted. */
  mount(path: string): MountedTree {
    throw new WasiError(Errno.ENOTSUP, path);
  }

  takeChanges(): FileChanges | undefined {
    return this.#volume.takeChanges();
  }

  restore(image: FileChanges): ReadonlyMap<number, MountedTree> {
    this.#volume.restore(image);
    return new Map();
  }

  #write(at: LinkPlace, content: string | Uint8Array): void {
    const bytes = fileBytes(content);
    this.#volume.contents.replace(at.found ?? this.#volume.createFile(at), bytes);
  }

  #remove(at: LinkPlace): void {
    if (at.found?.getNode().isDirectory() === true) this.#volume.removeDirectory(at);
    else this.#volume.unlink(at);
  }

  /** Removes everything in a directory. */
  #empty(directory: Link | undefined): void {
    if (directory?.getNode().isDirectory() !== true) return;
    for (const link of childrenOf(directory)) {
      this.#empty(link);
      this.#remove({ directory, name: link.getName(), found: link, trailingSlash: false });
    }
  }

  #load(directory: Link, files: PlainFiles): void {
    for (const [name, content] of Object.entries(files)) {
      assertName(name);
      const at = this.#volume.find(directory, name, "follow");
      const inner = bytesOrTree(content);
      if (inner instanceof Uint8Array) this.#write(at, inner);
      else this.#load(directoryAt(at.found ?? this.#volume.createDirectory(at)), inner);
    }
  }

  /**
   * Copies a directory, as `snapshotTree` does: links to files become files, other links are left out.
   *
   * @param room The bytes that the copy may still take.
   * @throws WasiError EFBIG when the copy is larger
   */
  #copy(directory: Link, path: string, base: Link, room: { bytes: number }): FileSnapshot {
    const files = Object.create(null) as FileSnapshot;
    for (const link of childrenOf(directory)) {
      const name = link.getName();
      const found = link.getNode().isSymlink() ? this.#followed(base, path + name) : link;
      const node = found?.getNode();
      if (node?.isFile()) {
        room.bytes -= node.getSize();
        if (room.bytes < 0) throw new WasiError(Errno.EFBIG);
        files[name] = bytesOf(node);
      } else if (found === link) files[name] = this.#copy(link, `${path}${name}/`, base, room);
    }
    return files;
  }

  #followed(base: Link, path: string): Link | undefined {
    try {
      return this.#volume.find(base, path, "follow").found;
    } catch (error) {
      if (error instanceof WasiError) return undefined;
      throw error;
    }
  }

  #makeDirectories(path: string): Link {
    const names = pagePath(path, this.#volume.limits.pathBytes).split("/");
    let made = "";
    let directory = this.#volume.root;
    for (const name of names) {
      if (name === "") continue;
      made += `${name}/`;
      const at = this.#find(made, "follow");
      directory = directoryAt(at.found ?? this.#volume.createDirectory(at));
    }
    return directory;
  }

  #find(path: string, lastLink: LastLink): LinkPlace {
    const relative = pagePath(path, this.#volume.limits.pathBytes);
    return this.#volume.find(this.#volume.root, relative, lastLink);
  }

  /** Runs `operation` on what `path` leads to, a last symbolic link followed. */
  #at<T>(path: string, operation: (at: LinkPlace) => T): T {
    return withPath(path, () => operation(this.#find(path, "follow")));
  }

  /** Runs `operation` on the entry that `path` names, which may be a symbolic link. */
  #atEntry<T>(path: string, operation: (at: LinkPlace) => T): T {
    return withPath(path, () => operation(this.#find(path, "nofollow")));
  }
}

/** Returns a copy of a file's bytes as a plain `Uint8Array`; memfs returns a `Buffer`. @throws WasiError EISDIR, EFBIG */
function bytesOf(node: Node): Uint8Array<ArrayBuffer> {
  if (!node.isFile()) throw new WasiError(Errno.EISDIR);
  if (node.getSize() > MAX_COPY_BYTES) throw new WasiError(Errno.EFBIG);
  return new Uint8Array(node.getBuffer());
}

function kindOf(node: Node): FileKind {
  if (node.isDirectory()) return "directory";
  return node.isSymlink() ? "link" : "file";
}

function directoryAt(link: Link): Link {
  if (!link.getNode().isDirectory()) throw new WasiError(Errno.ENOTDIR);
  return link;
}
