import { Errno } from "../../files/errno.ts";
import { WasiError } from "../../files/wasi-error.ts";
import type { StreamDescriptor } from "../descriptor.ts";
import { DescriptorFlags } from "../flags.ts";
import type { GuestMemory } from "../guest-memory.ts";
import { InputStream, OutputStream } from "../streams.ts";

/** Bytes asked of stdin at once, at most. 64 KiB: a pipe's worth. */
export const INPUT_BYTES = 65_536;

/**
 * Copies what has come to the `count` buffers at `buffers`, and how much that is to `result`. Waits
 * when nothing has.
 *
 * @throws WasiError EAGAIN (it would wait, and must not)
 */
export function readStream(
  memory: GuestMemory,
  { stream, flags }: StreamDescriptor,
  buffers: number,
  count: number,
  result: number,
): void | Promise<void> {
  if (!(stream instanceof InputStream)) throw new WasiError(Errno.EBADF);
  const wanted = memory.loadBuffers(buffers, count);
  const take = (): void => {
    let total = 0;
    for (let index = 0; index < count; index++) {
      const taken = stream.take(memory.bufferLength(index));
      memory.write(memory.bufferStart(index), taken);
      total += taken.length;
    }
    memory.setU32(result, total);
  };
  const mayWait = (flags & DescriptorFlags.NONBLOCK) === 0;
  const filled = wanted === 0 || stream.fill(Math.min(wanted, INPUT_BYTES), mayWait ? Infinity : 0);
  if (filled === true) return take();
  if (filled === false || !mayWait) throw new WasiError(Errno.EAGAIN);
  return filled.then(() => {
    memory.refresh();
    memory.loadBuffers(buffers, count);
    take();
  });
}

/**
 * Passes the buffers' bytes on, as far as the budget goes.
 *
 * @returns How many bytes the buffers have: to the guest, all of them were written.
 */
export function writeStream(
  memory: GuestMemory,
  { stream }: StreamDescriptor,
  buffers: number,
  count: number,
): number {
  if (!(stream instanceof OutputStream)) throw new WasiError(Errno.EBADF);
  const total = memory.loadBuffers(buffers, count);
  const admitted = stream.admit(total);
  if (admitted === 0) return total;
  const bytes = new Uint8Array(admitted);
  for (let index = 0, done = 0; done < admitted; index++) {
    const start = memory.bufferStart(index);
    const length = Math.min(memory.bufferLength(index), admitted - done);
    bytes.set(memory.bytes.subarray(start, start + length), done);
    done += length;
  }
  stream.write(bytes);
  return total;
}
