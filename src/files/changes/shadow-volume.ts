import type { Limits } from "../../limits.ts";
import { CHUNK_BYTES } from "../file-content.ts";
import type { Journal } from "../journal.ts";
import { encodeUtf8 } from "../utf8.ts";
import { ROOT_NODE } from "../volume.ts";
import type { NodeChange, Times, VolumeChanges } from "./file-changes.ts";
import { soundNames } from "./image.ts";

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
export interface Sums {
  bytes: number;
  nodes: number;
  entries: number;
}

/** The largest number that a node keeps from one life to the next: later ones have as many again. */
const MAX_NODE = 2 ** 52;

/** Takes changes over, which have been checked. */
export function applyTo(shadow: ShadowVolume, { nodes: changes }: VolumeChanges): void {
  for (const [id, change] of changes) {
    if (change === undefined) {
      const gone = shadow.nodes.get(id);
      if (gone !== undefined) shadow.journal?.remove(gone);
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
 * Takes out what makes no sense: what {@link soundNames} leave out. Where somebody has used the numbers
 * up, nodes get others.
 *
 * @returns The numbers of those that have others now, by what they were.
 */
export function prune(
  { nodes, journal }: ShadowVolume,
  sums: Sums,
  limits: Pick<Limits, "directoryDepth">,
): ReadonlyMap<number, number> {
  const sound = new Set(nodes.get(ROOT_NODE)?.kind === "directory" ? [ROOT_NODE] : []);
  const names = new Map<number, Set<string>>();
  for (const { directoryId, name, id } of soundNames(nodes, limits)) {
    sound.add(id);
    const others = names.get(directoryId);
    if (others === undefined) names.set(directoryId, new Set([name]));
    else others.add(name);
  }
  for (const [id, node] of nodes) {
    if (!sound.has(id)) {
      add(sums, node, undefined);
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
  const ids = [...sound];
  if (ids.every((id) => id <= MAX_NODE)) return new Map();
  const numbers = new Map(ids.map((id, index) => [id, ROOT_NODE + index]));
  renumber(nodes, numbers);
  return numbers;
}

function renumber(nodes: Map<number, ShadowNode>, numbers: ReadonlyMap<number, number>): void {
  const all = [...nodes];
  nodes.clear();
  for (const [id, node] of all) {
    nodes.set(numbers.get(id) ?? id, node);
    if (node.kind !== "directory") continue;
    for (const [name, id] of node.entries) node.entries.set(name, numbers.get(id) ?? id);
  }
}

/** Counts a node that becomes another one, comes or goes. */
export function add(
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

/** Drops what lies beyond the end. */
function cutOff({ size, chunks }: ShadowFile): void {
  for (const [index, bytes] of chunks) {
    const room = size - index * CHUNK_BYTES;
    if (room <= 0) chunks.delete(index);
    else if (bytes.length > room) chunks.set(index, bytes.slice(0, room));
  }
}
