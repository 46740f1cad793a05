import { Errno } from "../../files/errno.ts";
import type { FileNode } from "../../files/file-node.ts";
import { FileType } from "../../files/file-type.ts";
import type { Node } from "../../files/node.ts";
import { WasiError } from "../../files/wasi-error.ts";
import { DirectoryDescriptor, FileDescriptor } from "../descriptor.ts";
import { checkedFlags, DescriptorFlags, LookupFlags, OpenFlags } from "../flags.ts";
import { Rights } from "../rights.ts";
import type { CallContext, SystemCalls } from "../system-call.ts";
import { lookupFrom } from "./lookup.ts";

/**
 * The call that opens files and directories, and creates files.
 *
 * @see https://github.com/WebAssembly/WASI/blob/d6962d1/legacy/preview1/docs.md#path_open
 */
export function openCalls(context: CallContext): SystemCalls {
  const { memory, descriptors, tree } = context;

  const truncate = (file: FileNode): void => {
    file.volume.assertWritable();
    file.resize(0);
    file.modified(tree.nowNs());
  };

  return {
    path_open(
      fd: number,
      lookup: number,
      path: number,
      length: number,
      openFlags: number,
      requestedRights: bigint,
      requestedInheriting: bigint,
      flags: number,
      result: number,
    ) {
      checkedFlags(openFlags, OpenFlags.ALL);
      checkedFlags(flags, DescriptorFlags.ALL);
      const has = (flag: number) => (openFlags & flag) !== 0;
      const create = has(OpenFlags.CREAT);
      if (create && has(OpenFlags.DIRECTORY)) throw new WasiError(Errno.EINVAL);

      // Some guests request bits that are not rights; they are ignored.
      const rights = Number(BigInt.asUintN(30, requestedRights));
      const inheriting = Number(BigInt.asUintN(30, requestedInheriting));
      let needed: number = Rights.PATH_OPEN;
      if (create) needed |= Rights.PATH_CREATE_FILE;
      if (has(OpenFlags.TRUNC)) needed |= Rights.PATH_FILESTAT_SET_SIZE;
      const directory = descriptors.directory(fd, needed);
      if (((rights | inheriting) & ~directory.inheriting) !== 0) {
        throw new WasiError(Errno.ENOTCAPABLE);
      }
      memory.range(result, 4);
      descriptors.assertFree();

      const exclusive = create && has(OpenFlags.EXCL);
      const lookupFlags = exclusive ? lookup & ~LookupFlags.SYMLINK_FOLLOW : lookup;
      const at = lookupFrom(context, directory, path, length, lookupFlags);
      if (exclusive && at.found !== undefined) throw new WasiError(Errno.EEXIST);
      const node: Node = at.found ?? (create ? tree.createFile(at) : tree.existing(at));

      if (node.type === FileType.SYMBOLIC_LINK) throw new WasiError(Errno.ELOOP);
      if (node.type === FileType.DIRECTORY) {
        const isWrite = create || has(OpenFlags.TRUNC) || (rights & Rights.FD_WRITE) !== 0;
        if (isWrite) throw new WasiError(Errno.EISDIR);
        const opened = new DirectoryDescriptor(node, rights, inheriting, flags);
        memory.setU32(result, descriptors.open(opened));
      } else {
        if (has(OpenFlags.DIRECTORY)) throw new WasiError(Errno.ENOTDIR);
        if ((rights & Rights.FD_WRITE) !== 0) node.volume.assertWritable();
        if (has(OpenFlags.TRUNC)) truncate(node);
        memory.setU32(result, descriptors.open(new FileDescriptor(node, rights, flags)));
      }
    },
  };
}
