import type { Limits } from "../../limits.ts";
import { ROOT_NODE } from "../volume.ts";
import type { NodeChange } from "./file-changes.ts";

/** How nodes of some kind are made. */
export interface NodeMaker<Made> {
  /** Makes a node with its content, but for a directory's names, and gives it a name. */
  make(directory: Made, name: string, change: NodeChange, id: number): Made;
  /** Gives a node that is no directory one more name. */
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
 * The names in a volume that make sense, from the root down, from all that has changed in it since it
 * was empty.
 *
 * What it is given may come from a worker that lies. So a name that leads nowhere, a second name of a
 * directory, what lies too deep or in no directory at all is left out. Nothing is refused, which
 * would be so again with every attempt.
 */
export function* soundNames(
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
 * Makes all nodes of a volume that {@link soundNames} lead to.
 *
 * @param root The node that is there already.
 * @returns The nodes by their numbers.
 */
export function makeNodes<Made>(
  nodes: ReadonlyMap<number, NodeChange | undefined>,
  root: Made,
  limits: Pick<Limits, "directoryDepth">,
  maker: NodeMaker<Made>,
): ReadonlyMap<number, Made> {
  const made = new Map([[ROOT_NODE, root]]);
  for (const { directoryId, name, id, change } of soundNames(nodes, limits)) {
    const directory = made.get(directoryId);
    const node = made.get(id);
    if (directory === undefined) continue;
    if (node === undefined) made.set(id, maker.make(directory, name, change, id));
    else maker.link(directory, name, node);
  }
  return made;
}
