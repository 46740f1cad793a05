// Regular files: opening, making, reading and writing them, and their size.

#include "files.h"

static void opening(void) {
  works("CREAT makes a file", OPEN("a", CREAT, FILE_RIGHTS));
  works("it has a state", fd_filestat_get(opened, &found));
  is("it is a regular file", found.type, REGULAR_FILE);
  is("it is empty", found.size, 0);
  is("it has one name", found.links, 1);
  holds("its inode has a number", found.inode != 0);
  works("it can be closed", fd_close(opened));
  works("CREAT opens a file that is there", OPEN("a", CREAT, FILE_RIGHTS));
  fd_close(opened);
  gives("CREAT with EXCL refuses a file that is there", OPEN("a", CREAT | EXCL, FILE_RIGHTS), EEXIST);
  works("EXCL alone means nothing", OPEN("a", EXCL, FILE_RIGHTS));
  fd_close(opened);
  gives("without CREAT nothing is made", OPEN("missing", 0, FILE_RIGHTS), ENOENT);
  gives("DIRECTORY refuses a file", OPEN("a", DIRECTORY, FD_READ), ENOTDIR);
  gives("CREAT with DIRECTORY is refused", OPEN("b", CREAT | DIRECTORY, FD_READ), EINVAL);
  gives("a directory can't be opened to write", OPEN(".", 0, FD_WRITE), EISDIR);
  gives("CREAT refuses a directory", OPEN(".", CREAT, FD_READ), EISDIR);
  gives("TRUNC refuses a directory", OPEN(".", TRUNC, FD_READ), EISDIR);
  gives("CREAT needs the directory", OPEN("missing/a", CREAT, FD_READ), ENOENT);
  gives("CREAT below a file is refused", OPEN("a/b", CREAT, FD_READ), ENOTDIR);
  gives("CREAT with a slash behind the name is refused", OPEN("b/", CREAT, FD_READ), EISDIR);
  gives("an open flag that does not exist is refused", OPEN("a", 16, FD_READ), EINVAL);
  gives("a descriptor flag that does not exist is refused",
        path_open(ROOT, 0, P("a"), 0, FD_READ, 0, 32, &opened), EINVAL);
  gives("a lookup flag that does not exist is refused",
        path_open(ROOT, 2, P("a"), 0, FD_READ, 0, 0, &opened), EINVAL);
  works("nothing was made by what was refused", UNLINK("a"));
  gives("and so there is nothing", STAT("b"), ENOENT);
}

static void reading_and_writing(void) {
  works("a file is made to write and read", OPEN("a", CREAT, FILE_RIGHTS));
  int file = opened;
  buffers three[] = {{"one ", 4}, {NULL, 0}, {"two three", 9}};
  works("several buffers are written at once", fd_write(file, three, 3, &moved));
  is("all of them", moved, 13);
  works("at the end there is nothing to read", read_bytes(file, 10));
  is("which is no error", moved, 0);
  seek(file, 0, SET);
  char first[3], second[20];
  buffers two[] = {{first, sizeof first}, {NULL, 0}, {second, sizeof second}};
  works("several buffers are read at once", fd_read(file, two, 3, &moved));
  is("as much as there is", moved, 13);
  is_text("the first is filled", first, 3, "one");
  is_text("the last gets the rest", second, 10, " two three");
  works("no buffers can be written", fd_write(file, NULL, 0, &moved));
  works("no buffers can be read", fd_read(file, NULL, 0, &moved));
  is("that moves nothing", moved, 0);
  static buffers many[1025];
  works("1,024 buffers are allowed", fd_write(file, many, 1024, &moved));
  gives("1,025 are too many", fd_write(file, many, 1025, &moved), EINVAL);
  fd_close(file);

  OPEN("a", 0, FD_READ);
  gives("a descriptor to read can't write", write_text(opened, "x"), EBADF);
  fd_close(opened);
  OPEN("a", 0, FD_WRITE);
  gives("a descriptor to write can't read", read_bytes(opened, 1), EBADF);
  fd_close(opened);
  works("TRUNC empties a file", OPEN("a", TRUNC, FD_READ));
  fd_filestat_get(opened, &found);
  is("to nothing", found.size, 0);
  fd_close(opened);
  gives("a directory can't be read", read_bytes(ROOT, 1), EISDIR);
  gives("a directory can't be written", write_text(ROOT, "x"), EISDIR);
}

static void appending(void) {
  make_file("log", "one ");
  works("a file is opened to append", path_open(ROOT, 0, P("log"), 0, FILE_RIGHTS, 0, APPEND, &opened));
  int file = opened;
  write_text(file, "two ");
  fd_tell(file, &position);
  is("a write goes to the end, and the position with it", position, 8);
  seek(file, 0, SET);
  write_text(file, "three");
  read_file("log");
  is_text("wherever the position was", content, moved, "one two three");
  pwrite_text(file, "ONE", 0);
  read_file("log");
  is_text("a write at an offset goes there all the same", content, moved, "ONE two three");
  works("APPEND can be taken back", fd_fdstat_set_flags(file, 0));
  seek(file, 4, SET);
  write_text(file, "TWO");
  read_file("log");
  is_text("then writes go to the position", content, moved, "ONE TWO three");
  fd_close(file);
}

static void at_an_offset(void) {
  make_file("a", "0123456789");
  OPEN("a", 0, FILE_RIGHTS);
  int file = opened;
  seek(file, 3, SET);
  works("bytes are read at an offset", pread_bytes(file, 4, 5));
  is_text("the right ones", content, moved, "5678");
  works("bytes are written at an offset", pwrite_text(file, "xy", 8));
  fd_tell(file, &position);
  is("neither moves the position", position, 3);
  works("beyond the end there is nothing to read", pread_bytes(file, 4, 1 << 20));
  is("which is no error either", moved, 0);
  works("what is written beyond the end leaves a gap", pwrite_text(file, "end", 12));
  pread_bytes(file, sizeof content, 8);
  holds("of zeros", moved == 7 && memcmp(content, "xy\0\0end", 7) == 0);
  gives("a negative offset is refused in reading", pread_bytes(file, 1, -1), EINVAL);
  gives("and in writing", pwrite_text(file, "x", INT64_MIN), EINVAL);
  fd_close(file);
  gives("streams have no offsets to read at", pread_bytes(0, 1, 0), ESPIPE);
  gives("or to write at", pwrite_text(1, "x", 0), ESPIPE);
  gives("nor do directories", pread_bytes(ROOT, 1, 0), EISDIR);
  OPEN("a", 0, FD_READ | FD_WRITE);
  gives("to read at an offset takes the right to seek", pread_bytes(opened, 1, 0), ENOTCAPABLE);
  fd_close(opened);
}

static void size(void) {
  make_file("a", "0123456789");
  OPEN("a", 0, FILE_RIGHTS);
  int file = opened;
  works("a file can be made shorter", fd_filestat_set_size(file, 4));
  works("and longer", fd_filestat_set_size(file, 8));
  pread_bytes(file, sizeof content, 0);
  holds("by zeros, not by what was there", moved == 8 && memcmp(content, "0123\0\0\0\0", 8) == 0);
  gives("a negative size is refused", fd_filestat_set_size(file, -1), EINVAL);
  gives("directories have none to set", fd_filestat_set_size(ROOT, 0), EISDIR);
  gives("nor do streams", fd_filestat_set_size(1, 0), ESPIPE);

  works("room can be made beyond the end", fd_allocate(file, 10, 10));
  fd_filestat_get(file, &found);
  is("which makes the file longer", found.size, 20);
  works("and within it", fd_allocate(file, 0, 5));
  fd_filestat_get(file, &found);
  is("which changes nothing", found.size, 20);
  gives("no room is refused", fd_allocate(file, 0, 0), EINVAL);
  gives("negative room is refused", fd_allocate(file, 0, -1), EINVAL);
  gives("room before the start is refused", fd_allocate(file, -1, 1), EINVAL);
  gives("more room than numbers go is refused", fd_allocate(file, INT64_MAX, INT64_MAX), EFBIG);
  gives("streams have no room to make", fd_allocate(1, 0, 1), ESPIPE);
  gives("nor have directories", fd_allocate(ROOT, 0, 1), EISDIR);
  fd_close(file);

  OPEN("a", 0, FD_READ);
  gives("setting the size takes a right", fd_filestat_set_size(opened, 1), ENOTCAPABLE);
  gives("making room takes a right", fd_allocate(opened, 0, 1), ENOTCAPABLE);
  gives("advice takes a right", fd_advise(opened, 0, 1, 0), ENOTCAPABLE);
  gives("sync takes a right", fd_sync(opened), ENOTCAPABLE);
  gives("datasync takes a right", fd_datasync(opened), ENOTCAPABLE);
  fd_close(opened);
}

static void safe_and_advised(void) {
  OPEN("a", CREAT, FILE_RIGHTS);
  works("a file can be synced", fd_sync(opened));
  works("and its data", fd_datasync(opened));
  works("and a directory", fd_sync(ROOT));
  works("and a directory's data", fd_datasync(ROOT));
  gives("streams can't be", fd_sync(1), EINVAL);
  gives("nor their data", fd_datasync(0), EINVAL);
  int taken = 0;
  for (int advice = 0; advice < 6; advice++) taken += fd_advise(opened, 0, 10, advice) == 0;
  is("six pieces of advice are taken", taken, 6);
  gives("a seventh does not exist", fd_advise(opened, 0, 10, 6), EINVAL);
  gives("advice before the start is refused", fd_advise(opened, -1, 10, 0), EINVAL);
  gives("advice on a negative length is refused", fd_advise(opened, 0, -1, 0), EINVAL);
  gives("advice on a stream is refused", fd_advise(0, 0, 1, 0), ESPIPE);
  gives("advice on a directory is refused", fd_advise(ROOT, 0, 1, 0), EISDIR);
  fd_close(opened);
}

static void unlinked(void) {
  make_file("a", "still here");
  OPEN("a", 0, FILE_RIGHTS);
  int file = opened;
  works("an open file can be unlinked", UNLINK("a"));
  gives("its name is gone", STAT("a"), ENOENT);
  fd_filestat_get(file, &found);
  is("it has no name left", found.links, 0);
  pread_bytes(file, sizeof content, 0);
  is_text("and is read as before", content, moved, "still here");
  works("and written", pwrite_text(file, "STILL", 0));
  make_file("a", "another");
  pread_bytes(file, sizeof content, 0);
  is_text("a new file of its name is another one", content, moved, "STILL here");
  fd_close(file);
  read_file("a");
  is_text("also when the old one is closed", content, moved, "another");
  gives("a closed descriptor is none", read_bytes(file, 1), EBADF);
}

int main(void) {
  opening();
  reading_and_writing();
  appending();
  at_an_offset();
  size();
  safe_and_advised();
  unlinked();
  return finish();
}
