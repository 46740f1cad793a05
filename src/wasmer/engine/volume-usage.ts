import { Errno } from "../../files/errno.ts";
import type { FileLimits } from "../../files/node-tree.ts";
import { encodeUtf8 } from "../../files/utf8.ts";
import { WasiError } from "../../files/wasi-error.ts";
import { childrenOf, type Link, type Node, targetOf, type Volume } from "./memfs.ts";

/**
 * Holds a volume within the limits of bytes and names.
 *
 * memfs does not report what it frees, so the counters are upper bounds. At a limit, {@link recount}
 * makes them exact.
 */
export class VolumeUsage {
  readonly #volume: Volume;
  readonly #root: Link;
  readonly #limits: Pick<FileLimits, "fileBytes" | "inodes">;
  #bytes = 0;
  #names = 0;

  constructor(volume: Volume, root: Link, limits: Pick<FileLimits, "fileBytes" | "inodes">) {
    this.#volume = volume;
    this.#root = root;
    this.#limits = limits;
  }

  /** Counts one more name. @throws WasiError ENOSPC */
  addName(): void {
    if (this.#names >= this.#limits.inodes) this.recount();
    if (this.#names >= this.#limits.inodes) throw new WasiError(Errno.ENOSPC);
    this.#names++;
  }

  /** Counts the growth of a file. @throws WasiError EFBIG, ENOSPC */
  grow(before: number, after: number): void {
    const growth = after - before;
    const { fileBytes } = this.#limits;
    if (growth <= 0) return;
    // Negated, so that NaN is rejected.
    if (!(after <= fileBytes)) throw new WasiError(Errno.EFBIG);
    if (this.#bytes + growth > fileBytes) this.recount();
    if (this.#bytes + growth > fileBytes) throw new WasiError(Errno.ENOSPC);
    this.#bytes += growth;
  }

  /** Computes the exact usage, deleted files that are still open included. */
  recount(): void {
    const nodes = new Set(Object.values(this.#volume.fds).map(({ node }) => node));
    this.#names = 0;
    const visit = (directory: Link): void => {
      for (const link of childrenOf(directory)) {
        this.#names++;
        nodes.add(link.getNode());
        visit(link);
      }
    };
    visit(this.#root);
    this.#bytes = 0;
    for (const node of nodes) this.#bytes += bytesIn(node);
  }
}

/** Returns the bytes that a node counts for: the same as on Cloche's own engine and on the page. */
function bytesIn(node: Node): number {
  return node.isSymlink() ? encodeUtf8(targetOf(node)).length : node.getSize();
}
