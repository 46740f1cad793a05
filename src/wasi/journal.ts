/** A part of a node: a name in a directory, or the number of a chunk of a file. */
export type Part = string | number;

/** Takes note of nodes, and of the parts of them, that something is done to. */
export interface ChangeLog {
  touch(node: object, part?: Part): void;
}

/**
 * Which nodes have been touched since somebody last asked, and which parts of them.
 *
 * It holds no content: what became of a node is looked up when somebody asks. So its cost is that of
 * the changes, and what is changed twice is told once.
 */
export class Journal<Node extends object> implements ChangeLog {
  #touched: Map<Node, Set<Part>> = new Map();

  touch(node: Node, part?: Part): void {
    let parts = this.#touched.get(node);
    if (parts === undefined) this.#touched.set(node, (parts = new Set()));
    if (part !== undefined) parts.add(part);
  }

  /** Takes up what another journal, or this one, has given out. */
  touchAll(touched: ReadonlyMap<Node, ReadonlySet<Part>>): void {
    for (const [node, parts] of touched) {
      this.touch(node);
      for (const part of parts) this.touch(node, part);
    }
  }

  /** What has been touched, which is forgotten then. */
  take(): ReadonlyMap<Node, ReadonlySet<Part>> {
    const touched = this.#touched;
    if (touched.size > 0) this.#touched = new Map();
    return touched;
  }
}
