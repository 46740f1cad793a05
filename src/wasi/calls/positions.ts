import { Errno } from "../../files/errno.ts";
import { WasiError } from "../../files/wasi-error.ts";
import { Rights } from "../rights.ts";
import type { CallContext, SystemCalls } from "../system-call.ts";

const SEEK_SET = 0;
const SEEK_CUR = 1;
const SEEK_END = 2;

/**
 * Calls that read and set the position of a file descriptor.
 *
 * @see https://github.com/WebAssembly/WASI/blob/d6962d1/legacy/preview1/docs.md#fd_seek
 */
export function positionCalls({ memory, descriptors }: CallContext): SystemCalls {
  return {
    fd_seek(fd: number, offset: bigint, whence: number, result: number) {
      // Reading the position requires another right than moving it.
      const isTell = offset === 0n && whence === SEEK_CUR;
      const descriptor = descriptors.file(fd, isTell ? Rights.FD_TELL : Rights.FD_SEEK);
      memory.range(result, 8);
      const { position, node } = descriptor;
      const base = new Map([
        [SEEK_SET, 0],
        [SEEK_CUR, position],
        [SEEK_END, node.size],
      ]).get(whence);
      const target = base === undefined ? -1 : base + Number(offset);
      if (target < 0 || target > Number.MAX_SAFE_INTEGER) throw new WasiError(Errno.EINVAL);
      descriptor.position = target;
      memory.setU64Number(result, target);
    },

    fd_tell(fd: number, result: number) {
      const { position } = descriptors.file(fd, Rights.FD_TELL);
      memory.range(result, 8);
      memory.setU64Number(result, position);
    },
  };
}
