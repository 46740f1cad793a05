import type { FileChanges, NodeChange, Times } from "../../files/changes/file-changes.ts";
import { CHUNK_BYTES } from "../../files/file-content.ts";
import { Journal, type Part } from "../../files/journal.ts";
import { ROOT_VOLUME } from "../../files/volume.ts";
import { type Link, type Node, targetOf } from "./memfs.ts";

/**
 * Records what changes in a volume, from memfs's events, which report files as a whole.
 *
 * memfs reuses the inode numbers of removed nodes, so the journal has ids of its own.
 */
export class VolumeJournal {
  readonly #journal: Journal<Node> = new Journal();
  readonly #ids: WeakMap<Node, number> = new WeakMap();
  /** The only name of a directory, or the first name of any other node. */
  readonly #links: WeakMap<Node, Link> = new WeakMap();
  #lastId = 0;

  /** Records the node of a new link, and its later changes. The first one is the root. */
  follow(link: Link, id: number = this.#lastId + 1): void {
    const node = link.getNode();
    this.#lastId = Math.max(this.#lastId, id);
    this.#ids.set(node, id);
    this.#links.set(node, link);
    node.on("change", () => {
      // A node without a name goes with its descriptors.
      if (node.nlink > 0) this.#journal.touch(node);
    });
    node.on("delete", () => this.#journal.remove(node));
    link.on("child:add", (child) => this.#journal.add(node, child.getName()));
    link.on("child:delete", (child) => this.#journal.remove(node, child.getName()));
    this.#journal.add(node);
  }

  takeChanges(): FileChanges | undefined {
    const touched = this.#journal.take();
    if (touched.size === 0) return undefined;
    const nodes = new Map(
      Array.from(touched, ([node, parts]) => [this.#idOf(node), this.#changeOf(node, parts)]),
    );
    return { volumes: new Map([[ROOT_VOLUME, { isReadOnly: false, nodes }]]), mounts: undefined };
  }

  #changeOf(node: Node, parts: ReadonlySet<Part>): NodeChange | undefined {
    const link = this.#links.get(node);
    if (node.nlink <= 0 || link === undefined) return undefined;
    const times = timesOf(node);
    if (node.isDirectory()) {
      const names = Array.from(parts as ReadonlySet<string>, (name) => {
        const child = link.getChild(name)?.getNode();
        return [name, child && this.#idOf(child)] as const;
      });
      return { kind: "directory", times, entries: new Map(names) };
    }
    if (node.isSymlink()) return { kind: "link", times, target: targetOf(node) };
    return { kind: "file", times, size: node.getSize(), chunks: chunksOf(node) };
  }

  #idOf(node: Node): number {
    return this.#ids.get(node) ?? 0;
  }
}

function timesOf({ atime, mtime, ctime }: Node): Times {
  return [nanoseconds(atime), nanoseconds(mtime), nanoseconds(ctime)];
}

function nanoseconds(time: Date): bigint {
  return BigInt.asUintN(64, BigInt(time.getTime()) * 1_000_000n);
}

/** Returns copies of all chunks of a file. */
function chunksOf(node: Node): Map<number, Uint8Array<ArrayBuffer>> {
  const chunks = new Map<number, Uint8Array<ArrayBuffer>>();
  for (let start = 0; start < node.getSize(); start += CHUNK_BYTES) {
    chunks.set(start / CHUNK_BYTES, new Uint8Array(node.buf.subarray(start, start + CHUNK_BYTES)));
  }
  return chunks;
}
