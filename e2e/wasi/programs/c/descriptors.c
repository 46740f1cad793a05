// Descriptors themselves: their state, their numbers, and what every call says of one that is closed.

#include "files.h"

static void preopens(void) {
  prestat preopen;
  works("the root is open from the start", fd_prestat_get(ROOT, &preopen));
  is("as a directory", preopen.kind, 0);
  is("with a name of one byte", preopen.length, 1);
  char name[4] = "####";
  works("which is given", fd_prestat_dir_name(ROOT, name, 1));
  is_text("and touches no more", name, 4, "/###");
  works("more room is fine", fd_prestat_dir_name(ROOT, name, 4));
  gives("less is not", fd_prestat_dir_name(ROOT, name, 0), ENAMETOOLONG);
  gives("a stream is no such directory", fd_prestat_get(0, &preopen), EBADF);
  gives("and has no name", fd_prestat_dir_name(0, name, 4), EBADF);
  OPEN_DIRECTORY(".");
  gives("nor is a directory that was opened", fd_prestat_get(opened, &preopen), EBADF);
  fd_close(opened);
  gives("nothing else is open from the start", fd_prestat_get(ROOT + 1, &preopen), EBADF);
}

static void states(void) {
  works("a directory has a state", fd_fdstat_get(ROOT, &state));
  is("with its type", state.type, DIRECTORY_TYPE);
  is("and no flags", state.flags, 0);
  path_open(ROOT, 0, P("a"), CREAT, FILE_RIGHTS, 0, APPEND | NONBLOCK, &opened);
  works("a file has a state", fd_fdstat_get(opened, &state));
  is("with its type, too", state.type, REGULAR_FILE);
  is("and the flags it was opened with", state.flags, APPEND | NONBLOCK);
  works("they can be set to others", fd_fdstat_set_flags(opened, DSYNC | RSYNC | SYNC));
  fd_fdstat_get(opened, &state);
  is("all of them", state.flags, DSYNC | RSYNC | SYNC);
  gives("a flag that does not exist is refused", fd_fdstat_set_flags(opened, 32), EINVAL);
  fd_fdstat_get(opened, &state);
  is("and changes nothing", state.flags, DSYNC | RSYNC | SYNC);
  fd_close(opened);
  OPEN("a", 0, FD_READ);
  gives("setting flags takes a right", fd_fdstat_set_flags(opened, 0), ENOTCAPABLE);
  fd_close(opened);
  filestat other;
  STAT(".");
  path_filestat_get(ROOT, 0, P("a"), &other);
  is("files of one tree are on one device", other.device, found.device);
  holds("with different numbers", other.inode != found.inode);
}

static void numbers(void) {
  make_file("one", "one");
  make_file("two", "two");
  OPEN("one", 0, FILE_RIGHTS);
  int one = opened;
  OPEN("two", 0, FILE_RIGHTS);
  int two = opened;
  holds("two that are open have different numbers", one != two && one > ROOT && two > ROOT);
  seek(one, 1, SET);
  works("one takes the other's number", fd_renumber(one, two));
  read_bytes(two, 10);
  is_text("with its position", content, moved, "ne");
  gives("its own is free", read_bytes(one, 1), EBADF);
  gives("a free number can't be taken so", fd_renumber(two, one), EBADF);
  gives("nor given", fd_renumber(one, two), EBADF);
  works("to its own number it may go", fd_renumber(two, two));
  works("and stays open", fd_tell(two, &position));
  OPEN("one", 0, FILE_RIGHTS);
  works("numbers are used again", fd_close(opened));
  gives("but not closed twice", fd_close(opened), EBADF);
  OPEN_DIRECTORY(".");
  works("a directory can take a file's number", fd_renumber(opened, two));
  works("and be closed there", fd_close(two));
  UNLINK("one");
  UNLINK("two");
}

// What every call that takes a descriptor says of one that is not open.
static void closed(int fd, const char *which) {
  uint32_t n;
  buffers list = {content, 1};
  char poll[48] = {0};
  const int found[] = {
    fd_advise(fd, 0, 1, 0), fd_allocate(fd, 0, 1), fd_close(fd), fd_datasync(fd),
    fd_fdstat_get(fd, content), fd_fdstat_set_flags(fd, 0), fd_fdstat_set_rights(fd, 0, 0),
    fd_filestat_get(fd, content), fd_filestat_set_size(fd, 0), fd_filestat_set_times(fd, 0, 0, 0),
    fd_pread(fd, &list, 1, 0, &n), fd_prestat_get(fd, content), fd_prestat_dir_name(fd, content, 1),
    fd_pwrite(fd, &list, 1, 0, &n), fd_read(fd, &list, 1, &n), fd_readdir(fd, content, 100, 0, &n),
    fd_renumber(fd, ROOT), fd_renumber(ROOT, fd), fd_seek(fd, 0, SET, content), fd_sync(fd),
    fd_tell(fd, content), fd_write(fd, &list, 1, &n), path_create_directory(fd, P("x")),
    path_filestat_get(fd, 0, P("x"), content), path_filestat_set_times(fd, 0, P("x"), 0, 0, 0),
    path_link(fd, 0, P("x"), ROOT, P("y")), path_link(ROOT, 0, P("a"), fd, P("y")),
    path_open(fd, 0, P("x"), 0, 0, 0, 0, &n), path_readlink(fd, P("x"), content, 1, &n),
    path_remove_directory(fd, P("x")), path_rename(fd, P("x"), ROOT, P("y")),
    path_rename(ROOT, P("a"), fd, P("y")), path_symlink(P("x"), fd, P("y")),
    path_unlink_file(fd, P("x")), sock_accept(fd, 0, &n), sock_recv(fd, &list, 1, 0, &n, content),
    sock_send(fd, &list, 1, 0, &n), sock_shutdown(fd, 1),
  };
  int refused = 0, calls = sizeof found / sizeof *found;
  for (int call = 0; call < calls; call++) refused += found[call] == EBADF;
  is(which, refused, calls);
  // A poll says it of the one subscription.
  poll[8] = 1;
  memcpy(poll + 16, &fd, sizeof fd);
  int error = poll_oneoff(poll, content, 1, &n);
  gives("a poll of it is done at once", error == 0 && n == 1 ? content[8] : -1, EBADF);
}

int main(void) {
  preopens();
  states();
  numbers();
  closed(99, "every call refuses a number that is not open");
  closed(-1, "every call refuses -1");
  closed(INT32_MIN, "every call refuses the largest number");
  works("the root can be closed", fd_close(ROOT));
  gives("then no path leads anywhere", STAT("a"), EBADF);
  closed(ROOT, "every call refuses the root, closed");
  return finish();
}
