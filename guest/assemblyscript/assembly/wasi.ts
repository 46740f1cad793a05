// The calls of WASI preview 1 that the SDK uses. Each returns an errno, 0 for success.

// @ts-ignore: decorator
@external("wasi_snapshot_preview1", "fd_write")
export declare function fd_write(fd: u32, vectors: usize, count: u32, written: usize): u32;

// @ts-ignore: decorator
@external("wasi_snapshot_preview1", "fd_read")
export declare function fd_read(fd: u32, vectors: usize, count: u32, read: usize): u32;

// @ts-ignore: decorator
@external("wasi_snapshot_preview1", "fd_close")
export declare function fd_close(fd: u32): u32;

// @ts-ignore: decorator
@external("wasi_snapshot_preview1", "path_open")
export declare function path_open(
  directory: u32,
  lookupFlags: u32,
  path: usize,
  pathLength: usize,
  openFlags: u32,
  rights: u64,
  inheritedRights: u64,
  fdFlags: u32,
  fd: usize,
): u32;

// @ts-ignore: decorator
@external("wasi_snapshot_preview1", "clock_time_get")
export declare function clock_time_get(clock: u32, precision: u64, time: usize): u32;

// @ts-ignore: decorator
@external("wasi_snapshot_preview1", "random_get")
export declare function random_get(start: usize, length: usize): u32;

/** Describes an errno. */
export function describeErrno(errno: u32): string {
  switch (errno) {
    case 2: return "permission denied (EACCES)";
    case 8: return "bad file descriptor (EBADF)";
    case 20: return "file exists (EEXIST)";
    case 22: return "file too large (EFBIG)";
    case 29: return "input/output error (EIO)";
    case 31: return "is a directory (EISDIR)";
    case 44: return "no such file or directory (ENOENT)";
    case 51: return "no space left (ENOSPC)";
    case 54: return "not a directory (ENOTDIR)";
    case 69: return "read-only (EROFS)";
    case 76: return "not permitted (ENOTCAPABLE)";
    default: return "errno " + errno.toString();
  }
}
