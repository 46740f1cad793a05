/** Mounts trees of files into a running plugin. */

import { transfer } from "comlink";
import type { FileChanges } from "../../files/changes/file-changes.ts";
import type { FileSnapshot } from "../../files/file-tree.ts";
import { treeTransfer } from "../../protocol/bytes-transfer.ts";
import { invalidValue } from "../../wording/invalid-value.ts";
import { checkFlag, checkText } from "../grants/checks.ts";
import { readOptions } from "../grants/read-options.ts";
import type { Isolate } from "../instance/isolate.ts";
import type { Handover, Supervisor } from "../instance/supervisor.ts";
import { disposeBy } from "../platform/async-dispose.ts";
import { DirectoryCopy } from "./directory-copy.ts";
import { type FileSource, isDirectoryHandle, treeOf } from "./file-source.ts";
import type { PageCopy } from "./page-copy.ts";

/** The options of `plugin.mount`. */
export interface MountOptions {
  /** Whether the guest may only read. Default: `false`. */
  readonly readOnly?: boolean;
  /**
   * Whether changes are written back to the directory that `source` is a handle to (one of OPFS, for
   * example): after every completed call and file operation, and when the mount or the plugin is
   * closed. Changes of a call that failed are not written, nor are other mounts within this one. A
   * symbolic link to a file is written as that file. A failed write is retried the next time; it is
   * reported once as an uncaught error of the page, and `save`, `unmount` and `close` reject with it
   * each time. Default: `false`.
   */
  readonly persist?: boolean;
}

const MOUNT_OPTION_CHECKS = { readOnly: checkFlag, persist: checkFlag };

/** A mounted tree. Disposing of it unmounts it. */
export interface Mount extends AsyncDisposable {
  /** Where it is mounted. */
  readonly path: string;
  /** Writes what changed since the last time to its directory. Does nothing without `persist`. */
  save(): Promise<void>;
  /** Saves, and unmounts the tree; what it hid is visible again. A second time does nothing. */
  unmount(): Promise<void>;
}

/** A tree that has not been unmounted. */
interface Mounted {
  readonly path: string;
  readonly readOnly: boolean;
  /** Its files, until the page's copy has them: then they outlive their instance. */
  tree: FileSnapshot | undefined;
  /** Where changes are written to. */
  readonly directory: DirectoryCopy | undefined;
}

/** The mounts of one plugin. */
export class Mounts implements Handover {
  readonly #copy: PageCopy;
  /** By their volumes. */
  readonly #mounted: Map<number, Mounted> = new Map();

  constructor(copy: PageCopy) {
    this.#copy = copy;
  }

  /** Applies what has changed in the plugin's files. @throws WasiError when it can't be true */
  apply(changes: FileChanges): void {
    this.#copy.apply(changes);
    for (const [volume, mounted] of this.#mounted) {
      if (this.#copy.findVolume(volume) !== undefined) mounted.tree = undefined;
      mounted.directory?.saveUnasked();
    }
  }

  /** Writes what has changed in persistent mounts to their directories. */
  async save(): Promise<void> {
    await Promise.all(
      Array.from(this.#mounted.values(), async ({ directory }) => directory?.save()),
    );
  }

  image(): FileChanges {
    return this.#copy.image();
  }

  /** Mounts again what was mounted during a call that was cut off: its caller holds the mount. */
  async remount(isolate: Isolate): Promise<void> {
    for (const [volume, mounted] of this.#mounted) {
      const { path, readOnly, directory, tree } = mounted;
      if (tree === undefined) continue;
      const options = { volume, readOnly, isJournaled: directory !== undefined };
      try {
        await isolate.send("mount", path, tree, options);
        this.#copy.forgetChanges(volume);
      } catch (error) {
        if (isolate.reason !== undefined) throw error;
        // Something else is there now, or it is too much: that is so for every later instance too.
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
    const target = persist ? persistTarget(source) : undefined;
    const copy = this.#copy;
    const given = treeOf(source, copy.limits);
    const tree = given instanceof Promise ? await given : given;
    const volume = copy.addVolume({ isJournaled: persist, isReadOnly: readOnly });
    try {
      // Where it may have to be mounted again, its bytes stay here.
      const posted = copy.isWhole ? tree : transfer(tree, treeTransfer(tree));
      await supervisor.onFiles("mount", path, posted, { volume, readOnly, isJournaled: persist });
    } catch (error) {
      this.#drop(volume);
      throw error;
    }
    copy.forgetChanges(volume);
    const isLasting = !copy.isWhole || copy.findVolume(volume) !== undefined;
    const directory =
      target &&
      new DirectoryCopy({
        pluginName: supervisor.pluginName,
        limits: copy.limits,
        directory: target,
        findVolume: () => copy.findVolume(volume),
      });
    this.#mounted.set(volume, { path, readOnly, directory, tree: isLasting ? undefined : tree });

    const save = async () => directory?.save();
    const unmount = async () => {
      await save();
      if (!this.#mounted.has(volume)) return;
      const isolate = await supervisor.present();
      supervisor.unmounted(volume);
      await unmountIn(isolate, volume);
      // A call may have ended meanwhile.
      await save();
      this.#drop(volume);
      // An instance that was started meanwhile has the mount, too.
      const next = await supervisor.present();
      if (next !== isolate) await unmountIn(next, volume);
    };
    return disposeBy({ path, save, unmount }, unmount);
  }

  #drop(volume: number): void {
    this.#mounted.delete(volume);
    this.#copy.removeVolume(volume);
  }
}

async function unmountIn(isolate: Isolate | undefined, volume: number): Promise<void> {
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
