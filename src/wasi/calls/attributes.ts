import { Errno } from "../../files/errno.ts";
import { FileType } from "../../files/file-type.ts";
import type { Node } from "../../files/node.ts";
import { WasiError } from "../../files/wasi-error.ts";
import { type Descriptor, reportedType, StreamDescriptor } from "../descriptor.ts";
import { checkedFlags, TimeFlags } from "../flags.ts";
import type { GuestMemory } from "../guest-memory.ts";
import { Rights } from "../rights.ts";
import type { CallContext, SystemCalls } from "../system-call.ts";
import { lookupPath } from "./lookup.ts";

export const FILESTAT_BYTES = 64;

/**
 * Calls that read and set the metadata of files.
 *
 * @see https://github.com/WebAssembly/WASI/blob/d6962d1/legacy/preview1/docs.md#filestat
 */
export function attributeCalls(context: CallContext): SystemCalls {
  const { memory, descriptors, tree } = context;
  return {
    fd_filestat_get(fd: number, result: number) {
      const descriptor = descriptors.get(fd, Rights.FD_FILESTAT_GET);
      memory.range(result, FILESTAT_BYTES);
      if (descriptor instanceof StreamDescriptor) writeStreamStat(memory, result, fd, descriptor);
      else writeStat(memory, result, descriptor.node);
    },

    fd_filestat_set_times(fd: number, accessed: bigint, modified: bigint, flags: number) {
      const node = nodeOf(descriptors.get(fd, Rights.FD_FILESTAT_SET_TIMES));
      setTimes(node, accessed, modified, flags, tree.nowNs());
    },

    path_filestat_get(fd: number, lookup: number, path: number, length: number, result: number) {
      const at = lookupPath(context, fd, Rights.PATH_FILESTAT_GET, path, length, lookup);
      memory.range(result, FILESTAT_BYTES);
      writeStat(memory, result, tree.existing(at));
    },

    path_filestat_set_times(
      fd: number,
      lookup: number,
      path: number,
      length: number,
      accessed: bigint,
      modified: bigint,
      flags: number,
    ) {
      const at = lookupPath(context, fd, Rights.PATH_FILESTAT_SET_TIMES, path, length, lookup);
      setTimes(tree.existing(at), accessed, modified, flags, tree.nowNs());
    },
  };
}

/** @throws WasiError EINVAL: streams have no times. */
function nodeOf(descriptor: Descriptor): Node {
  if (descriptor.type === FileType.CHARACTER_DEVICE) throw new WasiError(Errno.EINVAL);
  return descriptor.node;
}

function writeStat(memory: GuestMemory, result: number, node: Node): void {
  memory.setU64Number(result, node.volume.id);
  memory.setU64Number(result + 8, node.id);
  memory.setU64Number(result + 16, node.type);
  memory.setU64Number(result + 24, node.names);
  memory.setU64Number(result + 32, node.type === FileType.DIRECTORY ? 0 : node.size);
  memory.setU64(result + 40, node.accessedNs);
  memory.setU64(result + 48, node.modifiedNs);
  memory.setU64(result + 56, node.changedNs);
}

/** A stream is reported as the file of device 0 whose inode is its descriptor. */
export function writeStreamStat(
  memory: GuestMemory,
  result: number,
  fd: number,
  descriptor: StreamDescriptor,
): void {
  memory.bytes.fill(0, result, result + FILESTAT_BYTES);
  memory.setU64Number(result + 8, fd);
  memory.setU8(result + 16, reportedType(descriptor));
  memory.setU64Number(result + 24, 1);
}

function setTimes(
  node: Node,
  accessed: bigint,
  modified: bigint,
  flags: number,
  nowNs: bigint,
): void {
  checkedFlags(flags, TimeFlags.ALL);
  const { ATIM, ATIM_NOW, MTIM, MTIM_NOW } = TimeFlags;
  const hasBoth = (one: number, other: number) => (flags & one) !== 0 && (flags & other) !== 0;
  if (hasBoth(ATIM, ATIM_NOW) || hasBoth(MTIM, MTIM_NOW)) throw new WasiError(Errno.EINVAL);
  node.volume.assertWritable();
  if ((flags & ATIM) !== 0) node.accessedNs = BigInt.asUintN(64, accessed);
  if ((flags & ATIM_NOW) !== 0) node.accessedNs = nowNs;
  if ((flags & MTIM) !== 0) node.modifiedNs = BigInt.asUintN(64, modified);
  if ((flags & MTIM_NOW) !== 0) node.modifiedNs = nowNs;
  node.changed(nowNs);
}
