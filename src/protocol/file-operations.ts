/**
 * What the page can do with a plugin's files, under the same names from `plugin.files` to the engine.
 *
 * A new operation is a method here, its row in {@link FILE_REPLIES}, and its row in
 * `worker/worker-files.ts`, which does it.
 */

import type { DirectoryEntry, FileStat } from "../files/file-system.ts";
import type { FileSnapshot } from "../files/file-tree.ts";
import { isDirectoryList, isFileStat, isFileTree } from "./file-shapes.ts";
import type { ReplyChecks } from "./reply-checks.ts";
import { isBoolean, isBytes, isUndefined } from "./shapes.ts";

/** Paths are absolute. The caller gives up the bytes it passes. */
export interface FileOperations {
  read(path: string): Uint8Array<ArrayBuffer>;
  write(path: string, bytes: Uint8Array): void;
  append(path: string, bytes: Uint8Array): void;
  list(path: string): DirectoryEntry[];
  stat(path: string): FileStat;
  exists(path: string): boolean;
  mkdir(path: string): void;
  rename(from: string, to: string): void;
  remove(path: string): void;
  snapshot(path: string): FileSnapshot;
  /** Copies a tree into a directory. */
  load(path: string, tree: FileSnapshot): void;
  /** Mounts a tree at a path. */
  mount(path: string, tree: FileSnapshot, options: MountRequest): void;
  unmount(volume: number): void;
}

/** How a tree is mounted. */
export interface MountRequest {
  /** The id of its volume, which was never used before. */
  readonly volume: number;
  readonly readOnly: boolean;
  /** Whether its changes are sent to the page. */
  readonly isJournaled: boolean;
}

/** The shape of each operation's reply. */
export const FILE_REPLIES: ReplyChecks<FileOperations> = {
  read: (data, limits): data is Uint8Array<ArrayBuffer> =>
    isBytes(data) && data.length <= limits.fileBytes,
  write: isUndefined,
  append: isUndefined,
  list: isDirectoryList,
  stat: isFileStat,
  exists: isBoolean,
  mkdir: isUndefined,
  rename: isUndefined,
  remove: isUndefined,
  snapshot: isFileTree,
  load: isUndefined,
  mount: isUndefined,
  unmount: isUndefined,
};
