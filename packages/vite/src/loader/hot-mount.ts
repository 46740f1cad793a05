/** A mount of a plugin whose instances are replaced. */

import type { FileSource, Mount, MountOptions, Plugin } from "cloche";

export class HotMount {
  readonly #path: string;
  readonly #options: MountOptions | undefined;
  /** What the next instance gets. */
  #source: FileSource;
  #mount: Mount | undefined;

  constructor(path: string, source: FileSource, options: MountOptions | undefined) {
    this.#path = path;
    this.#source = source;
    this.#options = options;
  }

  async mountIn(plugin: Plugin): Promise<void> {
    this.#mount = await plugin.mount(this.#path, this.#source, this.#options);
  }

  /** Unmounts the files from an instance, and keeps them as they are by now. */
  async takeFrom(plugin: Plugin): Promise<void> {
    // Those of a persistent mount are in its directory.
    if (this.#options?.persist !== true) this.#source = await plugin.files.snapshot(this.#path);
    await this.unmount();
  }

  async save(): Promise<void> {
    await this.#mount?.save();
  }

  async unmount(): Promise<void> {
    await this.#mount?.unmount();
  }
}
