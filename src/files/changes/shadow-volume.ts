import type { Limits } from "../../limits.ts";
import { CHUNK_BYTES } from "../file-content.ts";
import type { Journal } from "../journal.ts";
import { encodeUtf8 } from "../utf8.ts";
import { ROOT_NODE } from "../volume.ts";
import type { NodeChange, Times, VolumeChanges } from "./file-changes.ts";
import { reachableNames } from "./image.ts";

/** A file as last reported. Its chunks are replaced, never overwritten. */
export interface ShadowFile {
  readonly kind: "file";
  times: Times;
  size: number;
  readonly chunks: Map<number, Uint8Array<ArrayBuffer>>;
}

/** A directory as last reported: its names, and the ids of the nodes that they lead to. */
export interface ShadowDirectory {
  readonly kind: "directory";
  times: Times;
  readonly entries: Map<string, number>;
}

/** A symbolic link as last reported. */
export interface ShadowLink {
  readonly kind: "link";
  times: Times;
  target: string;
}

export type ShadowNode = ShadowFile | ShadowDirectory | ShadowLink;

/** A volume as last reported. */
export interface ShadowVolume {
  /** Whether it never changes again. */
  readonly isReadOnly: boolean;
  readonly nodes: Map<number, ShadowNode>;
  /** Records what changes in it, for a copy of the volume elsewhere. */
  readonly journal: Journal<ShadowNode> | undefined;
}

/** The total usage of a shadow. */
export interface Sums {
  bytes: number;
  nodes: number;
  entries: number;
}

/** A node with a larger id gets a new one in a restored volume, so that it never runs out of ids. */
const MAX_NODE_ID = 2 ** 52;

/** Applies changes that were checked. */
export function applyChanges(shadow: ShadowVolume, { nodes: changes }: VolumeChanges): void {
  for (const [id, change] of changes) {
    if (change === undefined) {
      const removed = shadow.nodes.get(id);
      if (removed !== undefined) shadow.journal?.remove(removed);
      shadow.nodes.delete(id);
      continue;
    }
    let node = shadow.nodes.get(id);
    if (node === undefined) {
      shadow.nodes.set(id, (node = emptyNode(change)));
      shadow.journal?.add(node);
    }
    changeNode(node, change, shadow.journal);
  }
}

/**
 * Removes everything that {@link reachableNames} leaves out. Nodes get new ids when one is too large.
 *
 * @returns The new ids by old id, if there are any.
 */
export function prune(
  { nodes, journal }: ShadowVolume,
  sums: Sums,
  limits: Pick<Limits, "directoryDepth">,
): ReadonlyMap<number, number> {
  const reachable = new Set(nodes.get(ROOT_NODE)?.kind === "directory" ? [ROOT_NODE] : []);
  const names = new Map<number, Set<string>>();
  for (const { directoryId, name, id } of reachableNames(nodes, limits)) {
    reachable.add(id);
    const others = names.get(directoryId);
    if (others === undefined) names.set(directoryId, new Set([name]));
    else others.add(name);
  }
  for (const [id, node] of nodes) {
    if (!reachable.has(id)) {
      countChange(sums, node, undefined);
      nodes.delete(id);
    } else if (node.kind === "directory") {
      for (const name of node.entries.keys()) {
        if (names.get(id)?.has(name) === true) continue;
        node.entries.delete(name);
        journal?.remove(node, name);
        sums.entries--;
      }
    }
  }
  const ids = [...reachable];
  if (ids.every((id) => id <= MAX_NODE_ID)) return new Map();
  const newIds = new Map(ids.map((id, index) => [id, ROOT_NODE + index]));
  renumber(nodes, newIds);
  return newIds;
}

function renumber(nodes: Map<number, ShadowNode>, newIds: ReadonlyMap<number, number>): void {
  const all = [...nodes];
  nodes.clear();
  for (const [id, node] of all) {
    nodes.set(newIds.get(id) ?? id, node);
    if (node.kind !== "directory") continue;
    for (const [name, id] of node.entries) node.entries.set(name, newIds.get(id) ?? id);
  }
}

/** Updates the usage for a node that is added, changed or removed. */
export function countChange(
  sums: Sums,
  node: ShadowNode | undefined,
  change: NodeChange | undefined,
): void {
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

/** Applies a change to a node of the same kind. */
function changeNode(
  node: ShadowNode,
  change: NodeChange,
  journal: Journal<ShadowNode> | undefined,
): void {
  node.times = change.times;
  if (node.kind === "link" && change.kind === "link") node.target = change.target;
  if (node.kind === "directory" && change.kind === "directory") {
    for (const [name, id] of change.entries) {
      if (id === undefined) journal?.remove(node, name);
      else if (node.entries.has(name)) journal?.touch(node, name);
      else journal?.add(node, name);
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

/** Drops the bytes beyond the end of a file. */
function cutOff({ size, chunks }: ShadowFile): void {
  for (const [index, bytes] of chunks) {
    const room = size - index * CHUNK_BYTES;
    if (room <= 0) chunks.delete(index);
    else if (bytes.length > room) chunks.set(index, bytes.slice(0, room));
  }
}
