import { Errno } from "../files/errno.ts";
import { WasiError } from "../files/wasi-error.ts";

/** How a path is looked up. */
export const LookupFlags = { SYMLINK_FOLLOW: 1, ALL: 1 } as const;

/** How `path_open` opens. */
export const OpenFlags = { CREAT: 1, DIRECTORY: 2, EXCL: 4, TRUNC: 8, ALL: 15 } as const;

/** How a descriptor reads and writes. */
export const DescriptorFlags = {
  APPEND: 1,
  DSYNC: 2,
  NONBLOCK: 4,
  RSYNC: 8,
  SYNC: 16,
  ALL: 31,
} as const;

/** Which times to set, and to what. */
export const TimeFlags = { ATIM: 1, ATIM_NOW: 2, MTIM: 4, MTIM_NOW: 8, ALL: 15 } as const;

/** `flags`, when it has none but the bits of `all`. @throws WasiError EINVAL */
export function checkedFlags(flags: number, all: number): number {
  if ((flags & ~all) !== 0) throw new WasiError(Errno.EINVAL);
  return flags;
}
