import type { Node } from "./memfs.ts";

/**
 * Extends files without copying them each time.
 *
 * memfs allocates a new buffer for every write that extends a file, which takes quadratic time. Here the
 * buffer of a file is a view that grows within a larger one.
 */
export class GrowingBuffers {
  readonly #Buffer: typeof Buffer;
  readonly #rooms: WeakMap<Node, ArrayBuffer> = new WeakMap();

  /** @param memfsBuffer Any buffer of memfs, which bundles a `Buffer` class of its own. */
  constructor(memfsBuffer: Buffer) {
    this.#Buffer = memfsBuffer.constructor as typeof Buffer;
  }

  /** Extends a file to `size`. The caller must write the added bytes. */
  extend(node: Node, size: number): void {
    const before = node.getSize();
    let room = this.#rooms.get(node);
    if (room === undefined || room !== node.buf?.buffer || room.byteLength < size) {
      room = new ArrayBuffer(Math.max(size, 2 * before));
      if (before > 0) new Uint8Array(room).set(node.buf);
      this.#rooms.set(node, room);
    }
    node.buf = this.#Buffer.from(room, 0, size);
  }
}
