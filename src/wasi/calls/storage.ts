import { Errno } from "../../files/errno.ts";
import { WasiError } from "../../files/wasi-error.ts";
import { Rights } from "../rights.ts";
import { type CallContext, type SystemCalls, sizeOf } from "../system-call.ts";

/** The highest advice, `noreuse`. */
const LAST_ADVICE = 5;

/**
 * Calls that reserve space, set sizes and sync files.
 *
 * @see https://github.com/WebAssembly/WASI/blob/d6962d1/legacy/preview1/docs.md#fd_allocate
 */
export function storageCalls({ descriptors, tree }: CallContext): SystemCalls {
  return {
    fd_advise(fd: number, offset: bigint, length: bigint, advice: number) {
      descriptors.file(fd, Rights.FD_ADVISE);
      sizeOf(offset);
      sizeOf(length);
      if (advice > LAST_ADVICE) throw new WasiError(Errno.EINVAL);
    },

    fd_allocate(fd: number, offset: bigint, length: bigint) {
      const { node } = descriptors.file(fd, Rights.FD_ALLOCATE);
      if (length === 0n) throw new WasiError(Errno.EINVAL);
      const end = sizeOf(offset) + sizeOf(length);
      node.volume.assertWritable();
      if (end <= node.size) return;
      node.resize(end);
      node.modified(tree.nowNs());
    },

    fd_filestat_set_size(fd: number, size: bigint) {
      const { node } = descriptors.file(fd, Rights.FD_FILESTAT_SET_SIZE);
      node.volume.assertWritable();
      node.resize(sizeOf(size));
      node.modified(tree.nowNs());
    },

    // Files in memory need no syncing, so the two calls only check the descriptor.
    fd_datasync(fd: number) {
      descriptors.stored(fd, Rights.FD_DATASYNC);
    },

    fd_sync(fd: number) {
      descriptors.stored(fd, Rights.FD_SYNC);
    },
  };
}
