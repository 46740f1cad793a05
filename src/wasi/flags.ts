import { Errno } from "../files/errno.ts";
import { WasiError } from "../files/wasi-error.ts";

/** Flags of a path lookup. */
export const LookupFlags = { SYMLINK_FOLLOW: 1, ALL: 1 } as const;

/** Flags of `path_open`. */
export const OpenFlags = { CREAT: 1, DIRECTORY: 2, EXCL: 4, TRUNC: 8, ALL: 15 } as const;

/** Flags of an open descriptor. */
export const DescriptorFlags = {
  APPEND: 1,
  DSYNC: 2,
  NONBLOCK: 4,
  RSYNC: 8,
  SYNC: 16,
  ALL: 31,
} as const;

/** Which times to set, and whether to the current time. */
export const TimeFlags = { ATIM: 1, ATIM_NOW: 2, MTIM: 4, MTIM_NOW: 8, ALL: 15 } as const;

/** Returns `flags`. @throws WasiError EINVAL when it has bits that are not in `all` */
export function checkedFlags(flags: number, all: number): number {
  if ((flags & ~all) !== 0) throw new WasiError(Errno.EINVAL);
  return flags;
}
