/** Trees of files that stand in a plugin's file system for a while. */

import type { Limits } from "../limits.ts";
import type { FileChanges } from "../wasi/file-changes.ts";
import { FileShadow } from "../wasi/file-shadow.ts";
import { ROOT_VOLUME } from "../wasi/volume.ts";
import { DirectoryCopy } from "./directory-copy.ts";
import { type FileSource, isDirectoryHandle, treeOf } from "./file-source.ts";
import type { Isolate } from "./isolate.ts";

export interface MountOptions {
  /** Whether the guest may only read. Default: `false`. */
  readonly readOnly?: boolean;
  /**
   * Writes what changed back to the directory that `source` is a handle to (one of OPFS, for
   * example): after every call and every operation on files that has completed, and when the mount or
   * the plugin is closed. What a call that was cut off has changed is not written, nor what is mounted
   * within. A symbolic link to a file is written as that file. Default: `false`.
   */
  readonly persist?: boolean;
}

/** A tree that stands in a plugin's file system, until it is disposed of. */
export interface Mount extends AsyncDisposable {
  /** Where it stands. */
  readonly path: string;
  /** Writes back what changed since the last time, and waits for that. Does nothing without `persist`. */
  save(): Promise<void>;
  /** Saves, and takes the tree away. A second time does nothing. */
  unmount(): Promise<void>;
}

/** The mounts of one plugin, and what the page knows of what is in them. */
export class Mounts {
  readonly #limits: Limits;
  readonly #shadow: FileShadow;
  /** By their volumes; with a copy where they are persistent. */
  readonly #mounted: Map<number, DirectoryCopy | undefined> = new Map();
  #lastVolume = ROOT_VOLUME;

  constructor(limits: Limits) {
    this.#limits = limits;
    this.#shadow = new FileShadow(limits);
  }

  /** Takes what has changed in the plugin's files. @throws WasiError when it can't be true */
  apply(changes: FileChanges): void {
    this.#shadow.apply(changes);
    void this.save().catch(reportError);
  }

  /** Writes back what has changed in those that are persistent. */
  async save(): Promise<void> {
    const copies = [...this.#mounted.values()].filter((copy) => copy !== undefined);
    await Promise.all(copies.map((copy) => copy.save()));
  }

  /** Mounts a source. See `Plugin.mount`. */
  async mount(
    isolate: Isolate,
    path: string,
    source: FileSource,
    { readOnly = false, persist = false }: MountOptions,
  ): Promise<Mount> {
    const directory = persist ? persistTarget(source) : undefined;
    const tree = await treeOf(source);
    const volume = ++this.#lastVolume;
    if (persist) this.#shadow.follow(volume, { isJournaled: true });
    try {
      const options = { volume, readOnly, isJournaled: persist };
      await isolate.request((remote) => remote.mount(path, tree, options));
    } catch (error) {
      this.#shadow.forget(volume);
      throw error;
    }
    // What it has from the start is in the directory. While a call runs nothing has been told yet, and
    // all of it is written at the end of that.
    this.#shadow.volume(volume)?.journal?.take();
    const copy =
      directory &&
      new DirectoryCopy({
        pluginName: isolate.pluginName,
        limits: this.#limits,
        directory,
        findVolume: () => this.#shadow.volume(volume),
      });
    this.#mounted.set(volume, copy);

    const save = async () => copy?.save();
    const unmount = async () => {
      await save();
      if (!this.#mounted.has(volume)) return;
      // A plugin that is gone has no mounts.
      if (isolate.reason === undefined) await isolate.request((remote) => remote.unmount(volume));
      // A call may have ended meanwhile.
      await save();
      this.#mounted.delete(volume);
      this.#shadow.forget(volume);
    };
    return { path, save, unmount, [Symbol.asyncDispose]: unmount };
  }
}

function persistTarget(source: FileSource): FileSystemDirectoryHandle {
  if (isDirectoryHandle(source)) return source;
  throw new TypeError(
    "Cannot persist mount: its source has nothing to write back to, expected a FileSystemDirectoryHandle",
  );
}
