/** Trees of files that stand in a plugin's file system for a while. */

import type { TreeChange } from "../wasi/tree-changes.ts";
import { type FileSource, isDirectoryHandle, treeOf } from "./file-source.ts";
import type { Isolate } from "./isolate.ts";

export interface MountOptions {
  /** Whether the guest may only read. Default: `false`. */
  readonly readOnly?: boolean;
  /**
   * Writes what changed back to the directory that `source` is a handle to (one of OPFS, for
   * example): after every call that has completed, and when the mount or the plugin is closed. What a
   * call that failed has changed is not written. Default: `false`.
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

/** The mounts of one plugin that write back what the guest changes. */
export class PersistentMounts {
  readonly #mounts: Set<Mount> = new Set();

  add(mount: Mount): void {
    this.#mounts.add(mount);
  }

  delete(mount: Mount): void {
    this.#mounts.delete(mount);
  }

  /** Saves them all. */
  async save(): Promise<void> {
    if (this.#mounts.size === 0) return;
    await Promise.all([...this.#mounts].map((mount) => mount.save()));
  }
}

/** Mounts a source. See `Plugin.mount`. */
export async function createMount(
  isolate: Isolate,
  persistent: PersistentMounts,
  path: string,
  source: FileSource,
  { readOnly = false, persist = false }: MountOptions,
): Promise<Mount> {
  const target = persist ? persistTarget(source) : undefined;
  const tree = await treeOf(source);
  const id = await isolate.request((remote) => remote.mount(path, tree, readOnly));
  let isMounted = true;
  let saving: Promise<void> = Promise.resolve();

  const save = () => {
    if (target === undefined || !isMounted) return saving;
    // One after the other: a directory written to by two at once would hold a mixture.
    saving = saving.then(async () => {
      if (!isMounted) return;
      const changes = await isolate.request((remote) => remote.changes(id));
      for (const change of changes) await writeBack(target, change);
    });
    return saving;
  };
  const unmount = async () => {
    await save();
    if (!isMounted) return;
    isMounted = false;
    persistent.delete(mount);
    // A plugin that is gone has no mounts.
    if (isolate.reason === undefined) await isolate.request((remote) => remote.unmount(id));
  };
  const mount: Mount = { path, save, unmount, [Symbol.asyncDispose]: unmount };
  if (target !== undefined) persistent.add(mount);
  return mount;
}

function persistTarget(source: FileSource): FileSystemDirectoryHandle {
  if (isDirectoryHandle(source)) return source;
  throw new TypeError(
    "Cannot persist mount: its source has nothing to write back to, expected a FileSystemDirectoryHandle",
  );
}

async function writeBack(root: FileSystemDirectoryHandle, change: TreeChange): Promise<void> {
  const folders = change.path.split("/");
  const name = folders.pop() ?? "";
  let directory = root;
  for (const folder of folders)
    directory = await directory.getDirectoryHandle(folder, { create: true });
  switch (change.kind) {
    case "removed":
      return directory.removeEntry(name, { recursive: true });
    case "directory":
      await directory.getDirectoryHandle(name, { create: true });
      return undefined;
    case "file": {
      const file = await directory.getFileHandle(name, { create: true });
      const writable = await file.createWritable();
      await writable.write(change.bytes as Uint8Array<ArrayBuffer>);
      return writable.close();
    }
  }
}
