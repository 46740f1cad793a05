import type { FileChanges, NodeChange, Times, VolumeChanges } from "./file-changes.ts";
import { FileType } from "./file-type.ts";
import type { Mounts } from "./mount.ts";
import { DirectoryNode, FileNode, LinkNode, type Node } from "./node.ts";
import type { NodeTree } from "./node-tree.ts";
import { ROOT_VOLUME } from "./volume.ts";
import { WasiError } from "./wasi-error.ts";

/**
 * Makes an empty file system what another one was, from all that has changed in that one since it
 * was empty. The bytes in it are given up.
 *
 * What it is given may come from a worker that lies. So it takes no more than makes sense: a name
 * that leads nowhere, a second name of a directory, what lies too deep or in no directory at all is
 * left out. Nothing raises an error, which would come again with every attempt.
 */
export function restoreFiles(
  tree: NodeTree,
  mounts: Mounts,
  image: FileChanges,
  options: { readonly isJournaled: boolean },
): void {
  const volumes = new Map<number, { root: DirectoryNode; nodes: ReadonlyMap<number, Node> }>();
  for (const [id, changes] of image.volumes) {
    const root = id === ROOT_VOLUME ? tree.root : tree.newVolume({ ...options, id });
    volumes.set(id, { root, nodes: restoreVolume(tree, root, changes) });
  }
  for (const [id, point] of image.mounts ?? []) {
    const root = id === ROOT_VOLUME ? undefined : volumes.get(id)?.root;
    const directory = volumes.get(point.volume)?.nodes.get(point.directory);
    if (root === undefined || directory?.type !== FileType.DIRECTORY) continue;
    const { name } = point;
    try {
      mounts.add({ directory, name, node: directory.get(name), trailingSlash: false }, root);
    } catch (error) {
      if (!(error instanceof WasiError)) throw error;
      root.volume.detach();
    }
  }
}

/** Fills a volume from its root down. @returns What is in it. */
function restoreVolume(
  tree: NodeTree,
  root: DirectoryNode,
  { isReadOnly, nodes }: VolumeChanges,
): ReadonlyMap<number, Node> {
  const restored = new Map<number, Node>([[root.id, root]]);
  let level = [root];
  for (let depth = 0; level.length > 0; depth++) {
    const below: DirectoryNode[] = [];
    for (const directory of level) {
      const state = nodes.get(directory.id);
      if (state?.kind !== "directory") continue;
      for (const [name, id] of state.entries) {
        const found = id === undefined ? undefined : nodes.get(id);
        if (id === undefined || found === undefined) continue;
        const isDirectory = found.kind === "directory";
        if (isDirectory && (restored.has(id) || depth >= tree.limits.directoryDepth)) continue;
        const node = restored.get(id) ?? restoreNode(root.volume, id, found);
        restored.set(id, node);
        tree.attach(directory, name, node);
        if (node.type === FileType.DIRECTORY) below.push(node);
      }
      setTimes(directory, state.times);
    }
    level = below;
  }
  root.volume.readOnly = isReadOnly;
  return restored;
}

/** A node with its content, but for a directory's entries. */
function restoreNode(volume: Node["volume"], id: number, state: NodeChange): Node {
  volume.keepInode(id);
  if (state.kind === "directory") return new DirectoryNode(volume, 0n, id);
  if (state.kind === "link") {
    const link = new LinkNode(volume, 0n, state.target, id);
    setTimes(link, state.times);
    return link;
  }
  const file = new FileNode(volume, 0n, id);
  file.resize(state.size);
  for (const [index, bytes] of state.chunks) {
    if (bytes !== undefined) file.adoptChunk(index, bytes);
  }
  setTimes(file, state.times);
  return file;
}

function setTimes(node: Node, [accessed, modified, changed]: Times): void {
  node.accessedNs = accessed;
  node.modifiedNs = modified;
  node.changedNs = changed;
}
