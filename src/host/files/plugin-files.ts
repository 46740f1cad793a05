/** A plugin's files, from the page. */

import { transfer } from "comlink";
import type { DirectoryEntry, FileStat } from "../../files/file-system.ts";
import type { FileSnapshot } from "../../files/file-tree.ts";
import type { Limits } from "../../limits.ts";
import { treeTransfer } from "../../protocol/bytes-transfer.ts";
import { type FileContents, readContents } from "../grants/byte-source.ts";
import { checkText } from "../grants/checks.ts";
import { copyTree, type FileTree, readBlobs } from "../grants/file-tree.ts";
import type { Supervisor } from "../instance/supervisor.ts";
import { unzipTree, zipTree } from "./zip.ts";

/**
 * The file system of one plugin. It lives in the plugin's worker, so an operation waits for a guest
 * that keeps the worker busy; while a guest is suspended in a host function (JSPI) it does not.
 *
 * Paths are absolute. Every method rejects with a `PluginFileError` with WASI's name for what is wrong,
 * such as `"ENOENT"`, with a `PluginClosedError` once the plugin is gone, and with a `TypeError` for an
 * argument of another type. Text and buffers are copied before a method returns; a `Blob` is read
 * first, so that what is asked after it may be done before it.
 */
export class PluginFiles {
  readonly #supervisor: Supervisor;
  readonly #limits: Pick<Limits, "fileBytes">;

  /** For {@link Plugin} alone. */
  constructor(supervisor: Supervisor, limits: Pick<Limits, "fileBytes">) {
    this.#supervisor = supervisor;
    this.#limits = limits;
  }

  /** A copy of a file's bytes. */
  async read(path: string): Promise<Uint8Array<ArrayBuffer>> {
    return this.#supervisor.onFiles("read", checkText(path, "path"));
  }

  /** A file's text, read as UTF-8. */
  async readText(path: string): Promise<string> {
    return new TextDecoder("utf-8", { ignoreBOM: true }).decode(await this.read(path));
  }

  /** Creates a file with these contents, or replaces those it has. */
  async write(path: string, contents: FileContents): Promise<void> {
    await this.#send("write", path, contents);
  }

  /** Appends to a file, which is created if it is missing. */
  async append(path: string, contents: FileContents): Promise<void> {
    await this.#send("append", path, contents);
  }

  /** The entries of a directory, in the order they were made. */
  async list(path: string): Promise<DirectoryEntry[]> {
    return this.#supervisor.onFiles("list", checkText(path, "path"));
  }

  /** The type, size and time of what is at a path. */
  async stat(path: string): Promise<FileStat> {
    return this.#supervisor.onFiles("stat", checkText(path, "path"));
  }

  /** Whether anything is at a path. */
  async exists(path: string): Promise<boolean> {
    return this.#supervisor.onFiles("exists", checkText(path, "path"));
  }

  /** Creates a directory, and those above it that are missing. */
  async mkdir(path: string): Promise<void> {
    await this.#supervisor.onFiles("mkdir", checkText(path, "path"));
  }

  /** Moves a file or directory, over a file or an empty directory that is there. */
  async rename(from: string, to: string): Promise<void> {
    await this.#supervisor.onFiles("rename", checkText(from, "from"), checkText(to, "to"));
  }

  /** Removes a file, or a directory with everything in it. */
  async remove(path: string): Promise<void> {
    await this.#supervisor.onFiles("remove", checkText(path, "path"));
  }

  /** A copy of everything below a directory, ready to be the option `files` of another plugin. */
  async snapshot(path = "/"): Promise<FileSnapshot> {
    return this.#supervisor.onFiles("snapshot", checkText(path, "path"));
  }

  /** Copies a tree into a directory, over the files that are there. */
  async load(path: string, tree: FileTree): Promise<void> {
    checkText(path, "path");
    const copy = copyTree(tree, "tree");
    await this.#load(path, copy.blobs.length === 0 ? copy.tree : await readBlobs(copy));
  }

  /** Everything below a directory as a zip archive. Packed on the calling thread. */
  async exportZip(path = "/"): Promise<Uint8Array<ArrayBuffer>> {
    return zipTree(await this.snapshot(path));
  }

  /**
   * Unpacks a zip archive into a directory, over the files that are there.
   *
   * @throws {PluginLimitError} when its files are more than `limits.fileBytes`; nothing is written then.
   * @throws {TypeError} when the bytes are no zip archive.
   */
  async importZip(archive: AllowSharedBufferSource | Blob, path = "/"): Promise<void> {
    checkText(path, "path");
    const { pluginName } = this.#supervisor;
    const { fileBytes } = this.#limits;
    const bytes = await readContents(archive, "archive");
    await this.#load(path, unzipTree(bytes, { pluginName, fileBytes }));
  }

  async #send(method: "write" | "append", path: string, contents: FileContents): Promise<void> {
    checkText(path, "path");
    const bytes = readContents(contents, "contents");
    await this.#supervisor.onFiles(method, path, bytes instanceof Promise ? await bytes : bytes);
  }

  async #load(path: string, tree: FileSnapshot): Promise<void> {
    await this.#supervisor.onFiles("load", path, transfer(tree, treeTransfer(tree)));
  }
}
