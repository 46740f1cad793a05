/**
 * Folders of the disk with the interface that a browser gives directories, so that they are read,
 * mounted and written like those.
 *
 * No symbolic link leads out: one to a file inside the folder is read as that file, and others are left
 * out. What is written replaces a link and never goes through it.
 */

import { randomUUID } from "node:crypto";
import { constants, type Stats } from "node:fs";
import { lstat, mkdir, open, opendir, realpath, rename, rm, rmdir, unlink } from "node:fs/promises";
import { basename, join, sep } from "node:path";
import { isFileName } from "../../../files/page-path.ts";

/** What Node says of a system call that failed. */
interface SystemError {
  readonly code?: string;
}

/** What all handles of one folder have in common. */
interface Root {
  /** Without links. */
  readonly path: string;
  readonly maxFileBytes: number;
}

/** Opens a folder. @throws what Node throws when there is none */
export async function openHandle(
  path: string | URL,
  maxFileBytes: number,
): Promise<FileSystemDirectoryHandle> {
  const root = { path: await realpath(path), maxFileBytes };
  if (!(await lstat(root.path)).isDirectory()) throw mismatch(root.path);
  return new FolderHandle(root, root.path) as unknown as FileSystemDirectoryHandle;
}

/** Creates a folder, and those above it. Does nothing when it is there. */
export async function createFolder(path: string | URL): Promise<void> {
  await mkdir(path, { recursive: true });
}

class FolderHandle {
  readonly kind = "directory";
  readonly name: string;
  readonly #root: Root;
  readonly #path: string;

  constructor(root: Root, path: string) {
    this.#root = root;
    this.#path = path;
    this.name = basename(path);
  }

  get [Symbol.toStringTag](): string {
    return "FileSystemDirectoryHandle";
  }

  async *entries(): AsyncGenerator<[string, FolderHandle | FileHandle]> {
    for await (const { name } of await opendir(this.#path)) {
      const handle = await this.#handleOf(name);
      if (handle !== undefined) yield [name, handle];
    }
  }

  async *keys(): AsyncGenerator<string> {
    for await (const [name] of this.entries()) yield name;
  }

  async *values(): AsyncGenerator<FolderHandle | FileHandle> {
    for await (const [, handle] of this.entries()) yield handle;
  }

  [Symbol.asyncIterator](): AsyncGenerator<[string, FolderHandle | FileHandle]> {
    return this.entries();
  }

  async getDirectoryHandle(name: string, { create = false } = {}): Promise<FolderHandle> {
    const path = this.#pathOf(name);
    if (create && (await statOf(path)) === undefined) await mkdir(path);
    const handle = await this.#handleOf(name);
    if (handle instanceof FolderHandle) return handle;
    throw (await statOf(path)) === undefined ? missing(path) : mismatch(path);
  }

  async getFileHandle(name: string, { create = false } = {}): Promise<FileHandle> {
    const path = this.#pathOf(name);
    if (create && (await statOf(path)) === undefined) await (await open(path, "wx")).close();
    const handle = await this.#handleOf(name);
    if (handle instanceof FileHandle) return handle;
    throw (await statOf(path)) === undefined ? missing(path) : mismatch(path);
  }

  async removeEntry(name: string, { recursive = false } = {}): Promise<void> {
    const path = this.#pathOf(name);
    const stats = await statOf(path);
    if (stats === undefined) throw missing(path);
    if (!stats.isDirectory()) await unlink(path);
    else if (recursive) await rm(path, { recursive: true });
    else await rmdir(path);
  }

  async #handleOf(name: string): Promise<FolderHandle | FileHandle | undefined> {
    const path = this.#pathOf(name);
    const stats = await statOf(path);
    if (stats?.isDirectory()) return new FolderHandle(this.#root, path);
    if (stats?.isFile()) return new FileHandle(this.#root, path, path);
    if (!stats?.isSymbolicLink()) return undefined;
    const target = await targetOf(path);
    if (target?.startsWith(this.#root.path + sep) !== true) return undefined;
    return (await statOf(target))?.isFile() ? new FileHandle(this.#root, path, target) : undefined;
  }

  #pathOf(name: string): string {
    const isPathOfWindows = sep === "\\" && /[\\:]/.test(name);
    if (!isFileName(name) || isPathOfWindows) throw new TypeError(`Invalid file name: "${name}"`);
    return join(this.#path, name);
  }
}

class FileHandle {
  readonly kind = "file";
  readonly name: string;
  readonly #root: Root;
  readonly #path: string;
  /** Where the contents are: elsewhere, for a link. */
  readonly #target: string;

  constructor(root: Root, path: string, target: string) {
    this.#root = root;
    this.#path = path;
    this.#target = target;
    this.name = basename(path);
  }

  get [Symbol.toStringTag](): string {
    return "FileSystemFileHandle";
  }

  /** Reads the file. @throws {TypeError} when it is larger than `limits.fileBytes` */
  async getFile(): Promise<File> {
    const file = await open(this.#target, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0));
    try {
      const { size, mtimeMs } = await file.stat();
      const { maxFileBytes } = this.#root;
      if (size > maxFileBytes)
        throw new TypeError(`it has ${size} bytes, limit ${maxFileBytes} (limits.fileBytes)`);
      return new File([await file.readFile()], this.name, { lastModified: mtimeMs });
    } finally {
      await file.close();
    }
  }

  /** Opens a new file, which takes this one's place when it is closed. */
  async createWritable(): Promise<ReplacingFile> {
    const mode = (await statOf(this.#path))?.mode;
    const temporary = join(this.#path, "..", `.cloche-${randomUUID()}`);
    return new ReplacingFile(await open(temporary, "wx", mode), temporary, this.#path);
  }
}

/** What is used of a `FileSystemWritableFileStream`. */
class ReplacingFile {
  readonly #file: Awaited<ReturnType<typeof open>>;
  readonly #temporary: string;
  readonly #path: string;

  constructor(file: Awaited<ReturnType<typeof open>>, temporary: string, path: string) {
    this.#file = file;
    this.#temporary = temporary;
    this.#path = path;
  }

  async write({ position, data }: { position: number; data: Uint8Array }): Promise<void> {
    for (let written = 0; written < data.length; ) {
      const rest = data.subarray(written);
      const { bytesWritten } = await this.#file.write(rest, 0, rest.length, position + written);
      written += bytesWritten;
    }
  }

  truncate(size: number): Promise<void> {
    return this.#file.truncate(size);
  }

  async close(): Promise<void> {
    await this.#file.close();
    await rename(this.#temporary, this.#path);
  }

  async abort(): Promise<void> {
    await this.#file.close().catch(() => {});
    await unlink(this.#temporary);
  }
}

/** Of a link, it describes the link itself. */
async function statOf(path: string): Promise<Stats | undefined> {
  try {
    return await lstat(path);
  } catch (error) {
    if (isOneOf(error, "ENOENT", "ENOTDIR")) return undefined;
    throw error;
  }
}

/** Where a link ends; `undefined` for one that leads nowhere. */
async function targetOf(link: string): Promise<string | undefined> {
  try {
    return await realpath(link);
  } catch (error) {
    if (isOneOf(error, "ENOENT", "ENOTDIR", "ELOOP", "EACCES")) return undefined;
    throw error;
  }
}

function isOneOf(error: unknown, ...codes: readonly string[]): boolean {
  return codes.includes((error as SystemError).code ?? "");
}

function missing(path: string): DOMException {
  return new DOMException(`"${path}" does not exist`, "NotFoundError");
}

function mismatch(path: string): DOMException {
  return new DOMException(`"${path}" is of another kind`, "TypeMismatchError");
}
