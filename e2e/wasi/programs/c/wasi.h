// All 46 calls of wasi_snapshot_preview1 as a module imports them, under their own names.
// https://github.com/WebAssembly/WASI/blob/d6962d1/legacy/preview1/docs.md

#pragma once
#include <stdint.h>

#define CALL(name)                                                                             \
  __attribute__((import_module("wasi_snapshot_preview1"), import_name(#name))) extern int name

typedef struct { uint64_t device, inode; uint8_t type; uint64_t links, size, accessed, modified, changed; } filestat;
typedef struct { uint8_t type; uint16_t flags; uint64_t rights, inheriting; } fdstat;
typedef struct { uint32_t kind, length; } prestat;
typedef struct { const void *start; uint32_t length; } buffers;
typedef struct { uint64_t next, inode; uint32_t name_length; uint8_t type; } dirent_head;

CALL(args_get)(void *pointers, void *strings);
CALL(args_sizes_get)(void *count, void *bytes);
CALL(environ_get)(void *pointers, void *strings);
CALL(environ_sizes_get)(void *count, void *bytes);
CALL(clock_res_get)(int clock, void *result);
CALL(clock_time_get)(int clock, int64_t precision, void *result);
CALL(fd_advise)(int fd, int64_t offset, int64_t length, int advice);
CALL(fd_allocate)(int fd, int64_t offset, int64_t length);
CALL(fd_close)(int fd);
CALL(fd_datasync)(int fd);
CALL(fd_fdstat_get)(int fd, void *result);
CALL(fd_fdstat_set_flags)(int fd, int flags);
CALL(fd_fdstat_set_rights)(int fd, uint64_t rights, uint64_t inheriting);
CALL(fd_filestat_get)(int fd, void *result);
CALL(fd_filestat_set_size)(int fd, int64_t size);
CALL(fd_filestat_set_times)(int fd, uint64_t accessed, uint64_t modified, int flags);
CALL(fd_pread)(int fd, const void *list, uint32_t count, int64_t offset, void *result);
CALL(fd_prestat_get)(int fd, void *result);
CALL(fd_prestat_dir_name)(int fd, void *name, uint32_t length);
CALL(fd_pwrite)(int fd, const void *list, uint32_t count, int64_t offset, void *result);
CALL(fd_read)(int fd, const void *list, uint32_t count, void *result);
CALL(fd_readdir)(int fd, void *buffer, uint32_t length, uint64_t cookie, void *result);
CALL(fd_renumber)(int from, int to);
CALL(fd_seek)(int fd, int64_t offset, int whence, void *result);
CALL(fd_sync)(int fd);
CALL(fd_tell)(int fd, void *result);
CALL(fd_write)(int fd, const void *list, uint32_t count, void *result);
CALL(path_create_directory)(int fd, const void *path, uint32_t length);
CALL(path_filestat_get)(int fd, int lookup, const void *path, uint32_t length, void *result);
CALL(path_filestat_set_times)(int fd, int lookup, const void *path, uint32_t length,
                              uint64_t accessed, uint64_t modified, int flags);
CALL(path_link)(int from_fd, int lookup, const void *from, uint32_t from_length, int to_fd,
                const void *to, uint32_t to_length);
CALL(path_open)(int fd, int lookup, const void *path, uint32_t length, int open_flags,
                uint64_t rights, uint64_t inheriting, int flags, void *result);
CALL(path_readlink)(int fd, const void *path, uint32_t length, void *buffer, uint32_t room, void *result);
CALL(path_remove_directory)(int fd, const void *path, uint32_t length);
CALL(path_rename)(int from_fd, const void *from, uint32_t from_length, int to_fd, const void *to,
                  uint32_t to_length);
CALL(path_symlink)(const void *target, uint32_t target_length, int fd, const void *path, uint32_t length);
CALL(path_unlink_file)(int fd, const void *path, uint32_t length);
CALL(poll_oneoff)(const void *subscriptions, void *events, uint32_t count, void *result);
CALL(proc_raise)(int signal);
CALL(random_get)(void *buffer, uint32_t length);
CALL(sched_yield)(void);
CALL(sock_accept)(int fd, int flags, void *result);
CALL(sock_recv)(int fd, const void *list, uint32_t count, int flags, void *length, void *result_flags);
CALL(sock_send)(int fd, const void *list, uint32_t count, int flags, void *result);
CALL(sock_shutdown)(int fd, int how);
__attribute__((import_module("wasi_snapshot_preview1"), import_name("proc_exit"), noreturn))
extern void proc_exit(uint32_t code);

enum { CHARACTER_DEVICE = 2, DIRECTORY_TYPE = 3, REGULAR_FILE = 4, SYMBOLIC_LINK = 7 };
enum { CREAT = 1, DIRECTORY = 2, EXCL = 4, TRUNC = 8 };
enum { APPEND = 1, DSYNC = 2, NONBLOCK = 4, RSYNC = 8, SYNC = 16 };
enum { FOLLOW = 1 };
enum { SET = 0, CUR = 1, END = 2 };
enum { ATIM = 1, ATIM_NOW = 2, MTIM = 4, MTIM_NOW = 8 };
enum { REALTIME = 0, MONOTONIC = 1 };
enum { FD_READ = 0x2, FD_SEEK = 0x4, FD_TELL = 0x20, FD_WRITE = 0x40 };
#define FILE_RIGHTS 0x8e001ffull
#define ALL_RIGHTS 0x3fffffffull
#define DIRECTORY_RIGHTS (ALL_RIGHTS & ~FD_WRITE)

// The directory that is open from the start: "/".
#define ROOT 3
// A path, or any text, as the two arguments that it takes; it may have NULs in it.
#define P(text) (text), (sizeof(text) - 1)
