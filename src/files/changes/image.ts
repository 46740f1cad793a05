import type { Limits } from "../../limits.ts";
import { ROOT_NODE } from "../volume.ts";
import type { NodeChange } from "./file-changes.ts";

/** Creates the nodes of one kind of file system. */
export interface NodeMaker<Made> {
  /** Creates a node with a name and its content. A directory is created empty. */
  make(directory: Made, name: string, change: NodeChange, id: number): Made;
  /** Adds one more name to a node that is not a directory. */
  link(directory: Made, name: string, node: Made): void;
}

/** A name in a directory, and the node that it leads to. */
export interface NamedNode {
  readonly directoryId: number;
  readonly name: string;
  readonly id: number;
  readonly change: NodeChange;
}

/**
 * Iterates over the valid names in the image of a volume, from the root down.
 *
 * The image may come from a hostile worker. A name that leads to no node, a second name of a directory,
 * and what is too deep or in no directory is left out. It is not an error, since a restart would then
 * fail every time.
 */
export function* reachableNames(
  nodes: ReadonlyMap<number, NodeChange | undefined>,
  { directoryDepth }: Pick<Limits, "directoryDepth">,
): Generator<NamedNode> {
  const seen = new Set([ROOT_NODE]);
  let level = [ROOT_NODE];
  for (let depth = 0; level.length > 0; depth++) {
    const below: number[] = [];
    for (const directoryId of level) {
      const directory = nodes.get(directoryId);
      if (directory?.kind !== "directory") continue;
      for (const [name, id] of directory.entries) {
        const change = id === undefined ? undefined : nodes.get(id);
        if (id === undefined || change === undefined || id === ROOT_NODE) continue;
        const isDirectory = change.kind === "directory";
        if (isDirectory && (seen.has(id) || depth >= directoryDepth)) continue;
        yield { directoryId, name, id, change };
        if (isDirectory) below.push(id);
        seen.add(id);
      }
    }
    level = below;
  }
}

/**
 * Creates all nodes that {@link reachableNames} finds.
 *
 * @param root The root, which exists already.
 * @returns The nodes by id.
 */
export function makeNodes<Made>(
  nodes: ReadonlyMap<number, NodeChange | undefined>,
  root: Made,
  limits: Pick<Limits, "directoryDepth">,
  maker: NodeMaker<Made>,
): ReadonlyMap<number, Made> {
  const made = new Map([[ROOT_NODE, root]]);
  for (const { directoryId, name, id, change } of reachableNames(nodes, limits)) {
    const directory = made.get(directoryId);
    const node = made.get(id);
    if (directory === undefined) continue;
    if (node === undefined) made.set(id, maker.make(directory, name, change, id));
    else maker.link(directory, name, node);
  }
  return made;
}
