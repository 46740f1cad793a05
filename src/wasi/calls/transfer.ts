import { FileType } from "../../files/file-type.ts";
import { DescriptorFlags } from "../flags.ts";
import { Rights } from "../rights.ts";
import { type CallContext, type SystemCalls, sizeOf } from "../system-call.ts";
import { readFile, writeFile } from "./file-transfer.ts";
import { readStream, writeStream } from "./stream-transfer.ts";

/**
 * Calls that read and write bytes.
 *
 * @see https://github.com/WebAssembly/WASI/blob/d6962d1/legacy/preview1/docs.md#fd_read
 */
export function transferCalls(context: CallContext): SystemCalls {
  const { memory, descriptors } = context;
  return {
    fd_read(fd: number, buffers: number, count: number, result: number): void | Promise<void> {
      const descriptor = descriptors.transferable(fd, Rights.FD_READ);
      memory.range(result, 4);
      if (descriptor.type === FileType.CHARACTER_DEVICE) {
        return readStream(memory, descriptor, buffers, count, result);
      }
      const length = readFile(context, descriptor, descriptor.position, buffers, count);
      descriptor.position += length;
      memory.setU32(result, length);
    },

    fd_write(fd: number, buffers: number, count: number, result: number) {
      const descriptor = descriptors.transferable(fd, Rights.FD_WRITE);
      memory.range(result, 4);
      let length: number;
      if (descriptor.type === FileType.CHARACTER_DEVICE) {
        length = writeStream(memory, descriptor, buffers, count);
      } else {
        const isAppend = (descriptor.flags & DescriptorFlags.APPEND) !== 0;
        const position = isAppend ? descriptor.node.size : descriptor.position;
        length = writeFile(context, descriptor, position, buffers, count);
        descriptor.position = position + length;
      }
      memory.setU32(result, length);
    },

    fd_pread(fd: number, buffers: number, count: number, offset: bigint, result: number) {
      const descriptor = descriptors.file(fd, Rights.FD_READ | Rights.FD_SEEK);
      memory.range(result, 4);
      memory.setU32(result, readFile(context, descriptor, sizeOf(offset), buffers, count));
    },

    // Writes at the offset even if the descriptor has the flag APPEND, as POSIX requires.
    fd_pwrite(fd: number, buffers: number, count: number, offset: bigint, result: number) {
      const descriptor = descriptors.file(fd, Rights.FD_WRITE | Rights.FD_SEEK);
      memory.range(result, 4);
      memory.setU32(result, writeFile(context, descriptor, sizeOf(offset), buffers, count));
    },
  };
}
