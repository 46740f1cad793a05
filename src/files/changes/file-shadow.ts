import type { Limits } from "../../limits.ts";
import { Errno } from "../errno.ts";
import { CHUNK_BYTES } from "../file-content.ts";
import { Journal } from "../journal.ts";
import type { MountPoint } from "../mounts.ts";
import { utf8Length } from "../utf8.ts";
import { MAX_FILE_BYTES, ROOT_VOLUME } from "../volume.ts";
import { WasiError } from "../wasi-error.ts";
import type { FileChanges, NodeChange, VolumeChanges } from "./file-changes.ts";
import {
  add,
  applyTo,
  prune,
  type ShadowNode,
  type ShadowVolume,
  type Sums,
} from "./shadow-volume.ts";

type ShadowLimits = Pick<
  Limits,
  "fileBytes" | "inodes" | "nameBytes" | "pathBytes" | "directoryDepth"
>;

/** How a volume is followed. */
interface FollowOptions {
  /** Whether its shadow has a journal, for somebody to follow in turn. */
  readonly isJournaled: boolean;
  /** Whether nothing in it changes once it has been told of. Default: `false`. */
  readonly isReadOnly?: boolean;
}

/** A volume that is followed; it has no shadow until something has been told of it. */
interface Followed {
  readonly isJournaled: boolean;
  readonly isReadOnly: boolean;
  shadow: ShadowVolume | undefined;
}

/**
 * What the file system of another thread was when it last told what had changed: enough to make
 * another one that is the same.
 *
 * That thread may lie. What it tells is taken as long as it is bounded; whether it is a tree at all
 * is for those to see who walk it. What is no part of one is taken out before another file system is
 * made of it: so both know the same, and what that one tells can be true.
 */
export class FileShadow {
  readonly #limits: ShadowLimits;
  readonly #followed: Map<number, Followed> = new Map();
  #mounts: ReadonlyMap<number, MountPoint> = new Map();
  #sums: Sums = { bytes: 0, nodes: 0, entries: 0 };

  constructor(limits: ShadowLimits) {
    this.#limits = limits;
  }

  /**
   * Takes what is told of a volume from now on. What is told of others is passed over.
   */
  follow(volume: number, { isJournaled, isReadOnly = false }: FollowOptions): void {
    this.#followed.set(volume, { isJournaled, isReadOnly, shadow: undefined });
  }

  /** Forgets a volume, and follows it no longer. */
  forget(volume: number): void {
    for (const node of this.volume(volume)?.nodes.values() ?? []) add(this.#sums, node, undefined);
    this.#followed.delete(volume);
  }

  /** A volume that is followed, once something has been told of it. */
  volume(volume: number): ShadowVolume | undefined {
    return this.#followed.get(volume)?.shadow;
  }

  /**
   * Takes changes over. Their bytes are given up.
   *
   * @throws WasiError EINVAL, ENOSPC when they can't be true; then no node is taken over.
   */
  apply({ volumes, mounts }: FileChanges): void {
    if (mounts !== undefined) this.#applyMounts(mounts);
    const sums = { ...this.#sums };
    const followed = [...volumes].flatMap(([id, changes]) => {
      const volume = this.#followed.get(id);
      return volume === undefined || volume.shadow?.isReadOnly ? [] : [{ volume, changes }];
    });
    for (const { volume, changes } of followed) {
      if (changes.isReadOnly !== volume.isReadOnly) throw new WasiError(Errno.EINVAL);
      for (const [id, change] of changes.nodes) {
        const node = volume.shadow?.nodes.get(id);
        if (change !== undefined) this.#check(change, node);
        add(sums, node, change);
      }
    }
    const { fileBytes, inodes } = this.#limits;
    const isWithin = sums.bytes <= fileBytes && sums.entries <= inodes;
    // Every node has a name, but for the roots.
    if (!isWithin || sums.nodes > inodes + this.#followed.size) throw new WasiError(Errno.ENOSPC);

    this.#sums = sums;
    for (const { volume, changes } of followed) {
      const { isReadOnly, isJournaled } = volume;
      const journal = isJournaled ? new Journal<ShadowNode>() : undefined;
      volume.shadow ??= { isReadOnly, nodes: new Map(), journal };
      applyTo(volume.shadow, changes);
    }
  }

  /**
   * All that there is, as changes to an empty file system; what makes no sense is forgotten first.
   * The bytes stay this one's.
   */
  image(): FileChanges {
    this.#prune();
    const volumes = new Map<number, VolumeChanges>();
    for (const [id, { shadow }] of this.#followed) {
      if (shadow === undefined) continue;
      volumes.set(id, { isReadOnly: shadow.isReadOnly, nodes: shadow.nodes });
    }
    return { volumes, mounts: this.#mounts };
  }

  /** Forgets what does not lead to `/`, nodes as well as volumes. */
  #prune(): void {
    const mounts = new Map<number, MountPoint>();
    const numbers = new Map<number, ReadonlyMap<number, number>>();
    for (const [id, { shadow }] of this.#followed) {
      if (shadow !== undefined) numbers.set(id, prune(shadow, this.#sums, this.#limits));
    }
    for (const [id, { volume, directory, name }] of this.#mounts) {
      const point = { volume, directory: numbers.get(volume)?.get(directory) ?? directory, name };
      // They are in the order in which they were made: what one stands in was there before it.
      const isWithin = volume === ROOT_VOLUME || mounts.has(volume);
      if (id !== ROOT_VOLUME && isWithin && numbers.has(id) && this.#isPlace(point)) {
        mounts.set(id, point);
      }
    }
    for (const id of numbers.keys()) if (id !== ROOT_VOLUME && !mounts.has(id)) this.forget(id);
    this.#mounts = mounts;
  }

  /** Whether something can be mounted there. */
  #isPlace({ volume, directory, name }: MountPoint): boolean {
    const nodes = this.volume(volume)?.nodes;
    const node = nodes?.get(directory);
    if (node?.kind !== "directory") return false;
    const covered = nodes?.get(node.entries.get(name) ?? 0);
    return covered === undefined || covered.kind === "directory";
  }

  /** @throws WasiError EINVAL */
  #check(change: NodeChange, node: ShadowNode | undefined): void {
    if (node !== undefined && node.kind !== change.kind) throw new WasiError(Errno.EINVAL);
    if (change.kind === "file") assertChunks(change.size, change.chunks);
    if (change.kind === "directory") {
      for (const name of change.entries.keys()) this.#checkName(name);
    }
    if (change.kind === "link") {
      const { pathBytes } = this.#limits;
      if (utf8Length(change.target, pathBytes) > pathBytes) throw new WasiError(Errno.EINVAL);
    }
  }

  #checkName(name: string): void {
    const { nameBytes } = this.#limits;
    if (utf8Length(name, nameBytes) > nameBytes) throw new WasiError(Errno.EINVAL);
  }

  /** A volume that is mounted no longer is gone, whoever unmounted it: mounts take those within along. */
  #applyMounts(mounts: ReadonlyMap<number, MountPoint>): void {
    const points = [...mounts].filter(([id]) => this.#followed.has(id));
    for (const [, { name }] of points) this.#checkName(name);
    for (const id of this.#mounts.keys()) if (!mounts.has(id)) this.forget(id);
    this.#mounts = new Map(points);
  }
}

/** @throws WasiError EINVAL when chunks lie outside of the file. */
function assertChunks(size: number, chunks: ReadonlyMap<number, Uint8Array | undefined>): void {
  if (size > MAX_FILE_BYTES) throw new WasiError(Errno.EINVAL);
  for (const [index, bytes] of chunks) {
    const room = Math.min(size - index * CHUNK_BYTES, CHUNK_BYTES);
    if (bytes !== undefined && bytes.length > room) throw new WasiError(Errno.EINVAL);
  }
}
