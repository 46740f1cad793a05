// Where the next read or write starts.

#include "files.h"

int main(void) {
  make_file("a", "0123456789");
  OPEN("a", 0, FILE_RIGHTS);
  int file = opened;
  works("a new descriptor has a position", fd_tell(file, &position));
  is("the start", position, 0);
  works("it can be set from the start", seek(file, 4, SET));
  is("and is told", position, 4);
  works("from where it is", seek(file, -3, CUR));
  is("backward, too", position, 1);
  works("from the end", seek(file, -2, END));
  is("which counts back", position, 8);
  read_bytes(file, 1);
  fd_tell(file, &position);
  is("a read moves it on", position, 9);
  write_text(file, "xyz");
  fd_tell(file, &position);
  is("a write moves it on", position, 12);
  gives("it can't be before the start", seek(file, -13, CUR), EINVAL);
  gives("from wherever that is said", seek(file, -1, SET), EINVAL);
  gives("from the end, too", seek(file, INT64_MIN, END), EINVAL);
  gives("nor beyond all numbers", seek(file, INT64_MAX, CUR), EINVAL);
  gives("a start that does not exist is refused", seek(file, 0, 3), EINVAL);
  fd_tell(file, &position);
  is("what is refused moves nothing", position, 12);

  works("it can be beyond the end", seek(file, 1000, SET));
  works("where nothing is read", read_bytes(file, 10));
  is("without an error", moved, 0);
  fd_filestat_get(file, &found);
  is("and the file is as long as before", found.size, 12);
  works("a write there makes it longer", write_text(file, "!"));
  fd_filestat_get(file, &found);
  is("with a gap", found.size, 1001);

  int first = file;
  OPEN("a", 0, FILE_RIGHTS);
  fd_tell(opened, &position);
  is("each descriptor has a position of its own", position, 0);
  fd_close(opened);
  works("cutting the file off leaves the position", fd_filestat_set_size(first, 1));
  fd_tell(first, &position);
  is("where it was", position, 1001);
  fd_close(first);

  OPEN("a", 0, FD_READ | FD_TELL);
  works("with the right to tell, telling works", fd_tell(opened, &position));
  works("and asking seek where it is", seek(opened, 0, CUR));
  gives("but no seeking", seek(opened, 1, CUR), ENOTCAPABLE);
  fd_close(opened);
  OPEN("a", 0, FD_READ);
  gives("without it, telling is refused", fd_tell(opened, &position), ENOTCAPABLE);
  fd_close(opened);
  gives("streams have no position to set", seek(1, 0, SET), ESPIPE);
  gives("or to tell", fd_tell(0, &position), ESPIPE);
  gives("directories have none to set", seek(ROOT, 0, SET), EISDIR);
  gives("or to tell, either", fd_tell(ROOT, &position), EISDIR);
  return finish();
}
