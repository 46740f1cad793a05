/** Files that a person dropped or chose, with the folders that they came in. */

import type { FileTree } from "cloche";

/** The files of a drop. Must be called before the event is over. */
export async function treeOfDrop(data: DataTransfer): Promise<FileTree> {
  const entries = Array.from(data.items, (item) => item.webkitGetAsEntry());
  const files = Array.from(data.files);
  const trees = await Promise.all(
    entries.map(async (entry, index) => (entry === null ? {} : treeOfEntry(entry, files[index]))),
  );
  return Object.fromEntries(trees.flatMap((tree) => Object.entries(tree)));
}

/** The files of `<input type="file">`. */
export function treeOfFiles(files: Iterable<File>): FileTree {
  return Object.fromEntries(Array.from(files, (file) => [file.name, file]));
}

async function treeOfEntry(entry: FileSystemEntry, file: File | undefined): Promise<FileTree> {
  if (!entry.isDirectory) return file === undefined ? {} : { [entry.name]: file };
  const inner: Record<string, FileTree | Blob> = {};
  for (const child of await childrenOf(entry as FileSystemDirectoryEntry)) {
    Object.assign(inner, await treeOfEntry(child, await fileOf(child)));
  }
  return { [entry.name]: inner };
}

/** A reader gives some hundred entries at a time, and none at the end. */
async function childrenOf(directory: FileSystemDirectoryEntry): Promise<FileSystemEntry[]> {
  const reader = directory.createReader();
  const found: FileSystemEntry[] = [];
  for (;;) {
    const more = await new Promise<FileSystemEntry[]>((resolve, reject) => {
      reader.readEntries(resolve, reject);
    });
    if (more.length === 0) return found;
    found.push(...more);
  }
}

async function fileOf(entry: FileSystemEntry): Promise<File | undefined> {
  if (entry.isDirectory) return undefined;
  return new Promise((resolve, reject) => {
    (entry as FileSystemFileEntry).file(resolve, reject);
  });
}
