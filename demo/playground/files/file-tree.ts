/** The files of the open program as a tree to show. */

import type { PluginFiles } from "cloche";

export interface TreeEntry {
  readonly path: string;
  readonly name: string;
  readonly isDirectory: boolean;
  /** Of a file, in bytes. */
  readonly size: number;
  readonly depth: number;
}

/** Entries that are listed; Python's library has thousands. */
const MAX_ENTRIES = 500;
const MAX_DEPTH = 32;

/** Directories first, each with what is in it if it is open. */
export async function listTree(
  files: Pick<PluginFiles, "list" | "stat">,
  isOpen: (path: string) => boolean,
): Promise<TreeEntry[]> {
  const entries: TreeEntry[] = [];
  const add = async (directory: string, depth: number): Promise<void> => {
    const listed = await files.list(directory === "" ? "/" : directory);
    const sorted = listed.toSorted(
      (a, b) =>
        Number(b.type === "directory") - Number(a.type === "directory") ||
        a.name.localeCompare(b.name),
    );
    for (const { name, type } of sorted) {
      if (entries.length >= MAX_ENTRIES) return;
      const path = `${directory}/${name}`;
      const isDirectory = type === "directory";
      const size = isDirectory ? 0 : await sizeOf(files, path);
      entries.push({ path, name, isDirectory, size, depth });
      if (isDirectory && depth < MAX_DEPTH && isOpen(path)) await add(path, depth + 1);
    }
  };
  await add("", 0);
  return entries;
}

/** A link may lead nowhere. */
async function sizeOf(files: Pick<PluginFiles, "stat">, path: string): Promise<number> {
  try {
    return (await files.stat(path)).size;
  } catch {
    return 0;
  }
}
