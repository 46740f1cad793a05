/** Folders of the disk as files of plugins, in Node. */

import { isUrl } from "../brands.ts";
import type { FileSnapshot } from "../files/file-tree.ts";
import { DEFAULT_LIMITS, type Limits } from "../limits.ts";
import { invalidValue } from "../wording/invalid-value.ts";
import { writeBack } from "./files/directory-copy.ts";
import { treeOfDirectory } from "./files/file-source.ts";
import { checkAmount } from "./grants/checks.ts";
import { copyTree, type FileTree, readBlobs } from "./grants/file-tree.ts";
import { type Check, readOptions } from "./grants/read-options.ts";
import { createFolder, openHandle } from "./platform/node/folder-handle.ts";

/** The limits of what is read from a folder. */
export type FolderLimits = Pick<Limits, "fileBytes" | "inodes">;

/** The options of {@link openFolder} and {@link readFolder}. */
export interface FolderOptions {
  /** How much may be read. Default: as much as a plugin may have by default. */
  readonly limits?: Partial<FolderLimits>;
}

/** The options of {@link writeFolder}. */
export interface WriteFolderOptions {
  /**
   * The files as they were read from the folder. What has not changed since is not written, and what is
   * gone since is removed. Default: all is written, and nothing removed.
   */
  readonly since?: FileTree;
}

/**
 * Opens a folder of the disk, for `plugin.mount`. With its option `persist` what changes is written
 * back.
 *
 * No symbolic link leads out: one to a file inside the folder is that file, others are left out, and
 * what is written replaces a link.
 *
 * @throws {TypeError} for an invalid option, and what Node throws for a folder that it cannot open.
 * @example
 * await plugin.mount("/work", await openFolder("project"), { persist: true });
 */
export async function openFolder(
  path: string | URL,
  options?: FolderOptions,
): Promise<FileSystemDirectoryHandle> {
  return openHandle(checkPath(path), limitsOf(options).fileBytes);
}

/**
 * Reads all files of a folder, for the option `files`. Links are treated as {@link openFolder} does.
 *
 * @throws {TypeError} when it has more than the limits allow, or cannot be read.
 * @example
 * await runCommand("tool.wasm", { files: { work: await readFolder("project") } });
 */
export async function readFolder(
  path: string | URL,
  options?: FolderOptions,
): Promise<FileSnapshot> {
  const limits = limitsOf(options);
  const place = String(path);
  return treeOfDirectory(await openHandle(checkPath(path), limits.fileBytes), place, limits);
}

/**
 * Writes files into a folder, which is created if it is missing. Other files in it stay.
 *
 * @throws {TypeError} for what is no tree of files, and what Node throws for what it cannot write.
 * @example
 * const before = await readFolder("project");
 * const { files } = await runCommand("tool.wasm", { files: before });
 * await writeFolder("project", files, { since: before });
 */
export async function writeFolder(
  path: string | URL,
  files: FileTree,
  options?: WriteFolderOptions,
): Promise<void> {
  const { since } = readOptions(options, { since: copyTree });
  const after = await readBlobs(copyTree(files, "files"));
  const before = since && (await readBlobs(since));
  const folder = checkPath(path);
  await createFolder(folder);
  await writeChanges(await openHandle(folder, Infinity), "", before ?? {}, after);
}

const LIMIT_CHECKS = { fileBytes: checkAmount, inodes: checkAmount };

const checkLimits: Check<FolderLimits> = (value, place) => {
  const { fileBytes, inodes } = readOptions(value, LIMIT_CHECKS, place);
  return {
    fileBytes: fileBytes ?? DEFAULT_LIMITS.fileBytes,
    inodes: inodes ?? DEFAULT_LIMITS.inodes,
  };
};

function limitsOf(options: FolderOptions | undefined): FolderLimits {
  return readOptions(options, { limits: checkLimits }).limits ?? DEFAULT_LIMITS;
}

function checkPath(path: unknown): string | URL {
  if (typeof path === "string" || isUrl(path)) return path;
  throw invalidValue("path", path, "a string or a URL");
}

async function writeChanges(
  root: FileSystemDirectoryHandle,
  prefix: string,
  before: FileSnapshot,
  after: FileSnapshot,
): Promise<void> {
  for (const name of Object.keys(before)) {
    if (!Object.hasOwn(after, name))
      await writeBack(root, { kind: "removed", path: prefix + name });
  }
  for (const [name, content] of Object.entries(after)) {
    const path = prefix + name;
    const old = Object.hasOwn(before, name) ? before[name] : undefined;
    const isOldFile = old instanceof Uint8Array;
    if (content instanceof Uint8Array) {
      if (isOldFile && isSame(old, content)) continue;
      const chunks = [[0, content] as const];
      await writeBack(root, { kind: "file", path, chunks, size: content.length });
    } else {
      if (isOldFile) await writeBack(root, { kind: "removed", path });
      if (old === undefined || isOldFile) await writeBack(root, { kind: "directory", path });
      await writeChanges(root, `${path}/`, old === undefined || isOldFile ? {} : old, content);
    }
  }
}

function isSame(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, index) => byte === b[index]);
}
