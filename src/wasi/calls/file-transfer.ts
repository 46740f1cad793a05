import type { FileDescriptor } from "../descriptor.ts";
import type { CallContext } from "../system-call.ts";

/** Copies from a file to the `count` buffers at `buffers`. @returns The number of bytes copied. */
export function readFile(
  { memory, tree }: CallContext,
  { node }: FileDescriptor,
  position: number,
  buffers: number,
  count: number,
): number {
  const requested = memory.loadBuffers(buffers, count);
  const total = Math.max(0, Math.min(requested, node.size - position));
  for (let index = 0, done = 0; done < total; index++) {
    const length = Math.min(memory.bufferLength(index), total - done);
    node.read(position + done, memory.bytes, memory.bufferStart(index), length);
    done += length;
  }
  if (total > 0 && !node.volume.readOnly) node.accessedNs = tree.nowNs();
  return total;
}

/**
 * Copies the `count` buffers at `buffers` to a file: all of them, or nothing when it throws.
 *
 * @returns The number of bytes copied.
 * @throws WasiError EFBIG, ENOSPC, EROFS
 */
export function writeFile(
  { memory, tree }: CallContext,
  { node }: FileDescriptor,
  position: number,
  buffers: number,
  count: number,
): number {
  const total = memory.loadBuffers(buffers, count);
  node.volume.assertWritable();
  if (total === 0) return 0;
  node.reserve(position + total);
  for (let index = 0, done = 0; done < total; index++) {
    const length = memory.bufferLength(index);
    node.write(position + done, memory.bytes, memory.bufferStart(index), length);
    done += length;
  }
  node.modified(tree.nowNs());
  return total;
}
