/** Gathers files that a page has into a plain tree, ready to be posted. */

import type { FileTree } from "../../files/file-tree.ts";

/**
 * Files that can be mounted: a tree, the files of an `<input type="file">` or a drop (with
 * `webkitRelativePath` for the folders they came in), or a directory the page has a handle to.
 */
export type FileSource = FileTree | readonly File[] | FileSystemDirectoryHandle;

/** Reads a source into a tree. What the tree's bytes are is up to the source: they are not copied here. */
export function treeOf(source: FileSource): Promise<FileTree> | FileTree {
  if (Array.isArray(source)) return treeOfFiles(source as readonly File[]);
  if (isDirectoryHandle(source)) return treeOfDirectory(source);
  return source as FileTree;
}

/** Whether a source is a directory handle, of this realm or another. */
export function isDirectoryHandle(source: FileSource): source is FileSystemDirectoryHandle {
  return Object.prototype.toString.call(source) === "[object FileSystemDirectoryHandle]";
}

async function treeOfFiles(files: readonly File[]): Promise<FileTree> {
  const tree = emptyTree();
  for (const file of files) {
    const folders = file.webkitRelativePath.split("/").slice(0, -1);
    directoryIn(tree, folders)[file.name] = await bytesOf(file);
  }
  return tree;
}

async function treeOfDirectory(directory: FileSystemDirectoryHandle): Promise<FileTree> {
  const tree = emptyTree();
  for await (const [name, handle] of directory.entries()) {
    tree[name] = isDirectoryHandle(handle as FileSystemDirectoryHandle)
      ? await treeOfDirectory(handle as FileSystemDirectoryHandle)
      : await bytesOf(await (handle as FileSystemFileHandle).getFile());
  }
  return tree;
}

async function bytesOf(file: File): Promise<Uint8Array> {
  return new Uint8Array(await file.arrayBuffer());
}

/** A tree that any name can be put into, `__proto__` for one. */
export function emptyTree(): FileTree {
  return Object.create(null) as FileTree;
}

/** The directory at a path in a tree, made where it is missing; a file in the way gives way. */
export function directoryIn(tree: FileTree, path: readonly string[]): FileTree {
  let directory = tree;
  for (const name of path) {
    const found = directory[name];
    const isDirectory = typeof found === "object" && !(found instanceof Uint8Array);
    const next = isDirectory ? found : emptyTree();
    directory[name] = next;
    directory = next;
  }
  return directory;
}
