/** Trees of files that stand in a plugin's file system for a while. */

import { transfer } from "comlink";
import type { FileChanges } from "../../files/changes/file-changes.ts";
import { FileShadow } from "../../files/changes/file-shadow.ts";
import type { FileSnapshot } from "../../files/file-tree.ts";
import { ROOT_VOLUME } from "../../files/volume.ts";
import type { Limits } from "../../limits.ts";
import { treeTransfer } from "../../protocol/bytes-transfer.ts";
import { checkFlag, checkText } from "../grants/checks.ts";
import { invalidValue } from "../grants/invalid-value.ts";
import { readOptions } from "../grants/read-options.ts";
import type { Isolate } from "../instance/isolate.ts";
import type { Handover, Supervisor } from "../instance/supervisor.ts";
import { DirectoryCopy } from "./directory-copy.ts";
import { type FileSource, isDirectoryHandle, treeOf } from "./file-source.ts";

export interface MountOptions {
  /** Whether the guest may only read. Default: `false`. */
  readonly readOnly?: boolean;
  /**
   * Writes what changed back to the directory that `source` is a handle to (one of OPFS, for
   * example): after every call and every operation on files that has completed, and when the mount or
   * the plugin is closed. What a call that was cut off has changed is not written, nor what is mounted
   * within. A symbolic link to a file is written as that file. What cannot be written is tried again
   * the next time; the first time it is reported as an uncaught error of the page, and `save`,
   * `unmount` and `close` reject with it each time. Default: `false`.
   */
  readonly persist?: boolean;
}

const MOUNT_OPTION_CHECKS = { readOnly: checkFlag, persist: checkFlag };

/** A tree that stands in a plugin's file system, until it is disposed of. */
export interface Mount extends AsyncDisposable {
  /** Where it stands. */
  readonly path: string;
  /** Writes back what changed since the last time, and waits for that. Does nothing without `persist`. */
  save(): Promise<void>;
  /** Saves, and takes the tree away. A second time does nothing. */
  unmount(): Promise<void>;
}

/** A mount that has not been taken away. */
interface Mounted {
  readonly path: string;
  readonly readOnly: boolean;
  /** What it was made from, until the plugin has told of it: then it outlives its instance. */
  tree: FileSnapshot | undefined;
  /** Where what changes is written back to. */
  readonly copy: DirectoryCopy | undefined;
}

/** The mounts of one plugin, and what the page knows of its files. */
export class Mounts implements Handover {
  readonly #limits: Limits;
  readonly #followsAll: boolean;
  readonly #shadow: FileShadow;
  /** By their volumes. */
  readonly #mounted: Map<number, Mounted> = new Map();
  #lastVolume = ROOT_VOLUME;

  /** @param options `followsAll`: whether the plugin tells of all its files, and not only of persistent mounts. */
  constructor(limits: Limits, { followsAll }: { readonly followsAll: boolean }) {
    this.#limits = limits;
    this.#followsAll = followsAll;
    this.#shadow = new FileShadow(limits);
    if (followsAll) this.#shadow.follow(ROOT_VOLUME, { isJournaled: false });
  }

  /** Takes what has changed in the plugin's files. @throws WasiError when it can't be true */
  apply(changes: FileChanges): void {
    this.#shadow.apply(changes);
    for (const [volume, mounted] of this.#mounted) {
      if (this.#shadow.volume(volume) !== undefined) mounted.tree = undefined;
      mounted.copy?.saveUnasked();
    }
  }

  /** Writes back what has changed in those that are persistent. */
  async save(): Promise<void> {
    const copies = Array.from(this.#mounted.values(), ({ copy }) => copy);
    await Promise.all(copies.filter((copy) => copy !== undefined).map((copy) => copy.save()));
  }

  image(): FileChanges {
    return this.#shadow.image();
  }

  /** Mounts again what was mounted while the call ran that was cut off: whoever did holds the mount. */
  async remount(isolate: Isolate): Promise<void> {
    for (const [volume, mounted] of this.#mounted) {
      const { path, readOnly, copy, tree } = mounted;
      if (tree === undefined) continue;
      const options = { volume, readOnly, isJournaled: copy !== undefined };
      try {
        await isolate.send("mount", path, tree, options);
        this.#forgetStart(volume);
      } catch (error) {
        if (isolate.reason !== undefined) throw error;
        // Something else stands there now, or it is too much: it would be so for each that comes after.
        this.#drop(volume);
      }
    }
  }

  /** Mounts a source. See `Plugin.mount`. */
  async mount(
    supervisor: Supervisor,
    path: string,
    source: FileSource,
    options: MountOptions | undefined,
  ): Promise<Mount> {
    checkText(path, "path");
    const { readOnly = false, persist = false } = readOptions(options, MOUNT_OPTION_CHECKS);
    const directory = persist ? persistTarget(source) : undefined;
    const given = treeOf(source);
    const tree = given instanceof Promise ? await given : given;
    const volume = ++this.#lastVolume;
    if (persist || this.#followsAll) {
      this.#shadow.follow(volume, { isJournaled: persist, isReadOnly: readOnly });
    }
    try {
      const posted = transfer(tree, treeTransfer(tree));
      await supervisor.onFiles("mount", path, posted, { volume, readOnly, isJournaled: persist });
    } catch (error) {
      this.#drop(volume);
      throw error;
    }
    this.#forgetStart(volume);
    const isLasting = !this.#followsAll || this.#shadow.volume(volume) !== undefined;
    const copy =
      directory &&
      new DirectoryCopy({
        pluginName: supervisor.pluginName,
        limits: this.#limits,
        directory,
        findVolume: () => this.#shadow.volume(volume),
      });
    this.#mounted.set(volume, { path, readOnly, copy, tree: isLasting ? undefined : tree });

    const save = async () => copy?.save();
    const unmount = async () => {
      await save();
      if (!this.#mounted.has(volume)) return;
      const isolate = await supervisor.present();
      await takeAway(isolate, volume);
      // A call may have ended meanwhile.
      await save();
      this.#drop(volume);
      // One that was made meanwhile has it.
      const next = await supervisor.present();
      if (next !== isolate) await takeAway(next, volume);
    };
    return { path, save, unmount, [Symbol.asyncDispose]: unmount };
  }

  /**
   * What a mount has from the start is in its directory already. While a call runs nothing has been
   * told yet, and all of it is written at the end of that.
   */
  #forgetStart(volume: number): void {
    this.#shadow.volume(volume)?.journal?.take();
  }

  #drop(volume: number): void {
    this.#mounted.delete(volume);
    this.#shadow.forget(volume);
  }
}

async function takeAway(isolate: Isolate | undefined, volume: number): Promise<void> {
  try {
    await isolate?.send("unmount", volume);
  } catch (error) {
    // An instance that is gone has no mounts.
    if (isolate?.reason === undefined) throw error;
  }
}

function persistTarget(source: FileSource): FileSystemDirectoryHandle {
  if (isDirectoryHandle(source)) return source;
  throw invalidValue("source", source, "a FileSystemDirectoryHandle for the option persist");
}
