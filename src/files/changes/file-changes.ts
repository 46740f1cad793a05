import { FileType } from "../file-type.ts";
import type { Part } from "../journal.ts";
import type { MountPoint, Mounts } from "../mounts.ts";
import type { DirectoryNode, FileNode, Node } from "../node.ts";

/**
 * What has changed in a file system from one moment to a later one, as plain data that can be posted.
 *
 * Nodes are known by their numbers, not by paths: a directory that was moved is two names, whatever
 * is in it. Seen from an empty file system, it is all that there is.
 */
export interface FileChanges {
  /** By the volumes' numbers. */
  readonly volumes: ReadonlyMap<number, VolumeChanges>;
  /** All mounts by their volumes, in the order they were made, when any has come or gone. */
  readonly mounts: ReadonlyMap<number, MountPoint> | undefined;
}

/** What has changed in one volume. */
export interface VolumeChanges {
  readonly isReadOnly: boolean;
  /** By the nodes' numbers; `undefined` for one that is gone. */
  readonly nodes: ReadonlyMap<number, NodeChange | undefined>;
}

/** A node that is new or has changed. A new one starts empty. */
export type NodeChange = FileChange | DirectoryChange | LinkChange;

/** Nanoseconds since 1970. */
export type Times = readonly [accessed: bigint, modified: bigint, changed: bigint];

interface FileChange {
  readonly kind: "file";
  readonly times: Times;
  readonly size: number;
  /** Chunks that were written to, by their places; `undefined` for one that is a hole now. */
  readonly chunks: ReadonlyMap<number, Uint8Array<ArrayBuffer> | undefined>;
}

interface DirectoryChange {
  readonly kind: "directory";
  readonly times: Times;
  /** Names that lead to another node now, or to none. What is mounted here is not among them. */
  readonly entries: ReadonlyMap<string, number | undefined>;
}

interface LinkChange {
  readonly kind: "link";
  readonly times: Times;
  readonly target: string;
}

/** What has become of nodes and their parts that were touched, by volume. All bytes are copies. */
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
