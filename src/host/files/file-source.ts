/** Sources of files that can be mounted, read into a plain tree that is ready to be posted. */

import { isBlob, isFile, isPlainObject } from "../../brands.ts";
import type { FileSnapshot } from "../../files/file-tree.ts";
import { invalid, invalidValue, readingValue, unreadable } from "../../wording/invalid-value.ts";
import { readBlob } from "../grants/byte-source.ts";
import { copyTree, emptyDirectory, type FileTree, readBlobs } from "../grants/file-tree.ts";

/**
 * Files that can be mounted: a tree, the files of an `<input type="file">` or a drop (with
 * `webkitRelativePath` for the folders they came in), or a directory the page has a handle to.
 */
export type FileSource = FileTree | FileList | readonly File[] | FileSystemDirectoryHandle;

const PLACE = "source";

/**
 * Reads a source into a tree of its own. Text and buffers are copied before this returns.
 *
 * @throws {TypeError} when `source` is none, or cannot be read.
 */
export function treeOf(source: FileSource): FileSnapshot | Promise<FileSnapshot> {
  if (isDirectoryHandle(source)) return treeOfDirectory(source, PLACE);
  const files = listOf(source);
  if (files === undefined && !isPlainObject(source)) throw notMountable(source);
  const copy = copyTree(files === undefined ? source : byPath(files), PLACE);
  return copy.blobs.length === 0 ? copy.tree : readBlobs(copy);
}

/** Whether a value is a directory handle, of this realm or another. */
export function isDirectoryHandle(value: unknown): value is FileSystemDirectoryHandle {
  return isTagged(value, "FileSystemDirectoryHandle");
}

function isTagged(value: unknown, tag: string): boolean {
  try {
    return Object.prototype.toString.call(value) === `[object ${tag}]`;
  } catch {
    // A getter of its own has thrown, or a proxy was revoked.
    return false;
  }
}

function notMountable(source: unknown): TypeError {
  const must = "a tree of files, a FileList or array of Files, or a FileSystemDirectoryHandle";
  const hint = isBlob(source) ? "; for one file pass an array" : "";
  return invalidValue(PLACE, source, must + hint);
}

/** The items of a list of files, or `undefined` when it is none. */
function listOf(source: unknown): readonly unknown[] | undefined {
  const isList = readingValue(PLACE, () => Array.isArray(source)) || isTagged(source, "FileList");
  return isList ? readingValue(PLACE, () => Array.from(source as ArrayLike<unknown>)) : undefined;
}

function byPath(files: readonly unknown[]): FileTree {
  const tree: Record<string, File> = Object.create(null) as Record<string, File>;
  for (const [index, file] of files.entries()) {
    const place = `${PLACE}[${index}]`;
    if (!isFile(file)) throw invalidValue(place, file, "a File");
    const path = file.webkitRelativePath || file.name;
    if (path in tree) throw invalid(place, `has the path of another file, ${JSON.stringify(path)}`);
    tree[path] = file;
  }
  return tree;
}

async function treeOfDirectory(
  directory: FileSystemDirectoryHandle,
  place: string,
): Promise<FileSnapshot> {
  const tree = emptyDirectory();
  try {
    for await (const [name, handle] of directory.entries()) {
      const placeOfEntry = `${place}/${name}`;
      tree[name] = isDirectoryHandle(handle)
        ? await treeOfDirectory(handle, placeOfEntry)
        : await readBlob(await handle.getFile(), placeOfEntry);
    }
  } catch (cause) {
    throw unreadable(place, cause);
  }
  return tree;
}
