import type { ChangeLog } from "./journal.ts";
import type { Volume } from "./volume.ts";

/** What files of all types have in common. Times are nanoseconds since 1970. */
export abstract class Inode {
  readonly volume: Volume;
  /** Identifies the node within its volume. */
  readonly id: number;
  #names = 0;
  /** The number of descriptors that are open on the node. */
  descriptors = 0;
  accessedNs: bigint;
  modifiedNs: bigint;
  changedNs: bigint;

  constructor(volume: Volume, nowNs: bigint, id: number = volume.nextInode()) {
    this.volume = volume;
    this.id = id;
    this.accessedNs = nowNs;
    this.modifiedNs = nowNs;
    this.changedNs = nowNs;
  }

  /** The number of names that lead to the node. Once it drops to 0, it stays there. */
  get names(): number {
    return this.#names;
  }

  /** Counts one more name. */
  addName(): void {
    if (this.#names++ === 0) this.volume.journal?.add(this);
  }

  /** Counts one name less. */
  removeName(): void {
    if (--this.#names === 0) this.volume.journal?.remove(this);
  }

  /** Records that the content changed. */
  modified(nowNs: bigint): void {
    this.modifiedNs = nowNs;
    this.changed(nowNs);
  }

  /** Records that the metadata changed: names or times. */
  changed(nowNs: bigint): void {
    this.changedNs = nowNs;
    this.journal?.touch(this);
  }

  /** Where changes are recorded: nowhere for a node without a name, which goes with its descriptors. */
  protected get journal(): ChangeLog | undefined {
    return this.#names > 0 ? this.volume.journal : undefined;
  }

  /** Frees the content, once no name and no descriptor leads to the node. */
  abstract release(): void;
}
