/** Trees of files that a caller passes: checked and copied, with paths as keys taken apart. */

import { isPlainObject } from "../../brands.ts";
import type { FileSnapshot } from "../../files/file-tree.ts";
import { isFileName } from "../../files/page-path.ts";
import { invalid, invalidValue, placeOfKey, readingValue } from "../../wording/invalid-value.ts";
import { CONTENTS, copyContents, type FileContents, readBlob } from "./byte-source.ts";

/**
 * Files as plain data. A key is a name or a relative path, `{ "work/main.py": "…", "empty": {} }`; the
 * directories on its way are made.
 */
export interface FileTree {
  readonly [path: string]: FileContents | FileTree;
}

/** A tree of which nothing but blobs is the caller's any more. */
export interface CopiedTree {
  readonly tree: FileSnapshot;
  readonly blobs: readonly PendingBlob[];
}

/** A blob that is still to be read into its directory. */
interface PendingBlob {
  readonly directory: FileSnapshot;
  readonly name: string;
  readonly blob: Blob;
  readonly place: string;
}

/** Levels that are read: more than any path has, and few enough for the stack. */
const MAX_LEVELS = 1024;

/** Copies a tree. @throws {TypeError} that names the place of what is no tree, no path or no contents */
export function copyTree(source: unknown, place: string): CopiedTree {
  if (!isPlainObject(source)) throw invalidValue(place, source, "a plain object of files");
  return readingValue(place, () => new TreeCopy(place).copyOf(source));
}

/** Reads what is still to be read. The tree is complete then. */
export async function readBlobs({ tree, blobs }: CopiedTree): Promise<FileSnapshot> {
  for (const { directory, name, blob, place } of blobs) {
    directory[name] = await readBlob(blob, place);
  }
  return tree;
}

/** A directory that any name can be put into, `__proto__` for one. */
export function emptyDirectory(): FileSnapshot {
  return Object.create(null) as FileSnapshot;
}

class TreeCopy {
  readonly #place: string;
  readonly #blobs: PendingBlob[] = [];
  /** The objects that the walk is in. */
  readonly #open: Set<object> = new Set();

  constructor(place: string) {
    this.#place = place;
  }

  copyOf(source: object): CopiedTree {
    const tree = emptyDirectory();
    this.#copy(source, tree, "");
    return { tree, blobs: this.#blobs };
  }

  #copy(source: object, into: FileSnapshot, prefix: string): void {
    if (this.#open.size === MAX_LEVELS) {
      throw invalid(this.#place, `has more than ${MAX_LEVELS} levels`);
    }
    this.#open.add(source);
    for (const [key, content] of Object.entries(source) as [string, unknown][]) {
      const path = prefix + key;
      const place = placeOfKey(this.#place, path);
      const folders = namesOf(key, place);
      const name = folders.pop() ?? "";
      const directory = folders.reduce((above, folder) => directoryIn(above, folder, place), into);
      const contents = copyContents(content, place);
      if (contents !== undefined) this.#addFile(directory, name, contents, place);
      else if (!isPlainObject(content))
        throw invalidValue(place, content, `${CONTENTS}, or a directory`);
      else if (this.#open.has(content)) throw invalid(place, "contains itself");
      else this.#copy(content, directoryIn(directory, name, place), `${path}/`);
    }
    this.#open.delete(source);
  }

  #addFile(
    directory: FileSnapshot,
    name: string,
    contents: Uint8Array<ArrayBuffer> | Blob,
    place: string,
  ): void {
    if (name in directory) throw invalid(place, "names the same path as another key");
    const isRead = contents instanceof Uint8Array;
    // A blob holds its place: the order of files is the order of keys.
    directory[name] = isRead ? contents : new Uint8Array();
    if (!isRead) this.#blobs.push({ directory, name, blob: contents, place });
  }
}

function namesOf(path: string, place: string): string[] {
  const names = path.split("/");
  if (names.every(isFileName)) return names;
  throw invalid(place, pathFault(path, names));
}

function pathFault(path: string, names: readonly string[]): string {
  if (path.startsWith("/")) return "must be a relative path";
  if (path.includes("\0")) return "contains a NUL character";
  if (!path.isWellFormed()) return "contains half of a surrogate pair";
  return names.includes("") ? "has an empty name in it" : 'must not contain "." or ".."';
}

function directoryIn(above: FileSnapshot, name: string, place: string): FileSnapshot {
  const found = above[name];
  if (found instanceof Uint8Array) throw invalid(place, `"${name}" is a file already`);
  return found ?? (above[name] = emptyDirectory());
}
