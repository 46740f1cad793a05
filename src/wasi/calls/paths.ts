import { Errno } from "../../files/errno.ts";
import { FileType } from "../../files/file-type.ts";
import { encodeUtf8 } from "../../files/utf8.ts";
import { WasiError } from "../../files/wasi-error.ts";
import { Rights } from "../rights.ts";
import type { CallContext, SystemCalls } from "../system-call.ts";
import { lookupEntry, lookupPath } from "./lookup.ts";

/**
 * Calls that create, move and remove entries of directories, and read links.
 *
 * @see https://github.com/WebAssembly/WASI/blob/d6962d1/legacy/preview1/docs.md#path_rename
 */
export function pathCalls(context: CallContext): SystemCalls {
  const { memory, tree } = context;
  return {
    path_create_directory(fd: number, path: number, length: number) {
      tree.createDirectory(lookupEntry(context, fd, Rights.PATH_CREATE_DIRECTORY, path, length));
    },

    path_remove_directory(fd: number, path: number, length: number) {
      tree.removeDirectory(lookupEntry(context, fd, Rights.PATH_REMOVE_DIRECTORY, path, length));
    },

    path_unlink_file(fd: number, path: number, length: number) {
      tree.unlink(lookupEntry(context, fd, Rights.PATH_UNLINK_FILE, path, length));
    },

    path_rename(
      fromFd: number,
      from: number,
      fromLength: number,
      toFd: number,
      to: number,
      toLength: number,
    ) {
      const source = lookupEntry(context, fromFd, Rights.PATH_RENAME_SOURCE, from, fromLength);
      const target = lookupEntry(context, toFd, Rights.PATH_RENAME_TARGET, to, toLength);
      tree.rename(source, target);
    },

    path_link(
      fromFd: number,
      lookup: number,
      from: number,
      fromLength: number,
      toFd: number,
      to: number,
      toLength: number,
    ) {
      const rights = Rights.PATH_LINK_SOURCE;
      const source = lookupPath(context, fromFd, rights, from, fromLength, lookup);
      const target = lookupEntry(context, toFd, Rights.PATH_LINK_TARGET, to, toLength);
      tree.link(source, target);
    },

    path_symlink(target: number, targetLength: number, fd: number, path: number, length: number) {
      const at = lookupEntry(context, fd, Rights.PATH_SYMLINK, path, length);
      tree.createLink(memory.path(target, targetLength, tree.limits.pathBytes), at);
    },

    path_readlink(
      fd: number,
      path: number,
      length: number,
      pointer: number,
      maxLength: number,
      result: number,
    ) {
      const at = lookupEntry(context, fd, Rights.PATH_READLINK, path, length);
      memory.range(pointer, maxLength);
      memory.range(result, 4);
      const node = tree.existing(at);
      if (node.type !== FileType.SYMBOLIC_LINK) throw new WasiError(Errno.EINVAL);
      const target = encodeUtf8(node.target).subarray(0, maxLength);
      memory.write(pointer, target);
      memory.setU32(result, target.length);
    },
  };
}
