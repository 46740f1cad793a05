/**
 * The rights of a file descriptor, as bits. All thirty fit into a number, which is faster than a bigint.
 *
 * @see https://github.com/WebAssembly/WASI/blob/d6962d1/legacy/preview1/docs.md#rights
 */
export const Rights = {
  FD_DATASYNC: 0x1,
  FD_READ: 0x2,
  FD_SEEK: 0x4,
  FD_FDSTAT_SET_FLAGS: 0x8,
  FD_SYNC: 0x10,
  FD_TELL: 0x20,
  FD_WRITE: 0x40,
  FD_ADVISE: 0x80,
  FD_ALLOCATE: 0x100,
  PATH_CREATE_DIRECTORY: 0x200,
  PATH_CREATE_FILE: 0x400,
  PATH_LINK_SOURCE: 0x800,
  PATH_LINK_TARGET: 0x1000,
  PATH_OPEN: 0x2000,
  FD_READDIR: 0x4000,
  PATH_READLINK: 0x8000,
  PATH_RENAME_SOURCE: 0x10000,
  PATH_RENAME_TARGET: 0x20000,
  PATH_FILESTAT_GET: 0x40000,
  PATH_FILESTAT_SET_SIZE: 0x80000,
  PATH_FILESTAT_SET_TIMES: 0x100000,
  FD_FILESTAT_GET: 0x200000,
  FD_FILESTAT_SET_SIZE: 0x400000,
  FD_FILESTAT_SET_TIMES: 0x800000,
  PATH_SYMLINK: 0x1000000,
  PATH_REMOVE_DIRECTORY: 0x2000000,
  PATH_UNLINK_FILE: 0x4000000,
  POLL_FD_READWRITE: 0x8000000,
  SOCK_SHUTDOWN: 0x10000000,
  SOCK_ACCEPT: 0x20000000,
} as const;

/** All rights. */
export const ALL_RIGHTS: number = 0x3fff_ffff;

/** The rights that apply to a regular file. */
export const FILE_RIGHTS: number =
  Rights.FD_DATASYNC |
  Rights.FD_READ |
  Rights.FD_SEEK |
  Rights.FD_FDSTAT_SET_FLAGS |
  Rights.FD_SYNC |
  Rights.FD_TELL |
  Rights.FD_WRITE |
  Rights.FD_ADVISE |
  Rights.FD_ALLOCATE |
  Rights.FD_FILESTAT_GET |
  Rights.FD_FILESTAT_SET_SIZE |
  Rights.FD_FILESTAT_SET_TIMES |
  Rights.POLL_FD_READWRITE;

/** The rights that apply to a directory. */
export const DIRECTORY_RIGHTS: number =
  Rights.FD_FDSTAT_SET_FLAGS |
  Rights.FD_DATASYNC |
  Rights.FD_SYNC |
  Rights.FD_READDIR |
  Rights.FD_FILESTAT_GET |
  Rights.FD_FILESTAT_SET_TIMES |
  Rights.PATH_CREATE_DIRECTORY |
  Rights.PATH_CREATE_FILE |
  Rights.PATH_LINK_SOURCE |
  Rights.PATH_LINK_TARGET |
  Rights.PATH_OPEN |
  Rights.PATH_READLINK |
  Rights.PATH_RENAME_SOURCE |
  Rights.PATH_RENAME_TARGET |
  Rights.PATH_FILESTAT_GET |
  Rights.PATH_FILESTAT_SET_SIZE |
  Rights.PATH_FILESTAT_SET_TIMES |
  Rights.PATH_SYMLINK |
  Rights.PATH_REMOVE_DIRECTORY |
  Rights.PATH_UNLINK_FILE;

/** The rights of stdin, stdout and stderr, besides reading or writing. */
export const STREAM_RIGHTS: number =
  Rights.FD_FDSTAT_SET_FLAGS | Rights.FD_FILESTAT_GET | Rights.POLL_FD_READWRITE;
