/** Folders of the disk that a plugin gets copies of. */

import { DEFAULT_LIMITS, type FileSnapshot, type FileTree, type Limits } from "cloche";
import { readFolder, writeFolder } from "cloche/node";
import { Failure, messageOf, usageFailure } from "../failure.ts";

/** A folder, and the directory of the plugin that has its files. */
export interface Folder {
  readonly path: string;
  /** The names on the way to the directory; none for `/`. */
  readonly target: readonly string[];
  /** Its files as they were read. */
  readonly files: FileSnapshot;
}

/** Reads `folder` or `folder::/directory`. */
export async function openFolder(given: string, limits: Partial<Limits>): Promise<Folder> {
  const [path = "", directory = "/"] = given.split("::");
  const target = directory.split("/").filter((name) => name !== "");
  if (path === "" || target.some((name) => name === "." || name === "..")) {
    throw usageFailure(`Invalid --dir "${given}" (must be <folder> or <folder>::</directory>)`);
  }
  try {
    const { fileBytes = DEFAULT_LIMITS.fileBytes, inodes = DEFAULT_LIMITS.inodes } = limits;
    return { path, target, files: await readFolder(path, { limits: { fileBytes, inodes } }) };
  } catch (error) {
    throw new Failure(`Cannot read folder "${path}": ${messageOf(error)}`, undefined, error);
  }
}

/** The files of folders as one tree for a plugin. Of two folders at one directory the later one counts. */
export function treeOf(folders: readonly Folder[]): FileTree {
  const roots = folders.filter(({ target }) => target.length === 0);
  const others = folders.filter((folder) => !roots.includes(folder));
  return Object.assign(
    Object.create(null) as FileTree,
    ...roots.map(({ files }) => files),
    Object.fromEntries(others.map(({ target, files }) => [target.join("/"), files])),
  ) as FileTree;
}

/** Writes what a plugin changed in its directory back into the folder. */
export async function saveFolder(
  { path, target, files }: Folder,
  snapshot: FileSnapshot,
): Promise<void> {
  let directory: FileSnapshot | Uint8Array | undefined = snapshot;
  for (const name of target) {
    directory = directory instanceof Uint8Array ? undefined : directory?.[name];
  }
  const after = directory instanceof Uint8Array ? undefined : directory;
  try {
    await writeFolder(path, after ?? {}, { since: files });
  } catch (error) {
    throw new Failure(`Cannot write folder "${path}": ${messageOf(error)}`, undefined, error);
  }
}
