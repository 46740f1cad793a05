/** A directory that the page has a handle to, kept a copy of a volume in a plugin's file system. */

import type { ShadowVolume } from "../../files/changes/shadow-volume.ts";
import { type LinkCopies, type TreeChange, treeChanges } from "../../files/changes/tree-changes.ts";
import { CHUNK_BYTES } from "../../files/file-content.ts";
import { pluginFileError } from "../../files/plugin-file-error.ts";
import { WasiError } from "../../files/wasi-error.ts";
import type { Limits } from "../../limits.ts";
import { reportUncaught } from "../time/report-uncaught.ts";

export interface DirectoryCopyOptions {
  readonly pluginName: string;
  readonly limits: Limits;
  /** Holds what the volume holds now. */
  readonly directory: FileSystemDirectoryHandle;
  /** What is known of the volume, from when the plugin has told of it. */
  findVolume(): ShadowVolume | undefined;
}

export class DirectoryCopy {
  readonly #options: DirectoryCopyOptions;
  #volume: ShadowVolume | undefined;
  readonly #links: LinkCopies = new Map();
  /** The writing that is under way. Never rejects. */
  #writing: Promise<void> = Promise.resolve();
  /** The one after that, which has not begun. */
  #next: Promise<void> | undefined;
  #hasReported = false;

  constructor(options: DirectoryCopyOptions) {
    this.#options = options;
  }

  /**
   * Writes what has changed since the last time. What could not be written is tried again the next
   * time.
   *
   * @throws what the directory throws, or `PluginFileError` EFBIG when links make it too much.
   */
  save(): Promise<void> {
    // One after the other: a directory written to by two at once would hold a mixture.
    if (this.#next === undefined) {
      const next = this.#writing.then(() => {
        this.#next = undefined;
        return this.#write();
      });
      this.#next = next;
      this.#writing = next.catch(() => {});
    }
    return this.#next;
  }

  /**
   * The same, where nobody waits for it. What goes wrong the first time is reported as an uncaught
   * error of the page, and no more: a guest could make it so after every call.
   */
  saveUnasked(): void {
    this.save().catch((error: unknown) => {
      if (!this.#hasReported) reportUncaught(error);
      this.#hasReported = true;
    });
  }

  async #write(): Promise<void> {
    const { directory, limits } = this.#options;
    // Kept: it may be unmounted before all is written.
    this.#volume ??= this.#options.findVolume();
    const { nodes, journal } = this.#volume ?? {};
    const touched = journal?.take();
    if (nodes === undefined || touched === undefined || touched.size === 0) return;
    try {
      for (const change of treeChanges(nodes, touched, this.#links, limits)) {
        await writeBack(directory, change);
      }
    } catch (error) {
      journal?.touchAll(touched);
      this.#links.clear();
      const { pluginName } = this.#options;
      throw error instanceof WasiError ? pluginFileError(error, "save", pluginName) : error;
    }
  }
}

/** Takes one step of a copy. */
export async function writeBack(
  root: FileSystemDirectoryHandle,
  change: TreeChange,
): Promise<void> {
  const folders = change.path.split("/");
  const name = folders.pop() ?? "";
  let directory = root;
  for (const folder of folders) {
    directory = await directory.getDirectoryHandle(folder, { create: true });
  }
  switch (change.kind) {
    case "removed":
      return remove(directory, name);
    case "directory":
      await directory.getDirectoryHandle(name, { create: true });
      return undefined;
    case "file": {
      const file = await fileIn(directory, name);
      return write(await file.createWritable(), change);
    }
  }
}

async function write(
  writable: FileSystemWritableFileStream,
  { chunks, size }: Extract<TreeChange, { kind: "file" }>,
): Promise<void> {
  try {
    for (const [index, data] of chunks) {
      await writable.write({ type: "write", position: index * CHUNK_BYTES, data });
    }
    await writable.truncate(size);
    await writable.close();
  } catch (error) {
    // Left open it would keep the file locked, and a copy of it on the disk.
    void writable.abort().catch(() => {});
    throw error;
  }
}

async function remove(directory: FileSystemDirectoryHandle, name: string): Promise<void> {
  try {
    await directory.removeEntry(name, { recursive: true });
  } catch (error) {
    if (!isNamed(error, "NotFoundError")) throw error;
  }
}

/** The file of a name, made if it is missing, also where a directory was. */
async function fileIn(
  directory: FileSystemDirectoryHandle,
  name: string,
): Promise<FileSystemFileHandle> {
  try {
    return await directory.getFileHandle(name, { create: true });
  } catch (error) {
    if (!isNamed(error, "TypeMismatchError")) throw error;
    await remove(directory, name);
    return directory.getFileHandle(name, { create: true });
  }
}

function isNamed(error: unknown, name: string): boolean {
  return error instanceof DOMException && error.name === name;
}
