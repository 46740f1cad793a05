// What there is not without end. Run with limits of 1,048,576 bytes and 500 inodes.

#include "files.h"

static char block[65536];

static int fill(int fd, int64_t size) {
  int error = 0;
  for (int64_t at = 0; at < size && error == 0; at += moved) {
    buffers list = {block, size - at < (int64_t)sizeof block ? size - at : sizeof block};
    error = fd_pwrite(fd, &list, 1, at, &moved);
  }
  return error;
}

static void descriptors(void) {
  make_file("a", "");
  int error = 0, count = 0, last = 0;
  static int all[2000];
  while (count < 2000 && (error = OPEN("a", 0, FD_READ)) == 0) all[count++] = last = opened;
  gives("descriptors come to an end", error, EMFILE);
  is("at 1,024, the streams and the root counted", count + 4, 1024);
  gives("then no directory is opened, either", OPEN_DIRECTORY("."), EMFILE);
  gives("and no file is made", OPEN("new", CREAT, FD_READ), EMFILE);
  gives("not even its name", STAT("new"), ENOENT);
  works("one that is closed", fd_close(last));
  works("makes room for another", OPEN("a", 0, FD_READ));
  gives("and for no more", OPEN("a", 0, FD_READ), EMFILE);
  while (count > 0) fd_close(all[--count]);
}

static void bytes(void) {
  enum { ALL = 1 << 20 };
  OPEN("a", 0, FILE_RIGHTS);
  int file = opened;
  works("a file may fill all the room there is", fill(file, ALL));
  gives("and not more than there ever is", pwrite_text(file, "x", ALL), EFBIG);
  gives("nor may another one have any", make_file("b", "x"), ENOSPC);
  STAT("b");
  is("which stays as it was", found.size, 0);
  gives("nor a link's target", SYMLINK("a", "l"), ENOSPC);
  works("what is there can be written over", pwrite_text(file, "x", 0));
  works("a file that is cut off", fd_filestat_set_size(file, ALL - 3));
  works("leaves room", make_file("b", "xyz"));
  gives("just as much", make_file("c", "x"), ENOSPC);
  OPEN("b", 0, FILE_RIGHTS);
  int other = opened;
  fd_filestat_set_size(other, 2);
  works("a link takes as much as its target is long", SYMLINK("x", "l"));
  gives("so that a file may not have it", pwrite_text(other, "xyz", 0), ENOSPC);
  works("until it is unlinked", UNLINK("l"));
  works("and gives it back", pwrite_text(other, "xyz", 0));
  gives("a write that does not fit is not done by half", pwrite_text(other, "123456", 0), ENOSPC);
  pread_bytes(other, 10, 0);
  is_text("but not at all", content, moved, "xyz");
  gives("room is not made where there is none", fd_allocate(other, 0, 100), ENOSPC);
  gives("nor a file made longer", fd_filestat_set_size(other, 4), ENOSPC);
  works("a file that is unlinked", UNLINK("a"));
  gives("and still open keeps its room", pwrite_text(other, "xyz!", 0), ENOSPC);
  works("until it is closed", fd_close(file));
  works("then there is room again", pwrite_text(other, "xyz!", 0));

  const int64_t huge = 1ll << 40;
  gives("a size of 2^40 is too large", fd_filestat_set_size(other, huge), EFBIG);
  gives("so is such room", fd_allocate(other, huge, 1), EFBIG);
  gives("so is what such an offset would make", pwrite_text(other, "x", huge), EFBIG);
  works("a position there is one", seek(other, huge, SET));
  is("as it was asked for", position, huge);
  gives("but nothing is written there", write_text(other, "x"), EFBIG);
  gives("the largest size is too large", fd_filestat_set_size(other, INT64_MAX), EFBIG);
  fd_filestat_get(other, &found);
  is("none of which changed the file", found.size, 4);
  fd_close(other);
  UNLINK("b");
  UNLINK("c");
}

static void inodes(void) {
  char name[] = "d/00000";
  MKDIR("d");
  make_file("f", "");
  int count = 2, error = 0;
  // Of each kind one in turn: they all count.
  for (; error == 0 && count < 2000; count += error == 0) {
    snprintf(name, sizeof name, "d/%05d", count);
    if (count % 4 == 0) error = path_create_directory(ROOT, name, 7);
    if (count % 4 == 1) error = make_file(name, "");
    if (count % 4 == 2) error = path_symlink(P("x"), ROOT, name, 7);
    if (count % 4 == 3) error = path_link(ROOT, 0, P("f"), ROOT, name, 7);
  }
  gives("names come to an end", error, ENOSPC);
  is("at 500", count, 500);
  works("one that is unlinked", UNLINK("f"));
  works("makes room for a name", MKDIR("e"));
  gives("and for no more", MKDIR("g"), ENOSPC);
  works("moving takes no room", RENAME("e", "h"));
}

int main(void) {
  descriptors();
  bytes();
  inodes();
  return finish();
}
