// Short forms of the calls on files. What a call gives besides its error number stands in a variable.

#pragma once
#include "check.h"

// The descriptor that was opened last.
static int opened;
// How many bytes were moved last, and what was read.
static uint32_t moved;
static char content[4096];
// What was asked of a file or descriptor last.
static filestat found;
static fdstat state;
static uint64_t position;

#define OPEN(path, open_flags, rights) path_open(ROOT, 0, P(path), open_flags, rights, 0, 0, &opened)
#define OPEN_DIRECTORY(path) \
  path_open(ROOT, 0, P(path), DIRECTORY, DIRECTORY_RIGHTS, ALL_RIGHTS, 0, &opened)
#define STAT(path) path_filestat_get(ROOT, 0, P(path), &found)
#define MKDIR(path) path_create_directory(ROOT, P(path))
#define RMDIR(path) path_remove_directory(ROOT, P(path))
#define UNLINK(path) path_unlink_file(ROOT, P(path))
#define SYMLINK(target, path) path_symlink(P(target), ROOT, P(path))
#define RENAME(from, to) path_rename(ROOT, P(from), ROOT, P(to))
#define LINK(from, to) path_link(ROOT, 0, P(from), ROOT, P(to))

static inline int write_text(int fd, const char *text) {
  buffers list = {text, strlen(text)};
  return fd_write(fd, &list, 1, &moved);
}

static inline int pwrite_text(int fd, const char *text, int64_t offset) {
  buffers list = {text, strlen(text)};
  return fd_pwrite(fd, &list, 1, offset, &moved);
}

static inline int read_bytes(int fd, uint32_t length) {
  buffers list = {content, length};
  return fd_read(fd, &list, 1, &moved);
}

static inline int pread_bytes(int fd, uint32_t length, int64_t offset) {
  buffers list = {content, length};
  return fd_pread(fd, &list, 1, offset, &moved);
}

static inline int seek(int fd, int64_t offset, int whence) { return fd_seek(fd, offset, whence, &position); }

// Makes a file that holds a text, or gives one another text; its descriptor is closed again.
static inline int make_file(const char *path, const char *text) {
  int fd;
  int error = path_open(ROOT, 0, path, strlen(path), CREAT | TRUNC, FD_WRITE, 0, 0, &fd);
  if (error == 0) error = write_text(fd, text);
  return error == 0 ? fd_close(fd) : error;
}

// Reads a file from its start; its descriptor is closed again.
static inline int read_file(const char *path) {
  int fd;
  moved = 0;
  int error = path_open(ROOT, FOLLOW, path, strlen(path), 0, FD_READ, 0, 0, &fd);
  if (error == 0) error = read_bytes(fd, sizeof content);
  return error == 0 ? fd_close(fd) : error;
}
