import { FileNode } from "../file-node.ts";
import { FileType } from "../file-type.ts";
import type { Mounts, Unmount } from "../mounts.ts";
import { DirectoryNode, LinkNode, type Node } from "../node.ts";
import type { NodeTree } from "../node-tree.ts";
import { ROOT_VOLUME } from "../volume.ts";
import type { FileChanges, NodeChange, Times, VolumeChanges } from "./file-changes.ts";
import { makeNodes } from "./image.ts";

/**
 * Fills an empty file system from an image, which must be valid: see `FileShadow.image`. The file system
 * owns the bytes of the image from then on.
 *
 * @returns The functions that unmount each mount, by volume id.
 */
export function restoreFiles(
  tree: NodeTree,
  mounts: Mounts,
  image: FileChanges,
  options: { readonly isJournaled: boolean },
): ReadonlyMap<number, Unmount> {
  const volumes = new Map<number, { root: DirectoryNode; nodes: ReadonlyMap<number, Node> }>();
  for (const [id, changes] of image.volumes) {
    const root = id === ROOT_VOLUME ? tree.root : tree.newVolume({ ...options, id });
    volumes.set(id, { root, nodes: restoreVolume(tree, root, changes) });
  }
  const restored = new Map<number, Unmount>();
  for (const [id, { volume, directory: directoryId, name }] of image.mounts ?? []) {
    const root = volumes.get(id)?.root;
    const directory = volumes.get(volume)?.nodes.get(directoryId);
    if (root === undefined || directory?.type !== FileType.DIRECTORY) continue;
    const at = { directory, name, found: directory.get(name), trailingSlash: false };
    restored.set(id, mounts.add(at, root));
  }
  return restored;
}

function restoreVolume(
  tree: NodeTree,
  root: DirectoryNode,
  { isReadOnly, nodes }: VolumeChanges,
): ReadonlyMap<number, Node> {
  const attach = (directory: Node, name: string, node: Node): void => {
    if (directory.type === FileType.DIRECTORY) tree.attach(directory, name, node);
  };
  const restored = makeNodes<Node>(nodes, root, tree.limits, {
    make(directory, name, change, id) {
      const node = newNode(root.volume, id, change);
      attach(directory, name, node);
      return node;
    },
    link: attach,
  });
  for (const [id, node] of restored) setTimes(node, nodes.get(id)?.times);
  root.volume.readOnly = isReadOnly;
  return restored;
}

/** Creates a node with its content. A directory is created empty. */
function newNode(volume: Node["volume"], id: number, change: NodeChange): Node {
  volume.reserveInode(id);
  if (change.kind === "directory") return new DirectoryNode(volume, 0n, id);
  if (change.kind === "link") return new LinkNode(volume, 0n, change.target, id);
  const file = new FileNode(volume, 0n, id);
  file.resize(change.size);
  for (const [index, bytes] of change.chunks) {
    if (bytes !== undefined) file.adoptChunk(index, bytes);
  }
  return file;
}

function setTimes(node: Node, times: Times | undefined): void {
  if (times === undefined) return;
  const [accessed, modified, changed] = times;
  node.accessedNs = accessed;
  node.modifiedNs = modified;
  node.changedNs = changed;
}
