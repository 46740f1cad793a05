/** A part of a node: a name in a directory, or the number of a chunk of a file. */
export type Part = string | number;

/** Takes note of nodes, and of the parts of them, that something is done to. */
export interface ChangeLog {
  /** Notes that a node, or a part of one, is another one now. */
  touch(node: object, part?: Part): void;
  /** Notes that it is there from now on. */
  add(node: object, part?: Part): void;
  /** Notes that it is there no longer. */
  remove(node: object, part?: Part): void;
}

/**
 * Which nodes have been touched since somebody last asked, and which parts of them.
 *
 * It holds no content: what became of a node is looked up when somebody asks. So its cost is that of
 * the changes, and what is changed twice is told once. What has come and gone meanwhile is forgotten:
 * so it holds no more than there was before and there is now, however long somebody makes and removes.
 */
export class Journal<Node extends object> implements ChangeLog {
  #touched: Map<Node, Set<Part>> = new Map();
  /** Parts of those that were not there when somebody last asked; `undefined` for the node itself. */
  #new: Map<Node, Set<Part | undefined>> = new Map();

  touch(node: Node, part?: Part): void {
    let parts = this.#touched.get(node);
    if (parts === undefined) this.#touched.set(node, (parts = new Set()));
    if (part !== undefined) parts.add(part);
  }

  add(node: Node, part?: Part): void {
    const parts = this.#touched.get(node);
    const wasThere = part === undefined ? parts !== undefined : parts?.has(part) === true;
    this.touch(node, part);
    if (wasThere) return;
    let news = this.#new.get(node);
    if (news === undefined) this.#new.set(node, (news = new Set()));
    news.add(part);
  }

  remove(node: Node, part?: Part): void {
    const news = this.#new.get(node);
    if (news?.delete(part) !== true) {
      this.touch(node, part);
    } else if (part === undefined) {
      this.#touched.delete(node);
      this.#new.delete(node);
    } else {
      this.#touched.get(node)?.delete(part);
    }
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
    if (this.#new.size > 0) this.#new = new Map();
    return touched;
  }
}
