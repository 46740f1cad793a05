import type { Limits } from "../limits.ts";
import { Errno } from "./errno.ts";
import type { FileChanges, NodeChange, Times, VolumeChanges } from "./file-changes.ts";
import { CHUNK_BYTES } from "./file-content.ts";
import { Journal } from "./journal.ts";
import type { MountPoint } from "./mount.ts";
import { encodeUtf8, utf8Length } from "./utf8.ts";
import { MAX_FILE_BYTES } from "./volume.ts";
import { WasiError } from "./wasi-error.ts";

/** A file as it was last told of. Its chunks are replaced, never written to. */
export interface ShadowFile {
  readonly kind: "file";
  times: Times;
  size: number;
  readonly chunks: Map<number, Uint8Array<ArrayBuffer>>;
}

/** A directory as it was last told of: its names, and the numbers of the nodes they lead to. */
export interface ShadowDirectory {
  readonly kind: "directory";
  times: Times;
  readonly entries: Map<string, number>;
}

/** A symbolic link as it was last told of. */
export interface ShadowLink {
  readonly kind: "link";
  times: Times;
  target: string;
}

export type ShadowNode = ShadowFile | ShadowDirectory | ShadowLink;

/** A volume as it was last told of. */
export interface ShadowVolume {
  /** Whether nothing in it changes any more. */
  readonly isReadOnly: boolean;
  readonly nodes: Map<number, ShadowNode>;
  /** What has changed in it, for whoever follows. */
  readonly journal: Journal<ShadowNode> | undefined;
}

/** What all that is in a shadow comes to. */
interface Sums {
  bytes: number;
  nodes: number;
  entries: number;
}

/** A volume that is followed; it has no shadow until something has been told of it. */
interface Followed {
  readonly isJournaled: boolean;
  shadow: ShadowVolume | undefined;
}

/**
 * What the file system of another thread was when it last told what had changed: enough to make
 * another one that is the same.
 *
 * That thread may lie. What it tells is taken as long as it is bounded; whether it is a tree at all
 * is for those to see who walk it.
 */
export class FileShadow {
  readonly #limits: Pick<Limits, "fileBytes" | "inodes" | "nameBytes" | "pathBytes">;
  readonly #followed: Map<number, Followed> = new Map();
  #mounts: ReadonlyMap<number, MountPoint> = new Map();
  #sums: Sums = { bytes: 0, nodes: 0, entries: 0 };

  constructor(limits: Pick<Limits, "fileBytes" | "inodes" | "nameBytes" | "pathBytes">) {
    this.#limits = limits;
  }

  /**
   * Takes what is told of a volume from now on. What is told of others is passed over.
   *
   * @param options `isJournaled`: whether its shadow has a journal, for somebody to follow in turn.
   */
  follow(volume: number, { isJournaled }: { readonly isJournaled: boolean }): void {
    this.#followed.set(volume, { isJournaled, shadow: undefined });
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
    for (const { volume, changes } of followed) applyTo(volume, changes);
  }

  /** All that there is, as changes to an empty file system. The bytes stay this one's. */
  image(): FileChanges {
    const volumes = new Map<number, VolumeChanges>();
    for (const [id, { shadow }] of this.#followed) {
      if (shadow === undefined) continue;
      volumes.set(id, { isReadOnly: shadow.isReadOnly, nodes: shadow.nodes });
    }
    const mounts = new Map([...this.#mounts].filter(([id]) => volumes.has(id)));
    return { volumes, mounts };
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

function applyTo(volume: Followed, { isReadOnly, nodes: changes }: VolumeChanges): void {
  const journal = volume.isJournaled ? new Journal<ShadowNode>() : undefined;
  const shadow = (volume.shadow ??= { isReadOnly, nodes: new Map(), journal });
  for (const [id, change] of changes) {
    if (change === undefined) {
      shadow.nodes.delete(id);
      continue;
    }
    let node = shadow.nodes.get(id);
    if (node === undefined) shadow.nodes.set(id, (node = emptyNode(change)));
    changeNode(node, change, shadow.journal);
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

/** Counts a node that becomes another one, comes or goes. */
function add(sums: Sums, node: ShadowNode | undefined, change: NodeChange | undefined): void {
  sums.bytes += bytesOf(change) - bytesOf(node);
  sums.nodes += Number(change !== undefined) - Number(node !== undefined);
  const entries = node?.kind === "directory" ? node.entries : undefined;
  if (change === undefined) sums.entries -= entries?.size ?? 0;
  if (change?.kind !== "directory") return;
  for (const [name, id] of change.entries) {
    sums.entries += Number(id !== undefined) - Number(entries?.has(name) ?? false);
  }
}

function bytesOf(node: ShadowNode | NodeChange | undefined): number {
  if (node?.kind === "file") return node.size;
  return node?.kind === "link" ? encodeUtf8(node.target).length : 0;
}

function emptyNode({ kind, times }: NodeChange): ShadowNode {
  switch (kind) {
    case "file":
      return { kind, times, size: 0, chunks: new Map() };
    case "directory":
      return { kind, times, entries: new Map() };
    case "link":
      return { kind, times, target: "" };
  }
}

/** Changes a node of the same kind. */
function changeNode(
  node: ShadowNode,
  change: NodeChange,
  journal: Journal<ShadowNode> | undefined,
): void {
  node.times = change.times;
  if (node.kind === "link" && change.kind === "link") node.target = change.target;
  if (node.kind === "directory" && change.kind === "directory") {
    for (const [name, id] of change.entries) {
      journal?.touch(node, name);
      if (id === undefined) node.entries.delete(name);
      else node.entries.set(name, id);
    }
  }
  if (node.kind === "file" && change.kind === "file") {
    if (change.chunks.size > 0 || change.size !== node.size) journal?.touch(node);
    for (const [index, bytes] of change.chunks) {
      if (bytes === undefined) node.chunks.delete(index);
      else node.chunks.set(index, bytes);
    }
    const isShorter = change.size < node.size;
    node.size = change.size;
    if (isShorter) cutOff(node);
  }
}

/** Drops what lies beyond the end. */
function cutOff({ size, chunks }: ShadowFile): void {
  for (const [index, bytes] of chunks) {
    const room = size - index * CHUNK_BYTES;
    if (room <= 0) chunks.delete(index);
    else if (bytes.length > room) chunks.set(index, bytes.slice(0, room));
  }
}
