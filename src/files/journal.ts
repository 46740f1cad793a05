/** A part of a node: a name in a directory, or the index of a chunk of a file. */
export type Part = string | number;

/** Records which nodes changed, and which parts of them. */
export interface ChangeLog {
  /** Records that a node, or a part of it, changed. */
  touch(node: object, part?: Part): void;
  /** Records that a node, or a part of it, was added. */
  add(node: object, part?: Part): void;
  /** Records that a node, or a part of it, was removed. */
  remove(node: object, part?: Part): void;
}

/**
 * Records the nodes, and the parts of them, that changed since the last {@link take}.
 *
 * It stores no content: the reader looks up what a node contains now. A node that changes twice is
 * recorded once, and one that is added and removed again is dropped, so that the journal never holds
 * more than what existed at the last take and what exists now.
 */
export class Journal<Node extends object> implements ChangeLog {
  #touched: Map<Node, Set<Part>> = new Map();
  /** Parts that were added since the last take; `undefined` stands for the node itself. */
  #added: Map<Node, Set<Part | undefined>> = new Map();

  touch(node: Node, part?: Part): void {
    let parts = this.#touched.get(node);
    if (parts === undefined) this.#touched.set(node, (parts = new Set()));
    if (part !== undefined) parts.add(part);
  }

  add(node: Node, part?: Part): void {
    const parts = this.#touched.get(node);
    const isKnown = part === undefined ? parts !== undefined : parts?.has(part) === true;
    this.touch(node, part);
    if (isKnown) return;
    let added = this.#added.get(node);
    if (added === undefined) this.#added.set(node, (added = new Set()));
    added.add(part);
  }

  remove(node: Node, part?: Part): void {
    const added = this.#added.get(node);
    if (added?.delete(part) !== true) {
      this.touch(node, part);
    } else if (part === undefined) {
      this.#touched.delete(node);
      this.#added.delete(node);
    } else {
      this.#touched.get(node)?.delete(part);
    }
  }

  /** Records again what {@link take} of this or another journal returned. */
  touchAll(touched: ReadonlyMap<Node, ReadonlySet<Part>>): void {
    for (const [node, parts] of touched) {
      this.touch(node);
      for (const part of parts) this.touch(node, part);
    }
  }

  /** Returns the changed nodes with their changed parts, and empties the journal. */
  take(): ReadonlyMap<Node, ReadonlySet<Part>> {
    const touched = this.#touched;
    if (touched.size > 0) this.#touched = new Map();
    if (this.#added.size > 0) this.#added = new Map();
    return touched;
  }
}
