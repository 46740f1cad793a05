/** Sources of files that can be mounted, read into a plain tree that is ready to be posted. */

import { isBlob, isFile, isPlainObject } from "../../brands.ts";
import type { FileSnapshot } from "../../files/file-tree.ts";
import type { Limits } from "../../limits.ts";
import { invalid, invalidValue, readingValue, unreadable } from "../../wording/invalid-value.ts";
import { readBlob } from "../grants/byte-source.ts";
import { copyTree, emptyDirectory, type FileTree, readBlobs } from "../grants/file-tree.ts";

/**
 * Files that can be mounted: a tree, the files of an `<input type="file">` or a drop (with
 * `webkitRelativePath` for the folders they came in), or a directory the page has a handle to.
 */
export type FileSource = FileTree | FileList | readonly File[] | FileSystemDirectoryHandle;

/** What bounds the reading of a directory, which may have anything below it. */
type TreeLimits = Pick<Limits, "fileBytes" | "inodes">;

const PLACE = "source";

/**
 * Reads a source into a tree of its own. Text and buffers are copied before this returns.
 *
 * @throws {TypeError} when `source` is none, or cannot be read.
 */
export function treeOf(
  source: FileSource,
  limits: TreeLimits,
): FileSnapshot | Promise<FileSnapshot> {
  if (isDirectoryHandle(source)) return treeOfDirectory(source, PLACE, limits);
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

/** Reads all below a directory. @throws {TypeError} when it is more than the limits allow, or cannot be read */
export async function treeOfDirectory(
  directory: FileSystemDirectoryHandle,
  place: string,
  limits: TreeLimits,
): Promise<FileSnapshot> {
  let [bytes, entries] = [0, 0];
  const exceeded = (limit: keyof TreeLimits) =>
    invalid(place, `has more than ${limits[limit]} ${UNITS[limit]} (limits.${limit})`);
  const read = async (directory: FileSystemDirectoryHandle, place: string) => {
    const tree = emptyDirectory();
    try {
      for await (const [name, handle] of directory.entries()) {
        const placeOfEntry = `${place}/${name}`;
        entries += 1;
        if (entries > limits.inodes) throw exceeded("inodes");
        if (isDirectoryHandle(handle)) {
          tree[name] = await read(handle, placeOfEntry);
          continue;
        }
        const file = await fileOf(handle, placeOfEntry);
        bytes += file.size;
        if (bytes > limits.fileBytes) throw exceeded("fileBytes");
        tree[name] = await readBlob(file, placeOfEntry);
      }
    } catch (cause) {
      throw unreadable(place, cause);
    }
    return tree;
  };
  return read(directory, place);
}

async function fileOf(handle: FileSystemFileHandle, place: string): Promise<File> {
  try {
    return await handle.getFile();
  } catch (cause) {
    throw unreadable(place, cause);
  }
}

const UNITS = { fileBytes: "bytes of files", inodes: "files and directories" } as const;
