/** A plugin's files, from the page. */

import type { DirectoryEntry, FileStat } from "../../files/file-system.ts";
import type { FileTree } from "../../files/file-tree.ts";
import type { Limits } from "../../limits.ts";
import type { Supervisor } from "../instance/supervisor.ts";
import { unzipTree, zipTree } from "./zip.ts";

/**
 * The file system of one plugin. It lives in the plugin's worker, so an operation waits for a guest
 * that keeps the worker busy; while a guest is suspended in a host function (JSPI) it does not.
 *
 * Paths are absolute. Every method throws a `PluginFileError` with WASI's name for what is wrong,
 * such as `"ENOENT"`, and a `PluginClosedError` once the plugin is gone.
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
  read(path: string): Promise<Uint8Array> {
    return this.#supervisor.onFiles("read", path);
  }

  /** A file's text, read as UTF-8. */
  async readText(path: string): Promise<string> {
    return new TextDecoder().decode(await this.read(path));
  }

  /** Makes a file with these contents, or replaces those it has. Strings are written as UTF-8; bytes are copied. */
  write(path: string, contents: string | Uint8Array): Promise<void> {
    return this.#supervisor.onFiles("write", path, copyOf(contents));
  }

  /** Adds to the end of a file, which is made if it is missing. */
  append(path: string, contents: string | Uint8Array): Promise<void> {
    return this.#supervisor.onFiles("append", path, copyOf(contents));
  }

  /** What a directory holds, in the order it was made. */
  list(path: string): Promise<DirectoryEntry[]> {
    return this.#supervisor.onFiles("list", path);
  }

  /** What a path is, without reading it. */
  stat(path: string): Promise<FileStat> {
    return this.#supervisor.onFiles("stat", path);
  }

  /** Whether anything is at a path. */
  exists(path: string): Promise<boolean> {
    return this.#supervisor.onFiles("exists", path);
  }

  /** Makes a directory, and those above it that are missing. */
  mkdir(path: string): Promise<void> {
    return this.#supervisor.onFiles("mkdir", path);
  }

  /** Moves a file or directory, over a file or an empty directory that is there. */
  rename(from: string, to: string): Promise<void> {
    return this.#supervisor.onFiles("rename", from, to);
  }

  /** Removes a file, or a directory with all that is in it. */
  remove(path: string): Promise<void> {
    return this.#supervisor.onFiles("remove", path);
  }

  /** A copy of everything below a directory as plain data, ready to be another plugin's preopen. */
  snapshot(path = "/"): Promise<FileTree> {
    return this.#supervisor.onFiles("snapshot", path);
  }

  /** Copies a tree into a directory, over the files that are there. */
  load(path: string, tree: FileTree): Promise<void> {
    return this.#supervisor.onFiles("load", path, tree);
  }

  /** Everything below a directory as a zip archive. Packed on the calling thread. */
  async exportZip(path = "/"): Promise<Uint8Array> {
    return zipTree(await this.snapshot(path));
  }

  /**
   * Unpacks a zip archive into a directory, over the files that are there.
   *
   * @throws {PluginLimitError} when its files are more than `limits.fileBytes`; nothing is written then.
   * @throws {TypeError} when the bytes are no zip archive.
   */
  async importZip(archive: Uint8Array, path = "/"): Promise<void> {
    const { pluginName } = this.#supervisor;
    await this.load(path, unzipTree(archive, { pluginName, fileBytes: this.#limits.fileBytes }));
  }
}

/** Bytes that can be given up to the worker while the caller keeps its own. */
function copyOf(contents: string | Uint8Array): Uint8Array {
  return typeof contents === "string" ? new TextEncoder().encode(contents) : contents.slice();
}
