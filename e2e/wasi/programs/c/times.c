// When files were read, written and changed.

#include "files.h"

static uint64_t now(void) {
  uint64_t time;
  clock_time_get(REALTIME, 0, &time);
  return time;
}

// Waits until the clock has moved on, so that a change of time can be seen.
static void later(void) {
  for (uint64_t start = now(); now() == start;) {}
}

#define SET_TIMES(path, lookup, accessed, modified, flags) \
  path_filestat_set_times(ROOT, lookup, P(path), accessed, modified, flags)

static void set(void) {
  make_file("a", "text");
  works("both times are set", SET_TIMES("a", 0, 111, 222, ATIM | MTIM));
  STAT("a");
  is("the one of reading", found.accessed, 111);
  is("the one of writing", found.modified, 222);
  works("one can be set", SET_TIMES("a", 0, 333, 444, MTIM));
  STAT("a");
  is("it changes", found.modified, 444);
  is("the other does not", found.accessed, 111);
  works("none can be set", SET_TIMES("a", 0, 555, 555, 0));
  STAT("a");
  holds("which changes neither", found.accessed == 111 && found.modified == 444);
  uint64_t before = now();
  works("they can be set to now", SET_TIMES("a", 0, 0, 0, ATIM_NOW | MTIM_NOW));
  uint64_t after = now();
  STAT("a");
  holds("reading", found.accessed >= before && found.accessed <= after);
  holds("and writing", found.modified >= before && found.modified <= after);
  works("the largest number is a time", SET_TIMES("a", 0, UINT64_MAX, UINT64_MAX, ATIM | MTIM));
  STAT("a");
  holds("and comes back", found.accessed == UINT64_MAX && found.modified == UINT64_MAX);
  gives("not both a time of reading and now", SET_TIMES("a", 0, 1, 1, ATIM | ATIM_NOW), EINVAL);
  gives("not both a time of writing and now", SET_TIMES("a", 0, 1, 1, MTIM | MTIM_NOW), EINVAL);
  gives("no flag that does not exist", SET_TIMES("a", 0, 1, 1, 16), EINVAL);
  gives("no lookup flag that does not exist", SET_TIMES("a", 2, 1, 1, ATIM), EINVAL);
  STAT("a");
  holds("what is refused changes nothing", found.modified == UINT64_MAX);
  gives("what is missing has no times", SET_TIMES("missing", 0, 1, 1, ATIM), ENOENT);

  OPEN("a", 0, FILE_RIGHTS);
  works("a descriptor's are set", fd_filestat_set_times(opened, 11, 22, ATIM | MTIM));
  fd_filestat_get(opened, &found);
  holds("as a path's are", found.accessed == 11 && found.modified == 22);
  gives("with the same care", fd_filestat_set_times(opened, 1, 1, ATIM | ATIM_NOW), EINVAL);
  fd_close(opened);
  OPEN("a", 0, FD_READ | FD_WRITE);
  gives("which takes a right", fd_filestat_set_times(opened, 1, 1, ATIM), ENOTCAPABLE);
  fd_close(opened);
  works("a directory's are set", fd_filestat_set_times(ROOT, 33, 44, ATIM | MTIM));
  STAT(".");
  holds("in the same way", found.accessed == 33 && found.modified == 44);
  gives("streams have none to set", fd_filestat_set_times(1, 1, 1, ATIM), ENOTCAPABLE);

  SYMLINK("a", "l");
  works("a link's own are set", SET_TIMES("l", 0, 0, 55, MTIM));
  STAT("a");
  is("not its target's", found.modified, 22);
  works("or, followed, its target's", SET_TIMES("l", FOLLOW, 0, 66, MTIM));
  STAT("a");
  is("which change", found.modified, 66);
  STAT("l");
  is("and its own do not", found.modified, 55);
}

static void noted(void) {
  make_file("b", "text");
  SET_TIMES("b", 0, 1, 1, ATIM | MTIM);
  STAT("b");
  uint64_t changed = found.changed;
  later();
  read_file("b");
  STAT("b");
  holds("reading is noted", found.accessed > 1);
  is("and is no writing", found.modified, 1);
  OPEN("b", 0, FILE_RIGHTS);
  write_text(opened, "x");
  STAT("b");
  holds("writing is noted", found.modified > changed);
  holds("as a change, too", found.changed > changed);
  SET_TIMES("b", 0, 1, 1, MTIM);
  fd_filestat_set_size(opened, 1);
  STAT("b");
  holds("a new size is noted", found.modified > 1);
  fd_close(opened);

  MKDIR("d");
  SET_TIMES("d", 0, 1, 1, MTIM);
  make_file("d/f", "");
  STAT("d");
  holds("a new name is noted by its directory", found.modified > 1);
  SET_TIMES("d", 0, 1, 1, MTIM);
  RENAME("d/f", "d/g");
  STAT("d");
  holds("a changed one, too", found.modified > 1);
  SET_TIMES("d", 0, 1, 1, MTIM);
  UNLINK("d/g");
  STAT("d");
  holds("a lost one, too", found.modified > 1);
  STAT("b");
  changed = found.changed;
  later();
  LINK("b", "c");
  STAT("b");
  holds("a second name is a change of the file", found.changed > changed);
}

int main(void) {
  set();
  noted();
  return finish();
}
