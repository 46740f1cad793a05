import { Errno } from "../../files/errno.ts";
import { FileType } from "../../files/file-type.ts";
import { encodeUtf8 } from "../../files/utf8.ts";
import { WasiError } from "../../files/wasi-error.ts";
import { type Descriptor, reportedType } from "../descriptor.ts";
import { checkedFlags, DescriptorFlags } from "../flags.ts";
import type { GuestMemory } from "../guest-memory.ts";
import { Rights } from "../rights.ts";
import type { CallContext, SystemCalls } from "../system-call.ts";

/**
 * Calls on descriptors of any type.
 *
 * @see https://github.com/WebAssembly/WASI/blob/d6962d1/legacy/preview1/docs.md#fdstat
 */
export function descriptorCalls({ memory, descriptors }: CallContext): SystemCalls {
  const preopenPath = (fd: number): Uint8Array => {
    const descriptor = descriptors.get(fd);
    const path = descriptor.type === FileType.DIRECTORY ? descriptor.preopenPath : undefined;
    // wasi-libc tries one descriptor after the other until this error.
    if (path === undefined) throw new WasiError(Errno.EBADF);
    return encodeUtf8(path);
  };
  return {
    fd_close(fd: number) {
      descriptors.close(fd);
    },

    fd_renumber(from: number, to: number) {
      descriptors.renumber(from, to);
    },

    fd_fdstat_get(fd: number, result: number) {
      writeDescriptorStat(memory, result, descriptors.get(fd));
    },

    fd_fdstat_set_flags(fd: number, flags: number) {
      const descriptor = descriptors.get(fd, Rights.FD_FDSTAT_SET_FLAGS);
      descriptor.flags = checkedFlags(flags, DescriptorFlags.ALL);
    },

    fd_fdstat_set_rights(fd: number, rights: bigint, inheriting: bigint) {
      const descriptor = descriptors.get(fd);
      descriptor.rights = subsetOfRights(descriptor.rights, rights);
      descriptor.inheriting = subsetOfRights(descriptor.inheriting, inheriting);
    },

    fd_prestat_get(fd: number, result: number) {
      const path = preopenPath(fd);
      memory.range(result, 8);
      // The tag 0 is a directory, the only kind of preopen.
      memory.setU32(result, 0);
      memory.setU32(result + 4, path.length);
    },

    fd_prestat_dir_name(fd: number, pointer: number, length: number) {
      const path = preopenPath(fd);
      memory.range(pointer, length);
      if (length < path.length) throw new WasiError(Errno.ENAMETOOLONG);
      memory.write(pointer, path);
    },
  };
}

/** Writes what `fd_fdstat_get` says of a descriptor. */
export function writeDescriptorStat(
  memory: GuestMemory,
  result: number,
  descriptor: Descriptor,
): void {
  const { flags, rights, inheriting } = descriptor;
  memory.range(result, 24);
  memory.setU32(result, reportedType(descriptor) | (flags << 16));
  memory.setU32(result + 4, 0);
  memory.setU64Number(result + 8, rights);
  memory.setU64Number(result + 16, inheriting);
}

/** Returns `requested` as a number. @throws WasiError ENOTCAPABLE when it is not a subset of `held` */
function subsetOfRights(held: number, requested: bigint): number {
  const rights = Number(BigInt.asUintN(30, requested));
  if (BigInt(rights) !== requested || (rights & ~held) !== 0)
    throw new WasiError(Errno.ENOTCAPABLE);
  return rights;
}
