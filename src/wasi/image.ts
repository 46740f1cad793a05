import type { Limits } from "../limits.ts";
import type { NodeChange } from "./file-changes.ts";
import { ROOT_NODE } from "./volume.ts";

/** How nodes of some kind are made. */
export interface NodeMaker<Made> {
  /** Makes a node with its content, but for a directory's names, and gives it a name. */
  make(directory: Made, name: string, change: NodeChange, id: number): Made;
  /** Gives a node that is no directory one more name. */
  link(directory: Made, name: string, node: Made): void;
}

/**
 * Makes all nodes of a volume, from all that has changed in it since it was empty.
 *
 * What it is given may come from a worker that lies. So it takes no more than makes sense: a name
 * that leads nowhere, a second name of a directory, what lies too deep or in no directory at all is
 * left out. Nothing is refused, which would be so again with every attempt.
 *
 * @param root The node that is there already.
 * @returns The nodes by their numbers.
 */
export function makeNodes<Made>(
  nodes: ReadonlyMap<number, NodeChange | undefined>,
  root: Made,
  { directoryDepth }: Pick<Limits, "directoryDepth">,
  maker: NodeMaker<Made>,
): ReadonlyMap<number, Made> {
  const made = new Map([[ROOT_NODE, root]]);
  let level = [ROOT_NODE];
  for (let depth = 0; level.length > 0; depth++) {
    const below: number[] = [];
    for (const directoryId of level) {
      const directory = made.get(directoryId);
      const listed = nodes.get(directoryId);
      if (directory === undefined || listed?.kind !== "directory") continue;
      for (const [name, id] of listed.entries) {
        const change = id === undefined ? undefined : nodes.get(id);
        if (id === undefined || change === undefined) continue;
        const node = made.get(id);
        if (change.kind !== "directory" && node !== undefined) maker.link(directory, name, node);
        if (node !== undefined || (change.kind === "directory" && depth >= directoryDepth))
          continue;
        made.set(id, maker.make(directory, name, change, id));
        below.push(id);
      }
    }
    level = below;
  }
  return made;
}
