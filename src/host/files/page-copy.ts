/** The page's copy of a plugin's files. */

import type { FileChanges } from "../../files/changes/file-changes.ts";
import { FileShadow } from "../../files/changes/file-shadow.ts";
import type { ShadowVolume } from "../../files/changes/shadow-volume.ts";
import { ROOT_VOLUME } from "../../files/volume.ts";
import type { Limits } from "../../limits.ts";

/**
 * Follows what a worker reports about its files: about all of them, so that a fresh instance gets
 * them, or about mounts that persist. Numbers the volumes of mounts.
 */
export class PageCopy {
  readonly limits: Limits;
  /** Whether it has all files, and not only those of persistent mounts. */
  readonly isWhole: boolean;
  readonly #shadow: FileShadow;
  #lastVolume = ROOT_VOLUME;

  constructor(limits: Limits, { isWhole }: { readonly isWhole: boolean }) {
    this.limits = limits;
    this.isWhole = isWhole;
    this.#shadow = new FileShadow(limits);
    if (isWhole) this.#shadow.follow(ROOT_VOLUME, { isJournaled: false });
  }

  /** Applies what has changed in the plugin's files. @throws WasiError when it can't be true */
  apply(changes: FileChanges): void {
    this.#shadow.apply(changes);
  }

  /** Returns all files as a fresh instance is started with. */
  image(): FileChanges {
    return this.#shadow.image();
  }

  /** Returns the number of a new mount's volume, which is followed if its files are to be known here. */
  addVolume(options: { readonly isJournaled: boolean; readonly isReadOnly: boolean }): number {
    const volume = ++this.#lastVolume;
    if (options.isJournaled || this.isWhole) this.#shadow.follow(volume, options);
    return volume;
  }

  /** Returns what is known of a volume, from when the plugin has reported it. */
  findVolume(volume: number): ShadowVolume | undefined {
    return this.#shadow.volume(volume);
  }

  /**
   * Forgets that a volume has changed: what a mount has from the start is in its directory already.
   * While a call runs nothing has been reported yet, and all of it is written at the end of the call.
   */
  forgetChanges(volume: number): void {
    this.findVolume(volume)?.journal?.take();
  }

  removeVolume(volume: number): void {
    this.#shadow.forget(volume);
  }
}
