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
  applyChanges,
  countChange,
  prune,
  type ShadowNode,
  type ShadowVolume,
  type Sums,
} from "./shadow-volume.ts";

type ShadowLimits = Pick<
  Limits,
  "fileBytes" | "inodes" | "nameBytes" | "pathBytes" | "directoryDepth"
>;

/** How to follow a volume. */
interface FollowOptions {
  /** Whether its shadow gets a journal, for a copy of the volume elsewhere. */
  readonly isJournaled: boolean;
  /** Whether it never changes after it was first reported. Default: `false`. */
  readonly isReadOnly?: boolean;
}

/** A followed volume. It has no shadow until it is first reported. */
interface Followed {
  readonly isJournaled: boolean;
  readonly isReadOnly: boolean;
  shadow: ShadowVolume | undefined;
}

/**
 * A copy of the file system of another thread, as of its last report. It is complete, so that a new
 * file system can be created from it.
 *
 * The other thread may be hostile. Reports are accepted as long as they keep to the limits, even if they
 * do not describe a tree. {@link image} removes what is no part of a tree, so that this copy and the file
 * system created from it have the same content, and honest reports of that one are accepted.
 */
export class FileShadow {
  readonly #limits: ShadowLimits;
  readonly #followed: Map<number, Followed> = new Map();
  #mounts: ReadonlyMap<number, MountPoint> = new Map();
  #sums: Sums = { bytes: 0, nodes: 0, entries: 0 };

  constructor(limits: ShadowLimits) {
    this.#limits = limits;
  }

  /** Accepts reports on a volume from now on. Reports on other volumes are ignored. */
  follow(volume: number, { isJournaled, isReadOnly = false }: FollowOptions): void {
    this.#followed.set(volume, { isJournaled, isReadOnly, shadow: undefined });
  }

  /** Stops following a volume and drops its shadow. */
  forget(volume: number): void {
    for (const node of this.volume(volume)?.nodes.values() ?? [])
      countChange(this.#sums, node, undefined);
    this.#followed.delete(volume);
  }

  /** Returns the shadow of a followed volume, once the volume was reported. */
  volume(volume: number): ShadowVolume | undefined {
    return this.#followed.get(volume)?.shadow;
  }

  /**
   * Applies reported changes, and owns their bytes from then on.
   *
   * @throws WasiError EINVAL, ENOSPC when no honest worker can report them; then no node changes.
   */
  apply({ volumes, mounts }: FileChanges): void {
    if (mounts !== undefined) this.#applyMounts(mounts);
    const sums = { ...this.#sums };
    const followed = [...volumes].flatMap(([id, changes]) => {
      const volume = this.#followed.get(id);
      return volume === undefined || volume.shadow?.isReadOnly ? [] : [{ volume, changes }];
    });
    const buffers = new Set<ArrayBufferLike>();
    for (const { volume, changes } of followed) {
      if (changes.isReadOnly !== volume.isReadOnly) throw new WasiError(Errno.EINVAL);
      for (const [id, change] of changes.nodes) {
        const node = volume.shadow?.nodes.get(id);
        if (change?.kind === "file") assertUnshared(change.chunks, buffers);
        if (change !== undefined) this.#check(change, node);
        countChange(sums, node, change);
      }
    }
    const { fileBytes, inodes } = this.#limits;
    const isWithin = sums.bytes <= fileBytes && sums.entries <= inodes;
    // Every node except a root has a name.
    if (!isWithin || sums.nodes > inodes + this.#followed.size) throw new WasiError(Errno.ENOSPC);

    this.#sums = sums;
    for (const { volume, changes } of followed) {
      const { isReadOnly, isJournaled } = volume;
      const journal = isJournaled ? new Journal<ShadowNode>() : undefined;
      volume.shadow ??= { isReadOnly, nodes: new Map(), journal };
      applyChanges(volume.shadow, changes);
    }
  }

  /**
   * Returns the whole file system as changes to an empty one, after dropping what is no part of a tree.
   * The image shares its bytes with this shadow.
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

  /** Drops nodes and volumes that are not reachable from `/`. */
  #prune(): void {
    const mounts = new Map<number, MountPoint>();
    const newIds = new Map<number, ReadonlyMap<number, number>>();
    for (const [id, { shadow }] of this.#followed) {
      if (shadow !== undefined) newIds.set(id, prune(shadow, this.#sums, this.#limits));
    }
    for (const [id, { volume, directory, name }] of this.#mounts) {
      const point = { volume, directory: newIds.get(volume)?.get(directory) ?? directory, name };
      // Mounts are listed oldest first, so the volume around a mount comes before it.
      const isWithin = volume === ROOT_VOLUME || mounts.has(volume);
      if (id !== ROOT_VOLUME && isWithin && newIds.has(id) && this.#canMount(point)) {
        mounts.set(id, point);
      }
    }
    for (const id of newIds.keys()) if (id !== ROOT_VOLUME && !mounts.has(id)) this.forget(id);
    this.#mounts = mounts;
  }

  /** Whether a volume can be mounted at a point. */
  #canMount({ volume, directory, name }: MountPoint): boolean {
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

  /** Drops every volume that is no longer mounted: unmounting one also unmounts those within it. */
  #applyMounts(mounts: ReadonlyMap<number, MountPoint>): void {
    const points = [...mounts].filter(([id]) => this.#followed.has(id));
    for (const [, { name }] of points) this.#checkName(name);
    for (const id of this.#mounts.keys()) if (!mounts.has(id)) this.forget(id);
    this.#mounts = new Map(points);
  }
}

/** @throws WasiError EINVAL when a chunk is not within the file. */
function assertChunks(size: number, chunks: ReadonlyMap<number, Uint8Array | undefined>): void {
  if (size > MAX_FILE_BYTES) throw new WasiError(Errno.EINVAL);
  for (const [index, bytes] of chunks) {
    const room = Math.min(size - index * CHUNK_BYTES, CHUNK_BYTES);
    if (bytes !== undefined && bytes.length > room) throw new WasiError(Errno.EINVAL);
  }
}

/** @throws WasiError EINVAL when two chunks share a buffer: to write to one would change the other. */
function assertUnshared(
  chunks: ReadonlyMap<number, Uint8Array | undefined>,
  buffers: Set<ArrayBufferLike>,
): void {
  for (const bytes of chunks.values()) {
    if (bytes === undefined) continue;
    if (buffers.has(bytes.buffer)) throw new WasiError(Errno.EINVAL);
    buffers.add(bytes.buffer);
  }
}
