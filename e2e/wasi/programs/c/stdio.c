// Arguments, environment, and the three streams. Run with the arguments "stdio", "", "two words" and
// "ü🙂"; with the variables A="text", B="1=2" and C=""; and with "line one\nline two" to read.

#include "files.h"

static char *pointers[16];
static char strings[1024];
static uint32_t count, bytes;

static void arguments(void) {
  works("arguments have sizes", args_sizes_get(&count, &bytes));
  is("there are four", count, 4);
  is("with their NULs they have so many bytes", bytes, 6 + 1 + 10 + 7);
  memset(strings, '#', sizeof strings);
  works("they are given", args_get(pointers, strings));
  is_text("the program's name first", pointers[0], strlen(pointers[0]), "stdio");
  is_text("one that is empty", pointers[1], strlen(pointers[1]), "");
  is_text("one with a space", pointers[2], strlen(pointers[2]), "two words");
  is_text("one that is not ASCII", pointers[3], strlen(pointers[3]), "\xc3\xbc\xf0\x9f\x99\x82");
  is("and no more is touched", strings[bytes], '#');

  works("variables have sizes", environ_sizes_get(&count, &bytes));
  is("there are three", count, 3);
  works("they are given, too", environ_get(pointers, strings));
  is_text("a plain one", pointers[0], strlen(pointers[0]), "A=text");
  is_text("one with an equals sign", pointers[1], strlen(pointers[1]), "B=1=2");
  is_text("one that is empty, too", pointers[2], strlen(pointers[2]), "C=");
}

static void input(void) {
  fd_fdstat_get(0, &state);
  is("stdin is a character device", state.type, CHARACTER_DEVICE);
  holds("it can be read and not written", (state.rights & FD_READ) && !(state.rights & FD_WRITE));
  holds("it can't be sought, and so is a terminal to libc", !(state.rights & (FD_SEEK | FD_TELL)));
  works("it has a state", fd_filestat_get(0, &found));
  is("as a character device", found.type, CHARACTER_DEVICE);
  works("no bytes can be read from it", read_bytes(0, 0));
  works("some can", read_bytes(0, 5));
  is_text("the first ones", content, moved, "line ");
  buffers two[] = {{content, 4}, {content + 100, 100}};
  works("they go to several buffers", fd_read(0, two, 2, &moved));
  is("all that is there", moved, 12);
  is_text("in order", content, 4, "one\n");
  is_text("one after the other", content + 100, 8, "line two");
  works("at its end nothing is read", read_bytes(0, 10));
  is("which is no error", moved, 0);
  works("again and again", read_bytes(0, 10));
  gives("it can't be written", write_text(0, "x"), EBADF);
  gives("it is no directory", path_open(0, 0, P("a"), 0, 0, 0, 0, &opened), ENOTDIR);
}

static void output(void) {
  for (int fd = 1; fd <= 2; fd++) {
    fd_fdstat_get(fd, &state);
    is(fd == 1 ? "stdout is a character device" : "stderr is a character device", state.type, CHARACTER_DEVICE);
    holds("that can be written and not read", (state.rights & FD_WRITE) && !(state.rights & FD_READ));
    gives("it can't be read", read_bytes(fd, 1), EBADF);
    works("no bytes can be written to it", write_text(fd, ""));
  }
  buffers three[] = {{"writ", 4}, {NULL, 0}, {"ten\n", 4}};
  works("several buffers are written to stderr", fd_write(2, three, 3, &moved));
  is("all of them", moved, 8);
  works("its flags can be set", fd_fdstat_set_flags(2, NONBLOCK));
  fd_fdstat_get(2, &state);
  is("and are told", state.flags, NONBLOCK);
}

static void moved_and_closed(void) {
  OPEN("a", CREAT, FILE_RIGHTS);
  int file = opened;
  works("stderr can be moved", fd_renumber(2, file));
  works("and written where it is", write_text(file, "moved\n"));
  gives("and not where it was", write_text(2, "lost\n"), EBADF);
  works("it can be closed", fd_close(file));
  gives("and not written any more", write_text(file, "lost\n"), EBADF);
  works("stdin can be closed", fd_close(0));
  gives("and not read any more", read_bytes(0, 1), EBADF);
}

int main(void) {
  arguments();
  input();
  output();
  moved_and_closed();
  return finish();
}
