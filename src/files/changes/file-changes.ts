import type { FileNode } from "../file-node.ts";
import { FileType } from "../file-type.ts";
import type { Part } from "../journal.ts";
import type { MountPoint, Mounts } from "../mounts.ts";
import type { DirectoryNode, Node } from "../node.ts";

/**
 * What changed in a file system between two moments, as plain data that can be posted.
 *
 * Nodes are identified by id, not by path: a moved directory is a change of two names, however much it
 * contains. The changes since the file system was empty are an image of all of it.
 */
export interface FileChanges {
  /** By volume id. */
  readonly volumes: ReadonlyMap<number, VolumeChanges>;
  /** All mounts by volume id, oldest first; `undefined` when nothing was mounted or unmounted. */
  readonly mounts: ReadonlyMap<number, MountPoint> | undefined;
}

/** What changed in one volume. */
export interface VolumeChanges {
  readonly isReadOnly: boolean;
  /** By node id; `undefined` for a node that was removed. */
  readonly nodes: ReadonlyMap<number, NodeChange | undefined>;
}

/** A node that was added or changed. An added node starts empty. */
export type NodeChange = FileChange | DirectoryChange | LinkChange;

/** Nanoseconds since 1970. */
export type Times = readonly [accessed: bigint, modified: bigint, changed: bigint];

interface FileChange {
  readonly kind: "file";
  readonly times: Times;
  readonly size: number;
  /** The chunks that changed, by index; `undefined` for a chunk that became a hole. */
  readonly chunks: ReadonlyMap<number, Uint8Array<ArrayBuffer> | undefined>;
}

interface DirectoryChange {
  readonly kind: "directory";
  readonly times: Times;
  /** The ids that names lead to now; `undefined` for a removed name. Mounts are not included. */
  readonly entries: ReadonlyMap<string, number | undefined>;
}

interface LinkChange {
  readonly kind: "link";
  readonly times: Times;
  readonly target: string;
}

/** Returns the changes of the touched nodes and parts, by volume id. All bytes are copies. */
export function volumeChanges(
  touched: ReadonlyMap<Node, ReadonlySet<Part>>,
  mounts: Mounts,
): ReadonlyMap<number, VolumeChanges> {
  const volumes = new Map<number, VolumeChanges & { nodes: Map<number, NodeChange | undefined> }>();
  for (const [node, parts] of touched) {
    const { id, attached, readOnly } = node.volume;
    if (!attached) continue;
    let changes = volumes.get(id);
    if (changes === undefined) {
      volumes.set(id, (changes = { isReadOnly: readOnly, nodes: new Map() }));
    }
    changes.nodes.set(node.id, node.names === 0 ? undefined : changeOf(node, parts, mounts));
  }
  return volumes;
}

function changeOf(node: Node, parts: ReadonlySet<Part>, mounts: Mounts): NodeChange {
  const times: Times = [node.accessedNs, node.modifiedNs, node.changedNs];
  switch (node.type) {
    case FileType.REGULAR_FILE:
      return { kind: "file", times, size: node.size, chunks: chunksOf(node, parts) };
    case FileType.DIRECTORY:
      return { kind: "directory", times, entries: entriesOf(node, parts, mounts) };
    case FileType.SYMBOLIC_LINK:
      return { kind: "link", times, target: node.target };
  }
}

function chunksOf(
  file: FileNode,
  parts: ReadonlySet<Part>,
): Map<number, Uint8Array<ArrayBuffer> | undefined> {
  return new Map(
    Array.from(parts as ReadonlySet<number>, (index) => [index, file.copyChunk(index)]),
  );
}

function entriesOf(
  directory: DirectoryNode,
  parts: ReadonlySet<Part>,
  mounts: Mounts,
): Map<string, number | undefined> {
  return new Map(
    Array.from(parts as ReadonlySet<string>, (name) => [name, mounts.beneath(directory, name)?.id]),
  );
}
